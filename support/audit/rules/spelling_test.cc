#include "support/audit/rules/spelling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/audit/finding.h"
#include "support/audit/rules/capabilities.h"
#include "support/audit/rules/host_paths.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only

std::optional<std::int64_t> Bytes(const json& value) { return ParseBytes(&value); }
std::optional<std::chrono::milliseconds> Span(const json& value) { return ParseSpan(&value); }

TEST(SpellingTest, Sizes) {
  for (const json& value :
       {json("64m"), json("64M"), json("64MB"), json("64 MiB"), json("0.0625g"), json(67108864),
        json("67108864"), json(67108864.0), json("65536k"), json("67108864b")}) {
    EXPECT_EQ(Bytes(value), 67108864) << value;
  }
  EXPECT_EQ(Bytes("-1"), -1);
  for (const json& value :
       {json("64x"), json("m"), json(""), json("1e400"), json("99999999999999999999g"),
        json(json::array()), json(nullptr), json("nan"), json("inf")}) {
    EXPECT_EQ(Bytes(value), std::nullopt) << value;
  }
}

TEST(SpellingTest, Spans) {
  EXPECT_EQ(Span("1m30s"), 90s);
  EXPECT_EQ(Span("1.5h"), 90min);
  EXPECT_EQ(Span("250ms"), 250ms);
  EXPECT_EQ(Span("0"), 0ms);
  EXPECT_EQ(Span(5'000'000'000), 5s);
  for (const json& value : {json("soon"), json("1x"), json("s"), json("99999999999999h")}) {
    EXPECT_EQ(Span(value), std::nullopt) << value;
  }
}

TEST(SpellingTest, HostAddresses) {
  for (const char* address :
       {"", "0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0", "*", "nonsense"}) {
    EXPECT_EQ(ReachOf(address), Reach::kEverywhere) << address;
  }
  for (const char* address :
       {"127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(ReachOf(address), Reach::kLoopback) << address;
  }
  for (const char* address : {"10.0.0.1", "1.127.0.0", "fe80::1", "::2", "::ffff:10.0.0.1"}) {
    EXPECT_EQ(ReachOf(address), Reach::kAddress) << address;
  }
}

TEST(SpellingTest, Ports) {
  EXPECT_EQ(ParsePorts("8000-8010")->last, 8010);
  EXPECT_EQ(ParsePorts("80")->last, 80);
  for (const char* text : {"", "80-", "-80", "90-80", "65536", "8a", "1-2-3"})
    EXPECT_FALSE(ParsePorts(text)) << text;
}

TEST(SpellingTest, Paths) {
  EXPECT_EQ(CleanPath("//var///run/./docker.sock/"), "/run/docker.sock");
  EXPECT_EQ(CleanPath("/etc/../../var"), "/var");
  EXPECT_EQ(CleanPath("/"), "/");
  EXPECT_EQ(CleanPath("./a/../b"), "a/../b");
  EXPECT_TRUE(IsWithin("/etc/passwd", "/etc"));
  EXPECT_TRUE(IsWithin("/anything", "/"));
  EXPECT_FALSE(IsWithin("/etcd", "/etc"));
}

TEST(SpellingTest, HostPaths) {
  for (const char* path :
       {"/", "/run", "/var", "/run/docker.sock", "/run/user/1000/docker.sock", "/run/containerd"}) {
    EXPECT_EQ(Classify(path, ""), HostPath::kEngine) << path;
  }
  for (const char* path :
       {"/etc", "/etc/passwd", "/var/lib", "/usr/bin", "/home", "/home/ann", "/root", "/dev/sda",
        "/home/ann/.ssh/id_rsa", "/var/lib/docker/volumes", "/boot", "/proc/1"}) {
    EXPECT_EQ(Classify(path, "/srv/shop"), HostPath::kSensitive) << path;
  }
  for (const char* path : {"/etc/localtime", "/usr/share/zoneinfo/UTC", "/etc/ssl/certs"}) {
    EXPECT_EQ(Classify(path, ""), HostPath::kHarmless) << path;
  }
  for (const char* path : {"/home-backup", "/etcd", "/runner", "/srv/etc", "/opt/app", "/dev/null",
                           "/home/ann/shop/conf", "/root/shop/conf", "/varnish", "/usr2"}) {
    EXPECT_EQ(Classify(path, ""), HostPath::kOrdinary) << path;
  }
}

TEST(SpellingTest, SecurityOptions) {
  EXPECT_EQ(ParseSecurityOption("no-new-privileges").value, "");
  EXPECT_EQ(ParseSecurityOption("no-new-privileges:true").value, "true");
  EXPECT_EQ(ParseSecurityOption("label=type:spc_t").value, "type:spc_t");
  EXPECT_TRUE(IsTrueWord("True") && IsTrueWord("1") && !IsTrueWord("tRUE") && !IsTrueWord("false"));
}

TEST(SpellingTest, Capabilities) {
  EXPECT_EQ(CapabilityName("cap_Sys_Admin"), "SYS_ADMIN");
  EXPECT_EQ(CapabilityNumber("SYS_ADMIN"), 21);
  EXPECT_EQ(CapabilityNumber("CHECKPOINT_RESTORE"), 40);
  EXPECT_EQ(CapabilityNumber("SYS_ADMINISTRATOR"), std::nullopt);
  Privileges privileges;
  EXPECT_EQ(GrantedCapabilities(privileges), 0xa80425fbu) << "the engine's default set";
  privileges.dropped_capabilities = {{"ALL", ""}};
  EXPECT_EQ(GrantedCapabilities(privileges), 0u);
  privileges.added_capabilities = {{"NET_BIND_SERVICE", ""}};
  EXPECT_EQ(GrantedCapabilities(privileges), 1u << 10);
  privileges.added_capabilities = {{"ALL", ""}};
  EXPECT_EQ(GrantedCapabilities(privileges), (std::uint64_t{1} << 41) - 1);
}

TEST(SpellingTest, ShownTextIsPrintableAndShort) {
  EXPECT_EQ(ShownText("a\nb\x1b[31m"), "a?b?[31m");
  EXPECT_EQ(ShownText("größe"), "größe");
  EXPECT_EQ(ShownText("\xff\xe2\x82"), "???");
  EXPECT_EQ(ShownText("x\xe2\x80\xaey"), "x?y") << "right-to-left override";
  EXPECT_EQ(ShownText(std::string(500, 'x'), 10), "xxxxxxxxxx…");
}

}  // namespace
}  // namespace proving_ground::audit
