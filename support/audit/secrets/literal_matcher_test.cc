#include "support/audit/secrets/literal_matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace proving_ground {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::vector<std::pair<uint32_t, size_t>> Find(const LiteralMatcher& matcher,
                                              std::string_view text) {
  std::vector<std::pair<uint32_t, size_t>> found;
  matcher.ForEach(text, [&](uint32_t literal, size_t at) { found.emplace_back(literal, at); });
  return found;
}

TEST(LiteralMatcherTest, FindsLiteralsThatOverlapAndContainEachOther) {
  const LiteralMatcher matcher({"he", "she", "his", "hers", "he"});
  EXPECT_THAT(Find(matcher, "ushers"),
              UnorderedElementsAre(Pair(1, 1), Pair(0, 2), Pair(4, 2), Pair(3, 2)));
}

TEST(LiteralMatcherTest, HeedsOrIgnoresCase) {
  EXPECT_THAT(Find(LiteralMatcher({"Key"}), "key KEY Key"), UnorderedElementsAre(Pair(0, 8)));
  EXPECT_THAT(Find(LiteralMatcher({"Key"}, LiteralMatcher::Case::kIgnored), "key KEY"),
              UnorderedElementsAre(Pair(0, 0), Pair(0, 4)));
}

TEST(LiteralMatcherTest, TakesEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_THAT(Find(LiteralMatcher({all}), "x" + all + "x"), UnorderedElementsAre(Pair(0, 1)));
}

TEST(LiteralMatcherTest, FindsNothingWithoutLiterals) {
  EXPECT_THAT(Find(LiteralMatcher({}), "text"), IsEmpty());
  EXPECT_THAT(Find(LiteralMatcher({""}), "text"), IsEmpty());
}

}  // namespace
}  // namespace proving_ground
