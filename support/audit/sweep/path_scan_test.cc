#include "support/audit/sweep/path_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

TEST(PathScanTest, TellsFileLineAndRule) {
  const TemporaryFolder folder("path-scan");
  MakeFolder(folder.path() / "sub");
  MakeFolder(folder.path() / ".git");
  WriteFileAtomically(folder.path() / "sub/app.env", "MODE=fast\nDB_PASSWORD=sun4flower\n");
  WriteFileAtomically(folder.path() / "a.txt", "nothing here\n");
  WriteFileAtomically(folder.path() / ".git/config", "password = sun4flower\n");
  WriteFileAtomically(folder.path() / "program", std::string("\0password=sun4flower", 20));

  const PathScan scan = ScanPaths({folder.path()}, SecretDetector(Fingerprinter("salt")));

  ASSERT_THAT(scan.detections, SizeIs(1));
  EXPECT_EQ(scan.files, 2);
  const std::string text = PathScanText(scan);
  EXPECT_THAT(text, HasSubstr("sub/app.env:2 password-assignment, 10 bytes, fingerprint "));
  EXPECT_THAT(text, HasSubstr("2 files, 1 secret\n"));
  EXPECT_THAT(text, Not(HasSubstr("sun4flower")));
  const nlohmann::json json = ToJson(scan);
  EXPECT_EQ(json.at("secrets").at(0).at("line"), 2);
  EXPECT_EQ(json.at("secrets").at(0).at("rule"), "password-assignment");
  EXPECT_THAT(json.dump(), Not(HasSubstr("sun4flower")));
}

TEST(PathScanTest, AMissingPathIsAnError) {
  EXPECT_THROW(ScanPaths({"/nowhere/at/all"}, SecretDetector()), UsageError);
}

}  // namespace
}  // namespace proving_ground
