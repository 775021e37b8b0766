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

TEST(ShareOutTest, NeedsAStack) { EXPECT_THROW(ShareOut({}, {}, 0), UsageError); }

}  // namespace
}  // namespace proving_ground
