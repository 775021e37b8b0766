// The audit of the stack that this project ships, as declared: nothing critical, nothing high.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>

#include "support/audit/audit.h"
#include "support/base/errors.h"
#include "support/compose/compose.h"

namespace proving_ground::audit {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only

TEST(ReferenceStackTest, DeclaresNothingCriticalOrHigh) {
  const std::filesystem::path folder = REFERENCE_STACK;
  const std::vector<std::filesystem::path> files = {folder / "compose.yaml",
                                                    folder / "compose.acceptance.yaml"};
  AuditInput input;
  try {
    input.model = Compose({.files = files, .project = "proving-ground"}).Config(Within(30s));
  } catch (const EnvironmentError& error) {
    GTEST_SKIP() << error.what();
  }
  input.contract = ParseContract(input.model, {});
  input.compose_files = ReadComposeFiles(files);
  for (ComposeText& file : input.compose_files) {
    file.name = std::filesystem::path(file.name).lexically_relative(folder.parent_path()).string();
  }
  input.folder = folder;
  input.redis_files = ReadRedisFiles(input.model);

  const AuditResult result = Audit(input);

  for (const Finding& finding : result.findings) {
    EXPECT_LT(finding.severity, Severity::kHigh)
        << finding.rule << " " << PlaceText(finding.place) << ": " << finding.evidence;
    EXPECT_GT(finding.place.line, 0) << finding.rule << " " << PlaceText(finding.place);
    std::cout << SeverityName(finding.severity) << " " << finding.rule << " "
              << PlaceText(finding.place) << ": " << finding.evidence << "\n";
  }
  // Rules about the configuration of Redis were evaluated, unless its secrets were not made yet.
  EXPECT_THAT(input.redis_files, ::testing::Contains(::testing::Key("/etc/redis/redis.conf")));
}

}  // namespace
}  // namespace proving_ground::audit
