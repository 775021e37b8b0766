// What the collector sees of real containers, one as open and one as closed as they get.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/audit/audit.h"
#include "support/audit/collect.h"
#include "support/base/errors.h"
#include "support/engine/testing/sleeper_image.h"

namespace proving_ground::audit {
namespace {

using ::testing::Contains;
using ::testing::IsSupersetOf;

class CollectLiveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoEngine(); !why.empty()) GTEST_SKIP() << why;
    engine_.emplace(Engine::Connect());
    image_.emplace();
    project_ = UniqueTestName("audit");
  }
  void TearDown() override {
    for (const std::string& id : ids_) Docker({"rm", "-f", id});
  }
  std::string Start(const std::string& service, std::vector<std::string> options) {
    std::vector<std::string> arguments = {"run", "-d", "--network=none",
                                          "--label=com.docker.compose.project=" + project_,
                                          "--label=com.docker.compose.service=" + service};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(image_->name());
    return ids_.emplace_back(Docker(arguments));
  }
  AuditInput Inspected() {
    AuditInput input;
    input.model = nlohmann::json::parse(R"({"services": {"weak": {}, "good": {}}})");
    input.contract.project = project_;
    EngineSource source(*engine_);
    Inspect(source, input);
    return input;
  }

  std::optional<Engine> engine_;
  std::optional<SleeperImage> image_;
  std::string project_;
  std::vector<std::string> ids_;
};

std::vector<std::string> LiveRulesOf(const AuditInput& input, const std::string& service) {
  std::vector<std::string> rules;
  for (const Finding& finding : Audit(input).findings) {
    if (finding.place.service == service) rules.push_back(finding.rule);
  }
  return rules;
}

TEST_F(CollectLiveTest, SeesWhatTheKernelEnforces) {
  const std::string weak = Start(
      "weak", {"--security-opt=seccomp=unconfined", "--user=0:0", "--pid=host", "--uts=host"});
  const std::string good =
      Start("good", {"--user=10001:10001", "--cap-drop=ALL", "--security-opt=no-new-privileges",
                     "--read-only", "--memory=32m", "--cpus=0.5", "--pids-limit=16"});
  AuditInput input = Inspected();
  ASSERT_EQ(input.inspected->containers.size(), 2u);

  const LiveSource source = CollectLive(*engine_, input);

  if (source == LiveSource::kNone) GTEST_SKIP() << input.unavailable.at(0).reason;
  const LiveTruth& open = input.live.at(weak);
  ASSERT_TRUE(open.status && input.live.at(good).status);
  EXPECT_NE(open.status->effective_capabilities, 0u);
  EXPECT_EQ(open.status->seccomp_mode, 0);
  EXPECT_EQ(open.namespaces.at("pid"), input.host_namespaces.at("pid"));
  EXPECT_FALSE(open.limits.memory.value) << "none in force";

  const LiveTruth& closed = input.live.at(good);
  EXPECT_EQ(closed.status->effective_uid, 10001u);
  EXPECT_EQ(closed.status->bounding_capabilities, 0u);
  EXPECT_TRUE(closed.status->no_new_privileges);
  EXPECT_EQ(closed.status->seccomp_mode, 2);
  EXPECT_NE(closed.namespaces.at("pid"), input.host_namespaces.at("pid"));
  EXPECT_EQ(closed.limits.memory.value, 32.0 * 1024 * 1024);
  EXPECT_EQ(closed.limits.cpus.value, 0.5);
  EXPECT_EQ(closed.limits.pids.value, 16.0);
  EXPECT_TRUE(closed.mounts && closed.listening);

  EXPECT_THAT(LiveRulesOf(input, "weak"), IsSupersetOf({"ISO-03", "ISO-05", "ISO-09", "PRV-05"}));
}

// A limit that is changed behind the declaration's back is found.
TEST_F(CollectLiveTest, SeesALimitThatIsNotTheDeclaredOne) {
  Start("good", {"--memory=64m"});
  AuditInput input = Inspected();
  input.model = nlohmann::json::parse(
      R"({"services": {"good": {"deploy": {"resources": {"limits": {"memory": "33554432"}}}}}})");

  if (CollectLive(*engine_, input) == LiveSource::kNone) {
    GTEST_SKIP() << input.unavailable.at(0).reason;
  }
  EXPECT_THAT(LiveRulesOf(input, "good"), Contains("RES-09"));
}

TEST_F(CollectLiveTest, HelperSeesTheSame) {
  const std::string id = Start("good", {"--cap-drop=ALL", "--memory=32m", "--pids-limit=16"});
  AuditInput here = Inspected();
  if (!ReadLiveHere("/proc", here)) GTEST_SKIP() << "this machine is not the engine's";
  AuditInput there = Inspected();
  try {
    ReadLiveInHelper(*engine_, there);
  } catch (const EnvironmentError& error) {
    GTEST_SKIP() << error.what();
  }
  const LiveTruth& one = here.live.at(id);
  const LiveTruth& other = there.live.at(id);
  EXPECT_EQ(one.status->effective_capabilities, other.status->effective_capabilities);
  EXPECT_EQ(one.namespaces, other.namespaces);
  EXPECT_EQ(one.limits.memory.value, other.limits.memory.value);
  EXPECT_EQ(one.limits.pids.value, other.limits.pids.value);
  EXPECT_EQ(one.mounts->size(), other.mounts->size());
  EXPECT_EQ(here.host_namespaces, there.host_namespaces);
}

}  // namespace
}  // namespace proving_ground::audit
