#include "compose/services/gateway/argument_checker.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "compose/services/gateway/tools/schema.h"

namespace platform {
namespace {

using nlohmann::json;

const json& Schema() {
  static const json schema = ObjectSchema(
      {{"name", StringSchema("a name", 1, 4)}, {"count", IntegerSchema("a count", -5, 500)}},
      {"name"});
  return schema;
}

bool Accepts(const char* arguments) {
  return !CheckArguments(Schema(), json::parse(arguments)).has_value();
}

TEST(ArgumentCheckerTest, AcceptsWhatConforms) {
  EXPECT_TRUE(Accepts(R"({"name":"a"})"));
  EXPECT_TRUE(Accepts(R"({"name":"abcd","count":500})"));
  EXPECT_TRUE(Accepts(R"({"name":"a","count":-5})"));
  EXPECT_TRUE(Accepts(R"({"name":"äöü€"})")) << "characters count, not bytes";
}

TEST(ArgumentCheckerTest, RefusesWhatDoesNot) {
  for (const char* arguments :
       {R"({})", R"([])", R"("name")", R"(null)", R"({"name":1})", R"({"name":null})",
        R"({"name":["a"]})", R"({"name":""})", R"({"name":"abcde"})", R"({"name":"a","count":501})",
        R"({"name":"a","count":-6})", R"({"name":"a","count":1.5})", R"({"name":"a","count":1.0})",
        R"({"name":"a","count":"1"})", R"({"name":"a","count":18446744073709551615})",
        R"({"name":"a","other":1})"}) {
    EXPECT_FALSE(Accepts(arguments)) << arguments;
  }
}

TEST(ArgumentCheckerTest, SaysWhatIsWrong) {
  EXPECT_EQ(*CheckArguments(Schema(), {{"count", 1}}), "argument 'name' is missing");
  EXPECT_EQ(*CheckArguments(Schema(), {{"name", 7}}),
            "argument 'name' must be a string of at least 1 and at most 4 characters");
  EXPECT_EQ(*CheckArguments(Schema(), {{"name", "a"}, {"count", 900}}),
            "argument 'count' must be an integer of at least -5 and at most 500");
}

}  // namespace
}  // namespace platform
