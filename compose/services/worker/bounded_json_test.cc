#include "compose/services/worker/bounded_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace platform {
namespace {

std::string Nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(BoundedJson, ParsesWhatIsWellFormed) {
  EXPECT_EQ(ParseBoundedJson(R"({"a":[1,"b"]})"), nlohmann::json({{"a", {1, "b"}}}));
  EXPECT_EQ(ParseBoundedJson(Nested(60)).size(), 1U);
}

TEST(BoundedJson, RefusesTheRest) {
  EXPECT_THROW(ParseBoundedJson(""), std::runtime_error);
  EXPECT_THROW(ParseBoundedJson("{"), std::runtime_error);
  EXPECT_THROW(ParseBoundedJson(Nested(70)), std::runtime_error);
  EXPECT_THROW(ParseBoundedJson(Nested(200'000)), std::runtime_error);
}

}  // namespace
}  // namespace platform
