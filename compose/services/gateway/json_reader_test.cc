#include "compose/services/gateway/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace platform {
namespace {

using nlohmann::json;

TEST(JsonReaderTest, BuildsWhatTheReferenceParserBuilds) {
  for (const char* text :
       {"null", "true", "-7", "18446744073709551615", "1.5e3", R"("x\u00e9\n")", "[]", "{}",
        R"({"a":[1,{"b":null},[[]],"x"],"c":{"d":{"e":[false]}}})", " [ 1 , 2 ] "}) {
    EXPECT_EQ(ReadJson(text), json::parse(text)) << text;
  }
}

TEST(JsonReaderTest, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{'a':1}", "NaN", "[Infinity]", "01", "// x\n1", "1 2",
                           "{\"a\":1,}", "\"\x01\"", "1e999", "tru"}) {
    EXPECT_THROW(ReadJson(text), JsonError) << text;
  }
}

TEST(JsonReaderTest, RefusesTextThatIsNotUnicode) {
  for (const char* text : {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", R"("\ud800")",
                           R"("\udc00\ud800")", "\"\xf5\x80\x80\x80\"", "\xEF\xBB\xBF{}"}) {
    EXPECT_THROW(ReadJson(text), JsonError) << text;
  }
  EXPECT_THROW(ReadJson(R"("a\u0000b")"), JsonError);
  EXPECT_THROW(ReadJson(R"({"a\u0000":1})"), JsonError);
}

TEST(JsonReaderTest, RefusesDuplicateNamesAtEveryDepthAndSpelling) {
  EXPECT_THROW(ReadJson(R"({"a":1,"a":1})"), JsonError);
  EXPECT_THROW(ReadJson(R"([{"x":{"a":1,"b":2,"a":3}}])"), JsonError);
  EXPECT_THROW(ReadJson(R"({"name":1,"na\u006de":2})"), JsonError);
  EXPECT_NO_THROW(ReadJson(R"([{"a":1},{"a":1}])"));
}

TEST(JsonReaderTest, CapsTheDepthWithoutBuildingIt) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };

  EXPECT_NO_THROW(ReadJson(nested(64)));
  EXPECT_THROW(ReadJson(nested(65)), JsonError);
  EXPECT_THROW(ReadJson(nested(200'000)), JsonError);
  EXPECT_THROW(ReadJson(std::string(1'000'000, '[')), JsonError);
}

TEST(JsonReaderTest, CapsTheNumberOfValues) {
  EXPECT_NO_THROW(ReadJson("[1,2,3]", {.max_depth = 4, .max_values = 4}));
  EXPECT_THROW(ReadJson("[1,2,3,4]", {.max_depth = 4, .max_values = 4}), JsonError);
}

TEST(JsonReaderTest, TheErrorQuotesNothingOfTheText) {
  try {
    ReadJson("{\"token\":\"secret\" \"x\"}");
    FAIL();
  } catch (const JsonError& error) {
    EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace platform
