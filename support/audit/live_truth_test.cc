#include "support/audit/live_truth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground::audit {
namespace {

using ::testing::ElementsAre;

constexpr const char* kStatus =
    "Name:\tredis-server\nUmask:\t0077\nUid:\t0\t999\t999\t999\nGid:\t0\t998\t998\t998\n"
    "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000400\n"
    "CapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000001\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_"
    "filters:\t1\n";

TEST(LiveTruthTest, ReadsStatus) {
  const LiveTruth truth = ParseLiveTruth({{"status", kStatus}});

  ASSERT_TRUE(truth.status);
  EXPECT_EQ(truth.status->effective_uid, 999u);
  EXPECT_EQ(truth.status->effective_gid, 998u);
  EXPECT_EQ(truth.status->effective_capabilities, 0x400u);
  EXPECT_EQ(truth.status->bounding_capabilities, 0xa80425fbu);
  EXPECT_EQ(truth.status->ambient_capabilities, 1u);
  EXPECT_TRUE(truth.status->no_new_privileges);
  EXPECT_EQ(truth.status->seccomp_mode, 2);
}

TEST(LiveTruthTest, IncompleteStatusIsNone) {
  EXPECT_FALSE(ParseLiveTruth({{"status", "Uid:\t0\t0\t0\t0\n"}}).status);
  EXPECT_FALSE(ParseLiveTruth({{"status", ""}}).status);
  std::string broken = kStatus;
  broken.replace(broken.find("a80425fb"), 8, "zzzzzzzz");
  EXPECT_FALSE(ParseLiveTruth({{"status", broken}}).status);
  EXPECT_FALSE(ParseLiveTruth({}).status);
}

TEST(LiveTruthTest, ReadsMounts) {
  const LiveTruth truth = ParseLiveTruth(
      {{"mountinfo",
        "1045 922 0:106 / / ro,relatime master:312 - overlay overlay rw,lowerdir=/a:/b\n"
        "1050 1045 0:25 /docker.sock /data/a\\040b rw,nosuid - tmpfs tmpfs ro,size=5k\n"
        "not a mount\n"}});

  ASSERT_TRUE(truth.mounts);
  ASSERT_EQ(truth.mounts->size(), 2u);
  EXPECT_TRUE(truth.mounts->at(0).read_only);
  EXPECT_EQ(truth.mounts->at(0).type, "overlay");
  EXPECT_EQ(truth.mounts->at(1).root, "/docker.sock");
  EXPECT_EQ(truth.mounts->at(1).target, "/data/a b");
  EXPECT_TRUE(truth.mounts->at(1).read_only) << "its file system is read-only";
  EXPECT_FALSE(ParseLiveTruth({{"mountinfo", "nonsense\n"}}).mounts);
}

TEST(LiveTruthTest, ReadsListeningSockets) {
  const LiveTruth truth = ParseLiveTruth(
      {{"tcp",
        "  sl  local_address rem_address   st\n"
        "   0: 00000000:1F90 00000000:0000 0A 0 0\n"
        "   1: 0100007F:0050 00000000:0000 0A 0 0\n"
        "   2: 0100007F:0051 0100007F:0050 01 0 0\n"},
       {"tcp6",
        "  sl  local_address remote_address st\n"
        "   0: 00000000000000000000000000000000:18EB 00000000000000000000000000000000:0000 0A 0\n"
        "   1: 00000000000000000000000001000000:0007 00000000000000000000000000000000:0000 0A 0\n"
        "   2: 0000000000000000FFFF00000100007F:0008 00000000000000000000000000000000:0000 0A "
        "0\n"}});

  ASSERT_TRUE(truth.listening);
  std::vector<std::pair<bool, int>> sockets;
  for (const ListeningSocket& socket : *truth.listening)
    sockets.emplace_back(socket.loopback, socket.port);
  EXPECT_THAT(sockets, ElementsAre(std::pair(false, 8080), std::pair(true, 80),
                                   std::pair(false, 6379), std::pair(true, 7), std::pair(true, 8)));
  EXPECT_FALSE(ParseLiveTruth({{"tcp", ""}}).listening) << "half of the sockets proves nothing";
}

TEST(LiveTruthTest, ReadsLimitsOfVersionTwo) {
  const CgroupLimits limits =
      ParseLiveTruth(
          {{"memory.max", "67108864\n"}, {"cpu.max", "50000 100000\n"}, {"pids.max", "32\n"}})
          .limits;

  EXPECT_EQ(limits.memory.value, 67108864);
  EXPECT_EQ(limits.cpus.value, 0.5);
  EXPECT_EQ(limits.pids.value, 32);
  const CgroupLimits none =
      ParseLiveTruth({{"memory.max", "max\n"}, {"cpu.max", "max 100000\n"}, {"pids.max", "max\n"}})
          .limits;
  EXPECT_TRUE(none.memory.known && none.cpus.known && none.pids.known);
  EXPECT_FALSE(none.memory.value || none.cpus.value || none.pids.value);
}

TEST(LiveTruthTest, ReadsLimitsOfVersionOne) {
  const CgroupLimits limits = ParseLiveTruth({{"memory.limit_in_bytes", "67108864\n"},
                                              {"cpu.cfs_quota_us", "200000\n"},
                                              {"cpu.cfs_period_us", "100000\n"}})
                                  .limits;

  EXPECT_EQ(limits.memory.value, 67108864);
  EXPECT_EQ(limits.cpus.value, 2.0);
  EXPECT_FALSE(limits.pids.known);
  const CgroupLimits none = ParseLiveTruth({{"memory.limit_in_bytes", "9223372036854771712\n"},
                                            {"cpu.cfs_quota_us", "-1\n"}})
                                .limits;
  EXPECT_TRUE(none.memory.known && !none.memory.value);
  EXPECT_TRUE(none.cpus.known && !none.cpus.value);
}

TEST(LiveTruthTest, ReadsNamespaces) {
  const LiveTruth truth = ParseLiveTruth(
      {{"ns/pid", "pid:[4026532512]"}, {"ns/net", "net:4026"}, {"ns/odd", "odd:[1]"}});

  EXPECT_EQ(truth.namespaces, (std::map<std::string, std::uint64_t>{{"pid", 4026532512u}}));
}

TEST(LiveTruthTest, SurvivesBytesOfAnyKind) {
  LiveTruthTexts texts;
  for (const char* name : {"status", "mountinfo", "tcp", "tcp6", "ns/pid", "memory.max", "cpu.max",
                           "pids.max", "cpu.cfs_quota_us", "cpu.cfs_period_us"}) {
    std::string bytes;
    for (int i = 0; i < 5000; ++i) bytes += static_cast<char>((i * 7919) % 256);
    texts[name] = bytes;
  }
  EXPECT_NO_THROW(ParseLiveTruth(texts));
  for (auto& [name, text] : texts) text = "0 0 0\\777 ] [ - : 99999999999999999999999\n";
  EXPECT_NO_THROW(ParseLiveTruth(texts));
}

}  // namespace
}  // namespace proving_ground::audit
