#include "compose/services/gateway/param_headers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace platform {
namespace {

using nlohmann::json;
using Headers = std::vector<std::pair<std::string, std::string>>;

const json& Schema() {
  static const json schema = json::parse(R"({"type":"object","properties":{
      "region":{"type":"string","x-mcp-header":"Region"},
      "count":{"type":"integer","x-mcp-header":"Count"},
      "dry":{"type":"boolean","x-mcp-header":"Dry"},
      "free":{"type":"string"},
      "at":{"type":"object","properties":{"zone":{"type":"string","x-mcp-header":"Zone"}}}}})");
  return schema;
}

bool Match(Headers headers, const json& arguments) {
  HttpRequest request;
  request.headers = std::move(headers);
  return ParamHeadersMatch(request, Schema(), arguments);
}

TEST(ParamHeadersTest, HeadersMustMirrorTheArguments) {
  EXPECT_TRUE(Match({}, json::object()));
  EXPECT_TRUE(Match({{"Mcp-Param-Region", "eu"}}, {{"region", "eu"}, {"free", "x"}}));
  EXPECT_TRUE(Match({{"mcp-param-region", "=?base64?RVU=?="}}, {{"region", "EU"}}));
  EXPECT_TRUE(Match({{"Mcp-Param-Count", "42"}, {"Mcp-Param-Dry", "true"}},
                    {{"count", 42}, {"dry", true}}));
  EXPECT_TRUE(Match({{"Mcp-Param-Count", "42.0"}}, {{"count", 42}}));
  EXPECT_TRUE(Match({{"Mcp-Param-Zone", "z"}}, {{"at", {{"zone", "z"}}}}));
  EXPECT_TRUE(Match({{"Mcp-Param-Unknown", "x"}}, json::object())) << "not ours to judge";
}

TEST(ParamHeadersTest, EverythingElseIsAMismatch) {
  EXPECT_FALSE(Match({}, {{"region", "eu"}})) << "header missing";
  EXPECT_FALSE(Match({{"Mcp-Param-Region", "us"}}, {{"region", "eu"}}));
  EXPECT_FALSE(Match({{"Mcp-Param-Region", "EU"}}, {{"region", "eu"}}))
      << "values are case-sensitive";
  EXPECT_FALSE(Match({{"Mcp-Param-Region", "eu"}}, json::object())) << "argument missing";
  EXPECT_FALSE(Match({{"Mcp-Param-Region", "eu"}}, {{"region", nullptr}}));
  EXPECT_FALSE(Match({{"Mcp-Param-Region", "eu"}, {"Mcp-Param-Region", "eu"}}, {{"region", "eu"}}))
      << "repeated";
  EXPECT_FALSE(Match({{"Mcp-Param-Region", "=?base64?RVU?="}}, {{"region", "EU"}})) << "padding";
  EXPECT_FALSE(Match({{"Mcp-Param-Region", "=?base64?!!!!?="}}, {{"region", "EU"}}));
  EXPECT_FALSE(Match({{"Mcp-Param-Region", "\xc3\xa9"}}, {{"region", "\xc3\xa9"}})) << "not ASCII";
  EXPECT_FALSE(Match({{"Mcp-Param-Count", "43"}}, {{"count", 42}}));
  EXPECT_FALSE(Match({{"Mcp-Param-Dry", "TRUE"}}, {{"dry", true}}));
  EXPECT_FALSE(Match({}, {{"at", {{"zone", "z"}}}}));
}

}  // namespace
}  // namespace platform
