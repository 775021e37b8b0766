#include "support/attacks/scout/neighbours.h"

#include <gtest/gtest.h>

namespace proving_ground {
namespace {

TEST(NeighboursTest, SumsTheColumnOverProcessors) {
  EXPECT_EQ(TableFulls("entries  allocs forced_gc_runs table_fulls\n"
                       "00000001 00001687 0003b0b6       0000000f\n"
                       "00000001 00001905 0003a36c       00000011\n"),
            32);
}

TEST(NeighboursTest, WhereNobodyCountsItCannotBeTold) {
  EXPECT_EQ(TableFulls("entries  allocs\n00000001 00001687\n"), std::nullopt);
  EXPECT_EQ(TableFulls(""), std::nullopt);
}

}  // namespace
}  // namespace proving_ground
