// Surveys and exhaustion with a real engine, on containers of the test's own.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "support/attacks/containment.h"
#include "support/attacks/egress.h"
#include "support/attacks/reachability.h"
#include "support/engine/testing/sleeper_image.h"
#include "support/faults/helper_container.h"

namespace proving_ground {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Matches;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kServerImage = "proving-ground/redis:0.1.0";
constexpr int kServerPort = 6379;

std::string WhyNoImages() {
  if (std::string why = WhyNoEngine(); !why.empty()) return why;
  try {
    const Engine engine = Engine::Connect();
    engine.InspectImage(std::string(kHelperImage));
    engine.InspectImage(kServerImage);
    return "";
  } catch (const EngineError& error) {
    return error.what();
  }
}

// Two teams: red has a coordinator, played by something that listens, and a worker; blue a worker.
class NetworkAttacksLiveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = WhyNoImages(); !why.empty()) GTEST_SKIP() << why;
    engine_.emplace(Engine::Connect());
    image_.emplace();
    contract_.driver.port = kServerPort;
  }
  void TearDown() override {
    if (!engine_) return;
    for (const std::string& container : containers_) engine_->Remove(container, {.force = true});
    for (const std::string& network : networks_) Docker({"network", "rm", network});
  }

  std::string MakeNetwork(const std::string& name, const std::vector<std::string>& options) {
    std::vector<std::string> words = {"network", "create"};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back(project_ + "-" + name);
    Docker(words);
    networks_.push_back(words.back());
    return words.back();
  }
  void Run(const std::string& service, Role role, const std::string& team,
           const std::string& network) {
    const std::string name = project_ + "-" + service;
    std::vector<std::string> words = {"run",       "--detach", "--name",          name,
                                      "--network", network,    "--network-alias", service};
    const std::vector<std::string> program =
        role == Role::kWorker ? std::vector<std::string>{image_->name()}
                              : std::vector<std::string>{"--entrypoint", "redis-server",
                                                         kServerImage, "--protected-mode", "no"};
    words.insert(words.end(), program.begin(), program.end());
    Docker(words);
    containers_.push_back(name);
    members_.push_back({.name = name, .service = service, .role = role, .team = team});
  }
  // The members as they are now.
  const std::vector<Member>& Members() {
    for (Member& member : members_) {
      const auto description = engine_->Describe(ObjectKind::kContainer, member.name);
      description.at("State").at("Pid").get_to(member.process);
      member.addresses.clear();
      for (const auto& [name, endpoint] :
           description.at("NetworkSettings").at("Networks").items()) {
        const bool internal = engine_->InspectNetwork(endpoint.at("NetworkID")).internal;
        for (const char* field : {"IPAddress", "GlobalIPv6Address"}) {
          const auto address = endpoint.value(field, std::string());
          if (!address.empty()) member.addresses[address] = {name, internal};
        }
      }
    }
    return members_;
  }
  StackSurvey Look() {
    return Survey(
        *engine_, Members(),
        {.ports = SensitivePorts(), .names = NamesToAskFor(members_), .project = project_});
  }
  void MakeTeams(const std::vector<std::string>& network_options) {
    red_ = MakeNetwork("red", network_options);
    blue_ = MakeNetwork("blue", network_options);
    Run("red-coordinator", Role::kCoordinator, "red", red_);
    Run("red-worker", Role::kWorker, "red", red_);
    Run("blue-worker", Role::kWorker, "blue", blue_);
  }

  std::string project_ = UniqueTestName("attacks");
  std::optional<Engine> engine_;
  std::optional<SleeperImage> image_;
  Contract contract_;
  std::vector<std::string> networks_;
  std::vector<std::string> containers_;
  std::vector<Member> members_;
  std::string red_, blue_;
};

const std::vector<std::string> kClosed = {"--internal", "--opt",
                                          "com.docker.network.bridge.inhibit_ipv4=true"};

TEST_F(NetworkAttacksLiveTest, SeparateClosedNetworksAreProven) {
  MakeTeams(kClosed);
  const StackSurvey survey = Look();
  const Verdict reachability = JudgeReachability("S-14", contract_, members_, survey);
  EXPECT_EQ(reachability.outcome, Outcome::kPassed) << reachability;
  const Verdict egress = JudgeEgress("S-15", members_, survey);
  EXPECT_EQ(egress.outcome, Outcome::kPassed) << egress;
  EXPECT_THAT(survey.members.at(project_ + "-red-coordinator").listening, Contains(kServerPort));
}

TEST_F(NetworkAttacksLiveTest, AContainerOnTheOtherTeamsNetworkIsFound) {
  MakeTeams(kClosed);
  Docker({"network", "connect", red_, project_ + "-blue-worker"});
  const Verdict verdict = JudgeReachability("S-14", contract_, Members(), Look());
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains(HasSubstr("blue-worker connects to " + project_ +
                                                  "-red-coordinator at port 6379")));
}

TEST_F(NetworkAttacksLiveTest, TheHostsAddressOnAnInternalNetworkIsFound) {
  MakeTeams({"--internal"});
  const Verdict verdict = JudgeEgress("S-15", Members(), Look());
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains(HasSubstr("reaches the host")));
}

// Its own addresses of IPv6, which no other network of this machine has.
std::vector<std::string> WithIpv6(int number) {
  std::vector<std::string> options = kClosed;
  const int process = ::getpid();
  options.insert(options.end(),
                 {"--ipv6", "--subnet",
                  fmt::format("fd5e:{:x}:{:x}:{}::/64", process >> 16, process & 0xFFFF, number)});
  return options;
}

bool HasIpv6(const Member& member) {
  return std::any_of(member.addresses.begin(), member.addresses.end(), [](const auto& address) {
    return address.first.find(':') != std::string::npos;
  });
}

// By address and by name, as over IPv4. Engines that set no rules for IPv6 (20.10, where ip6tables
// is not switched on) keep networks apart over IPv4 only: then that is what must be found.
TEST_F(NetworkAttacksLiveTest, OverIpv6IsFoundWhatOverIpv4IsFound) {
  try {
    red_ = MakeNetwork("red", WithIpv6(1));
  } catch (const EnvironmentError& error) {
    GTEST_SKIP() << "the engine makes no network with IPv6: " << error.what();
  }
  Run("red-coordinator", Role::kCoordinator, "red", red_);
  Run("red-worker", Role::kWorker, "red", red_);
  blue_ = MakeNetwork("blue", WithIpv6(2));
  Run("blue-worker", Role::kWorker, "blue", blue_);
  if (!HasIpv6(Members().front())) GTEST_SKIP() << "containers get no IPv6 address here";
  const auto by_ipv6 = AllOf(StartsWith("[fd5e:"), EndsWith("]:6379"));
  const auto by_ipv4 = AllOf(Not(StartsWith("[")), EndsWith(":6379"));

  const StackSurvey apart = Look();
  const Verdict verdict = JudgeReachability("S-14", contract_, members_, apart);
  const Sighting& friendly = apart.members.at(project_ + "-red-worker");
  EXPECT_THAT(friendly.connected, AllOf(Contains(by_ipv6), Contains(by_ipv4)));
  EXPECT_THAT(friendly.resolved.at("red-coordinator"), Contains(StartsWith("fd5e:")));
  const Sighting& foreign = apart.members.at(project_ + "-blue-worker");
  EXPECT_THAT(foreign.connected, Not(Contains(by_ipv4)));
  const bool open = std::any_of(foreign.connected.begin(), foreign.connected.end(),
                                [&](const auto& it) { return Matches(by_ipv6)(it); });
  std::cout << "this engine keeps networks apart over IPv6: " << (open ? "no" : "yes") << "\n";
  EXPECT_EQ(verdict.outcome, open ? Outcome::kFailed : Outcome::kPassed) << verdict;

  Docker({"network", "connect", red_, project_ + "-blue-worker"});
  Members();
  const StackSurvey joined = Look();
  EXPECT_THAT(joined.members.at(project_ + "-blue-worker").connected,
              AllOf(Contains(by_ipv6), Contains(by_ipv4)));
  const Verdict found = JudgeReachability("S-14", contract_, members_, joined);
  EXPECT_EQ(found.outcome, Outcome::kFailed);
  EXPECT_THAT(found.details, Contains(AllOf(HasSubstr("blue-worker connects to "),
                                            HasSubstr("at port 6379"), HasSubstr("[fd5e:"))));
}

TEST_F(NetworkAttacksLiveTest, AContainerThatIsNotWhatItWasIsSaidSo) {
  MakeTeams(kClosed);
  std::vector<Member> members = Members();
  members.front().process = members.back().process;  // as if its number had passed to another
  const StackSurvey survey = Survey(*engine_, members, {.project = project_});
  const Verdict verdict = JudgeReachability("S-14", contract_, members, survey);
  EXPECT_EQ(verdict.outcome, Outcome::kInconclusive);
  EXPECT_THAT(verdict.summary, HasSubstr("the namespace has no address"));
}

TEST_F(NetworkAttacksLiveTest, LimitsInForceContainAndMissingOnesDoNot) {
  const std::int64_t mebibyte = 1 << 20;
  ServiceLimits limits = {.services = {"limited"}, .memory = 32 * mebibyte, .processes = 12};
  limits.host_limits = R"({"Memory": 33554432, "MemorySwap": 33554432, "PidsLimit": 12})";
  const ContainmentTrial held = TryContainment(*engine_, project_, limits);
  EXPECT_TRUE(held.killed);
  EXPECT_EQ(held.spawned, 11);
  EXPECT_EQ(JudgeContainment("S-16", {held}, {}, {}).outcome, Outcome::kPassed);

  limits.host_limits = R"({"Memory": 134217728, "MemorySwap": 134217728, "PidsLimit": 64})";
  const ContainmentTrial escaped = TryContainment(*engine_, project_, limits);
  EXPECT_FALSE(escaped.memory_contained);
  EXPECT_EQ(escaped.spawned, escaped.spawns_tried);
  EXPECT_EQ(JudgeContainment("S-16", {escaped}, {}, {}).outcome, Outcome::kFailed);
}

}  // namespace
}  // namespace proving_ground
