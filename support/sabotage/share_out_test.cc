#include "support/sabotage/share_out.h"

#include <gmock/gmock.h>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using testing::ElementsAre;
using testing::Pair;

Sabotage Entry(const std::string& name, bool quick) {
  Sabotage sabotage;
  sabotage.name = name;
  sabotage.quick = quick;
  return sabotage;
}

SabotageRecord Seconds(const std::map<std::string, double>& seconds) {
  SabotageRecord record;
  for (const auto& [name, taken] : seconds) {
    SabotageResult result;
    result.name = name;
    result.seconds = taken;
    record.results[name] = result;
  }
  return record;
}

TEST(ShareOutTest, GivesTheLongestFirstToWhoHasLeastToDo) {
  const auto shares = ShareOut({Entry("a", false), Entry("b", false), Entry("c", false)},
                               Seconds({{"a", 10}, {"b", 50}, {"c", 30}}), 2);
  EXPECT_THAT(shares, ElementsAre(Pair("a", 2), Pair("b", 1), Pair("c", 2)));
}

TEST(ShareOutTest, SharesOutTheFastSubsetByItself) {
  const auto shares =
      ShareOut({Entry("long", false), Entry("quick-a", true), Entry("quick-b", true)},
               Seconds({{"long", 100}, {"quick-a", 12}, {"quick-b", 11}}), 2);
  EXPECT_THAT(shares, ElementsAre(Pair("long", 2), Pair("quick-a", 1), Pair("quick-b", 2)));
}

TEST(ShareOutTest, TakesOneThatWasNeverTriedForATypicalOne) {
  const auto shares = ShareOut({Entry("new", false), Entry("short", false), Entry("slow", false)},
                               Seconds({{"short", 1}, {"slow", 200}}), 2);
  EXPECT_THAT(shares, ElementsAre(Pair("new", 2), Pair("short", 2), Pair("slow", 1)));
}

TEST(ShareOutTest, TwoStacksSeldomDoTheSame) {
  std::vector<Sabotage> catalogue;
  std::map<std::string, int> shares;
  for (const std::string group : {"failover", "load", "lookalike", "security"}) {
    for (const int stack : {1, 2}) {
      Sabotage sabotage = Entry(group + std::to_string(stack), false);
      sabotage.group = group;
      catalogue.push_back(sabotage);
      shares[sabotage.name] = stack;
    }
  }
  std::map<int, std::vector<std::string>> order;
  for (const Sabotage& sabotage : InOrder(catalogue, shares)) {
    order[shares.at(sabotage.name)].push_back(sabotage.group);
  }
  EXPECT_THAT(order[1], ElementsAre("lookalike", "security", "failover", "load"));
  EXPECT_THAT(order[2], ElementsAre("load", "lookalike", "security", "failover"));
}

TEST(ShareOutTest, WhatChangesTheSameServicesComesOneAfterTheOther) {
  std::vector<Sabotage> catalogue = {Entry("a", false), Entry("b", false), Entry("c", false)};
  catalogue[0].services = catalogue[2].services = {"worker"};
  catalogue[1].services = {"redis"};
  std::vector<std::string> names;
  for (const Sabotage& sabotage : InOrder(catalogue, {{"a", 1}, {"b", 1}, {"c", 1}})) {
    names.push_back(sabotage.name);
  }
  EXPECT_THAT(names, ElementsAre("b", "a", "c"));
}

TEST(ShareOutTest, NeedsAStack) { EXPECT_THROW(ShareOut({}, {}, 0), UsageError); }

}  // namespace
}  // namespace proving_ground
