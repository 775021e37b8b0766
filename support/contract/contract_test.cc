#include "support/contract/contract.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace proving_ground {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only

json Model() {
  return json::parse(R"({
    "name": "demo",
    "x-acceptance": {
      "teams": ["alpha", "beta"],
      "load": {"workers_per_team": 3, "duration": "2m", "min_completion": 0.95},
      "profiles": {"quick": {"load": {"duration": "20s", "think_min": "1ms", "think_max": "2s"}}}
    },
    "services": {
      "alpha-c": {"labels": {"acceptance.role": "coordinator", "acceptance.team": "alpha"}},
      "beta-c": {"labels": {"acceptance.role": "coordinator", "acceptance.team": "beta"}},
      "alpha-w": {"labels": {"acceptance.role": "worker", "acceptance.team": "alpha"}},
      "store": {"labels": {"acceptance.role": "redis"}},
      "unrelated": {"image": "x"}
    },
    "secrets": {"redis-monitor": {"name": "demo_redis-monitor", "file": "/secrets/monitor"}}
  })");
}

// The message of the ContractError that reading `model` must raise.
std::string ErrorOf(const json& model, const ContractOptions& options = {}) {
  try {
    ParseContract(model, options);
  } catch (const ContractError& error) {
    return error.what();
  }
  return "(no error)";
}

TEST(ContractTest, ReadsTeamsThresholdsAndRoles) {
  const Contract contract = ParseContract(Model(), {});

  EXPECT_EQ(contract.project, "demo");
  EXPECT_EQ(contract.profile, "seed");
  EXPECT_THAT(contract.teams, ElementsAre("alpha", "beta"));
  EXPECT_EQ(contract.load.workers_per_team, 3);
  EXPECT_EQ(contract.load.duration, 2min);
  EXPECT_DOUBLE_EQ(contract.load.min_completion, 0.95);
  EXPECT_DOUBLE_EQ(contract.load.min_team_completion, 0.80) << "the seed's number is the default";
  EXPECT_THAT(contract.Services(Role::kCoordinator), ElementsAre("alpha-c", "beta-c"));
  EXPECT_THAT(contract.Service(Role::kCoordinator, "beta"), Optional(std::string("beta-c")));
  EXPECT_THAT(contract.Service(Role::kRedis, "beta"), Optional(std::string("store")));
  EXPECT_EQ(contract.Service(Role::kGateway), std::nullopt);
  EXPECT_EQ(contract.SecretFile("redis-monitor"), "/secrets/monitor");
}

TEST(ContractTest, ReadsTheThresholdsOfFailover) {
  json model = Model();
  EXPECT_EQ(ParseContract(model, {}).failover.max_coordinator_downtime, 30s) << "the seed's number";
  model["x-acceptance"]["failover"] = {{"max_redis_recovery", "20s"}};
  EXPECT_EQ(ParseContract(model, {}).failover.max_redis_recovery, 20s);

  model["x-acceptance"]["failover"] = {{"max_downtime", "20s"}};
  EXPECT_THAT(ErrorOf(model), HasSubstr("x-acceptance.failover"));
  model["x-acceptance"]["failover"] = {{"late_after", "2s"}, {"probe_patience", "1s"}};
  EXPECT_THAT(ErrorOf(model), HasSubstr("late_after"));
}

TEST(ContractTest, AnOperatorHasAnAccountAndAPassword) {
  json model = Model();
  model["x-acceptance"]["redis"] = {{"operator_user", "operator"}};
  EXPECT_THAT(ErrorOf(model), HasSubstr("operator_password_file"));
  model["x-acceptance"]["redis"]["operator_password_file"] = "secrets/operator";
  EXPECT_EQ(ParseContract(model, {}).redis.operator_user, "operator");
}

TEST(ContractTest, ProfileOverridesOnlyWhatItNames) {
  const Contract contract = ParseContract(Model(), {.profile = "quick"});

  EXPECT_EQ(contract.profile, "quick");
  EXPECT_EQ(contract.load.duration, 20s);
  EXPECT_EQ(contract.load.workers_per_team, 3);
}

TEST(ContractTest, UnknownProfileNamesTheKnownOnes) {
  EXPECT_THAT(ErrorOf(Model(), {.profile = "huge"}), AllOf(HasSubstr("huge"), HasSubstr("quick")));
}

TEST(ContractTest, TestTeamRestrictsInTheContractsOrder) {
  EXPECT_THAT(ParseContract(Model(), {.teams = {"beta", "alpha"}}).teams,
              ElementsAre("alpha", "beta"));
  EXPECT_THAT(ParseContract(Model(), {.teams = {"beta"}}).teams, ElementsAre("beta"));
}

TEST(ContractTest, UnknownTeamIsAnErrorNeverAnEmptyRun) {
  EXPECT_THAT(ErrorOf(Model(), {.teams = {"gamma"}}),
              AllOf(HasSubstr("gamma"), HasSubstr("alpha, beta")));
}

TEST(ContractTest, MissingBlockSaysHowToAddIt) {
  json model = Model();
  model.erase("x-acceptance");
  EXPECT_THAT(ErrorOf(model), AllOf(HasSubstr("x-acceptance"), HasSubstr("COMPOSE_FILE")));
  EXPECT_THAT(ErrorOf(json::array()), HasSubstr("not a mapping"));
}

TEST(ContractTest, NumbersFromInterpolatedStringsAreRead) {
  json model = Model();
  model["x-acceptance"]["load"]["workers_per_team"] = "7";
  EXPECT_EQ(ParseContract(model, {}).load.workers_per_team, 7);
}

TEST(ContractTest, ThePartThatIsKeptSaysTheSameAndHoldsNoSecret) {
  json model = Model();
  model["services"]["store"]["environment"] = {{"PASSWORD", "hunter2"}};
  model["secrets"]["redis-monitor"]["content"] = "hunter2";

  const json part = ContractPart(model);

  EXPECT_THAT(part.dump(), testing::Not(HasSubstr("hunter2")));
  const Contract contract = ParseContract(part, {.profile = "quick"});
  EXPECT_EQ(contract.project, "demo");
  EXPECT_EQ(contract.load.duration, 20s);
  EXPECT_THAT(contract.Services(Role::kCoordinator), ElementsAre("alpha-c", "beta-c"));
  EXPECT_EQ(contract.SecretFile("redis-monitor"), "/secrets/monitor");
}

struct BadField {
  const char* field;
  json value;
  const char* expected;
};

class ContractBadFieldTest : public testing::TestWithParam<BadField> {};

TEST_P(ContractBadFieldTest, NamesFieldValueAndRange) {
  json model = Model();
  model["x-acceptance"]["load"][GetParam().field] = GetParam().value;

  EXPECT_THAT(ErrorOf(model), AllOf(HasSubstr(std::string("x-acceptance.load.") + GetParam().field),
                                    HasSubstr(GetParam().expected)));
}

INSTANTIATE_TEST_SUITE_P(
    Fields, ContractBadFieldTest,
    testing::Values(BadField{"min_completion", 1.5, "from 0 to 1"},
                    BadField{"min_completion", "most", "a number"},
                    BadField{"workers_per_team", 0, "from 1 to 1000"},
                    BadField{"workers_per_team", 2.5, "a whole number"},
                    BadField{"duration", "5 minutes", "a duration"},
                    BadField{"duration", 300, "a duration"},
                    BadField{"duration", "-3s", "a duration"}, BadField{"utilization", 1.0, "0.95"},
                    BadField{"min_completions", 0.9, "not a field of the contract"}),
    [](const testing::TestParamInfo<BadField>& info) {
      return std::string(info.param.field) + std::to_string(info.index);
    });

TEST(ContractTest, ContradictionsAreErrors) {
  json model = Model();
  model["x-acceptance"]["load"]["think_min"] = "90s";
  EXPECT_THAT(ErrorOf(model), HasSubstr("think_min"));

  model = Model();
  model["x-acceptance"]["load"]["duration"] = "60s";
  EXPECT_THAT(ErrorOf(model), HasSubstr("think_max leaves no time"));
}

TEST(ContractTest, RolesAndTeamsOfServicesAreChecked) {
  json model = Model();
  model["services"]["store"]["labels"]["acceptance.role"] = "database";
  EXPECT_THAT(ErrorOf(model), AllOf(HasSubstr("store"), HasSubstr("database")));

  model = Model();
  model["services"]["alpha-w"]["labels"]["acceptance.team"] = "gamma";
  EXPECT_THAT(ErrorOf(model), AllOf(HasSubstr("alpha-w"), HasSubstr("gamma")));
}

TEST(ContractTest, TeamNamesThatCouldEscapeAKeyAreRefused) {
  for (const char* name : {"", "Alpha", "a:b", "a*", "../a", "-a", "a b"}) {
    json model = Model();
    model["x-acceptance"]["teams"] = {name};
    EXPECT_THAT(ErrorOf(model), HasSubstr("a-z, 0-9")) << '"' << name << '"';
  }
  json twice = Model();
  twice["x-acceptance"]["teams"] = {"alpha", "alpha"};
  EXPECT_THAT(ErrorOf(twice), HasSubstr("twice"));
}

TEST(ContractTest, CommandDriverNeedsItsCommands) {
  json model = Model();
  model["x-acceptance"]["driver"] = {{"kind", "command"}, {"service", "alpha-c"}};
  EXPECT_THAT(ErrorOf(model), HasSubstr("submit and query"));
  model["x-acceptance"]["driver"] = {{"kind", "carrier-pigeon"}};
  EXPECT_THAT(ErrorOf(model), HasSubstr("http, redis, command"));
}

TEST(ContractTest, UnknownSecretIsNamedWithARemedy) {
  const Contract contract = ParseContract(Model(), {});
  try {
    contract.SecretFile("absent");
    FAIL() << "an unknown secret must be an error";
  } catch (const ContractError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("absent"), HasSubstr("secrets")));
  }
}

TEST(ContractTest, PlaceholdersAreFilledOnceEach) {
  EXPECT_EQ(FillPlaceholders("team:{team}:task:{task}", "alpha", "t1"), "team:alpha:task:t1");
  EXPECT_EQ(FillPlaceholders("{payload}", "a", "t", "{payload}"), "{payload}")
      << "a value that looks like a placeholder must not be expanded for ever";
}

}  // namespace
}  // namespace proving_ground
