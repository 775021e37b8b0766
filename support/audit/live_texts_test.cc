#include "support/audit/live_texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/audit/collect.h"
#include "support/base/files.h"

namespace proving_ground::audit {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;

constexpr const char* kId = "3f2a9c0d4e5b";

// A proc file system of one process, 42, and process 1.
class LiveTextsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Write("42/cgroup", std::string("5:memory:/docker/") + kId + "\n0::/docker/" + kId + "\n");
    Write("42/status", "Name:\tx\n");
    Write("42/net/tcp", "header\n");
    Namespace("42", "pid", "pid:[77]");
    Namespace("1", "pid", "pid:[11]");
  }
  void Write(const std::string& file, const std::string& text) {
    fs::create_directories((proc() / file).parent_path());
    std::ofstream(proc() / file) << text;
  }
  void Namespace(const std::string& process, const std::string& name, const std::string& link) {
    fs::create_directories(proc() / process / "ns");
    fs::create_symlink(link, proc() / process / "ns" / name);
  }
  AuditInput Input() const {
    AuditInput input;
    input.inspected.emplace();
    input.inspected->containers.push_back(nlohmann::json::parse(
        std::string(R"({"Id": ")") + kId + R"(", "State": {"Running": true, "Pid": 42}})"));
    return input;
  }
  const fs::path& proc() const { return folder_.path(); }

  TemporaryFolder folder_{"proc"};
};

TEST_F(LiveTextsTest, HostIsProcessOneOrWhoStartedTheContainer) {
  Write("42/status", "Name:\tx\nPPid:\t30\n");
  Namespace("30", "pid", "pid:[12]");
  EXPECT_EQ(ReadHostNamespaces(proc(), {kId, 42}).at("ns/pid"), "pid:[11]");
  fs::remove_all(proc() / "1");
  EXPECT_EQ(ReadHostNamespaces(proc(), {kId, 42}).at("ns/pid"), "pid:[12]");
  EXPECT_THAT(ReadHostNamespaces(proc(), {"another", 42}), IsEmpty());
}

TEST_F(LiveTextsTest, ReadsTheContainersOwnProcess) {
  const LiveReading reading = ReadLiveTexts(proc(), {kId, 42});
  EXPECT_EQ(reading.refused, "");
  EXPECT_EQ(reading.texts.at("status"), "Name:\tx\n");
  EXPECT_EQ(reading.texts.at("ns/pid"), "pid:[77]");
  EXPECT_THAT(reading.texts, Contains(Key("tcp")));
  EXPECT_THAT(reading.texts, Not(Contains(Key("mountinfo")))) << "there is none";
}

TEST_F(LiveTextsTest, RefusesAnotherProcess) {
  EXPECT_NE(ReadLiveTexts(proc(), {"0000000000ff", 42}).refused, "");
  EXPECT_NE(ReadLiveTexts(proc(), {kId, 43}).refused, "");
  EXPECT_NE(ReadLiveTexts(proc(), {kId, 0}).refused, "");
  EXPECT_NE(ReadLiveTexts(proc(), {"", 42}).refused, "");
  EXPECT_THAT(ReadLiveTexts(proc(), {"0000000000ff", 42}).texts, IsEmpty());
}

TEST_F(LiveTextsTest, BelievesNoLimitThatIsNoCgroupFile) {
  Write("42/root/sys/fs/cgroup/memory/memory.limit_in_bytes", "1\n");
  Write("42/root/sys/fs/cgroup/memory.max", "1\n");
  EXPECT_THAT(ReadLiveTexts(proc(), {kId, 42}).texts,
              Not(Contains(Key(::testing::StartsWith("memory")))));
}

TEST_F(LiveTextsTest, ThisMachineIsTheEnginesWhenItsPidsAreTheContainers) {
  AuditInput input = Input();
  EXPECT_TRUE(ReadLiveHere(proc(), input));
  EXPECT_THAT(input.live, Contains(Key(kId)));
  EXPECT_EQ(input.host_namespaces.at("pid"), 11u);

  Write("42/cgroup", "0::/user.slice\n");  // what has that number here
  AuditInput other = Input();
  EXPECT_FALSE(ReadLiveHere(proc(), other));
  EXPECT_THAT(other.live, IsEmpty());
  EXPECT_THAT(other.host_namespaces, IsEmpty());
}

TEST_F(LiveTextsTest, WithoutPermissionAHelperIsNeeded) {
  fs::remove(proc() / "42/ns/pid");
  AuditInput input = Input();
  EXPECT_FALSE(ReadLiveHere(proc(), input));
}

}  // namespace
}  // namespace proving_ground::audit
