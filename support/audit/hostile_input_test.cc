// Models and inspections nobody in good faith would write: findings or one clear error, no crash,
// and time linear in their size.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "support/audit/audit.h"
#include "support/audit/sarif.h"
#include "support/audit/testing/clean_stack.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;

// A value of any kind, often one that a careless reader trips over.
json AnyValue(std::mt19937& random) {
  switch (random() % 16) {
    case 0:
      return nullptr;
    case 1:
      return true;
    case 2:
      return -1;
    case 3:
      return INT64_MIN;
    case 4:
      return UINT64_MAX;
    case 5:
      return 1e308;
    case 6:
      return std::string(5000, 'A');
    case 7:
      return "\xff\xfe\x80";
    case 8:
      return "\xe2\x80\xae\xf0\x9f\x92\xa9\xcc\x81";
    case 9:
      return json::array();
    case 10:
      return json::array({nullptr, json::array(), json::object(), 7, ""});
    case 11:
      return json::object();
    case 12:
      return json::object({{"", ""}, {"a.b[0]", json::object()}, {"driver_opts", 1}});
    case 13:
      return ":::///--==@@..[[]]";
    case 14:
      return "99999999999999999999999-1";
    default:
      return std::to_string(random() % 70000);
  }
}

// Replaces, adds or removes one thing somewhere below `node`.
void Mutate(json& node, std::mt19937& random) {
  json* at = &node;
  while (at->is_structured() && !at->empty() && random() % 5 != 0) {
    auto child = at->begin();
    std::advance(child, static_cast<std::ptrdiff_t>(random() % at->size()));
    at = &*child;
  }
  if (at->is_array() && random() % 2 == 0) {
    at->push_back(AnyValue(random));
  } else if (at->is_object() && !at->empty() && random() % 2 == 0) {
    auto child = at->begin();
    std::advance(child, static_cast<std::ptrdiff_t>(random() % at->size()));
    if (random() % 2 == 0) {
      at->erase(child);
    } else {
      *child = AnyValue(random);
    }
  } else {
    *at = AnyValue(random);
  }
}

void AuditAnything(const AuditInput& input) {
  try {
    const AuditResult result = Audit(input);
    const std::string sarif = SarifReport(result).dump();
    EXPECT_FALSE(sarif.empty());
  } catch (const ContractError& error) {
    EXPECT_NE(std::string(error.what()), "");
  }
}

TEST(HostileInputTest, MutatedInputsGiveFindingsOrOneClearError) {
  constexpr int kRounds = 400;
  std::mt19937 random(20261123);  // fixed: a failure can be repeated
  const AuditInput clean = CleanStack();
  for (int round = 0; round < kRounds; ++round) {
    AuditInput input = clean;
    for (unsigned changes = 1 + random() % 6; changes > 0; --changes) {
      switch (random() % 6) {
        case 0:
          Mutate(input.inspected->info, random);
          break;
        case 1:
          Mutate(input.inspected->containers[random() % input.inspected->containers.size()],
                 random);
          break;
        case 2:
          Mutate(input.inspected->networks[random() % input.inspected->networks.size()], random);
          break;
        case 3:
          Mutate(input.inspected->images.begin()->second, random);
          break;
        default:
          Mutate(input.model, random);
      }
    }
    ASSERT_NO_THROW(AuditAnything(input)) << "round " << round;
  }
}

TEST(HostileInputTest, MutatedRedisFilesAreSurvived) {
  std::mt19937 random(4711);
  const AuditInput clean = CleanStack();
  for (int round = 0; round < 500; ++round) {
    AuditInput input = clean;
    for (auto& [path, text] : input.redis_files) {
      for (int changes = 0; changes < 8; ++changes) {
        text.insert(random() % (text.size() + 1), 1, "\n\"' #~&+-@()%>*\xff"[random() % 15]);
      }
    }
    ASSERT_NO_THROW(AuditAnything(input)) << "round " << round;
  }
}

TEST(HostileInputTest, DeepNestingIsSurvived) {
  json deep = 1;
  for (int i = 0; i < 2000; ++i)
    deep = i % 2 == 0 ? json::array({deep}) : json::object({{"a", deep}});
  for (const char* field :
       {"privileged", "volumes", "ports", "deploy", "healthcheck", "labels", "build", "secrets"}) {
    AuditInput input = CleanStack();
    input.model["services"]["redis"][field] = deep;
    EXPECT_NO_THROW(AuditAnything(input)) << field;
  }
}

TEST(HostileInputTest, RedisConfigurationsThatIncludeEachOtherEnd) {
  AuditInput input = CleanStack();
  input.redis_files["/etc/redis/redis.conf"] = "include /a\n";
  input.redis_files["/a"] = "include /etc/redis/redis.conf\ninclude /a\n";

  EXPECT_EQ(Audit(input).Verdict(), AuditVerdict::kInconclusive);
}

// A stack of `count` workers, each with a container.
AuditInput ManyServices(int count) {
  AuditInput input = CleanStack();
  const json service = input.model.at("services").at("sales-worker");
  const json container = input.inspected->containers[3];
  const LiveTruth live = input.live.at("id-of-sales-worker");
  for (int i = 0; i < count; ++i) {
    const std::string name = "worker-" + std::to_string(i);
    json declared = service;
    declared["privileged"] = i % 2 == 0;  // findings cost too
    input.model["services"][name] = std::move(declared);
    json inspected = container;
    inspected["Id"] = "id-" + name;
    inspected["Name"] = "/" + name;
    inspected["Config"]["Labels"]["com.docker.compose.service"] = name;
    input.inspected->containers.push_back(std::move(inspected));
    input.live["id-" + name] = live;
  }
  return input;
}

std::chrono::duration<double> TimeOf(int services) {
  const AuditInput input = ManyServices(services);
  const auto begin = std::chrono::steady_clock::now();
  const AuditResult result = Audit(input);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  EXPECT_FALSE(result.findings.empty());
  return time;
}

TEST(HostileInputTest, TimeIsLinearInServices) {
  for (const int services : {57, 107, 1000}) {
    RecordProperty("ms_at_" + std::to_string(services),
                   static_cast<int>(TimeOf(services).count() * 1000));
  }
  const double few = std::min(TimeOf(200).count(), TimeOf(200).count());
  const double many = std::min(TimeOf(1600).count(), TimeOf(1600).count());

  // Eight times the services: quadratic work would take 64 times as long.
  EXPECT_LT(many, 24 * few) << "200: " << few << " s, 1600: " << many << " s";
}

TEST(HostileInputTest, AThousandTeamsOnOneNetworkAreAFewFindings) {
  AuditInput input = CleanStack();
  for (int i = 0; i < 1000; ++i) {
    json service = input.model.at("services").at("sales-worker");
    service["labels"]["acceptance.team"] = "team-" + std::to_string(i);
    service["networks"] = json::parse(R"({"team-sales": {}})");
    input.model["services"]["w" + std::to_string(i)] = std::move(service);
  }
  input.contract.teams.clear();

  int findings = 0;
  for (const Finding& finding : Audit(input).findings) findings += finding.rule == "NET-06" ? 1 : 0;

  EXPECT_GE(findings, 2) << "each of them fails by it";
  EXPECT_LE(findings, 10);
}

}  // namespace
}  // namespace proving_ground::audit
