#include "support/faults/probe/probe_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

ProbeConfig Example() {
  ProbeConfig config;
  config.coordinator = {"engineering-coordinator", 8080};
  config.id_prefix = "run-1";
  config.steps = {{{"think_ms", 5}}};
  config.every = milliseconds(10);
  config.patience = milliseconds(1'000);
  config.drain = milliseconds(8'000);
  config.longest_life = milliseconds(60'000);
  config.writes = ProbeWrites{{"gateway", 8080}, "/mcp", "s3cret", milliseconds(50)};
  return config;
}

TEST(ProbeConfigTest, SurvivesTheFile) {
  const nlohmann::json document = ToJson(Example());
  EXPECT_EQ(ToJson(ProbeConfigFromJson(nlohmann::json::parse(document.dump()))), document);
  ProbeConfig without_writes = Example();
  without_writes.writes.reset();
  EXPECT_FALSE(ProbeConfigFromJson(ToJson(without_writes)).writes.has_value());
}

TEST(ProbeConfigTest, NamesWhatIsWrongButNeverTheToken) {
  for (const char* field :
       {"coordinator", "id_prefix", "every_ms", "patience_ms", "drain_ms", "longest_life_ms"}) {
    nlohmann::json document = ToJson(Example());
    document[field] = -1;
    try {
      ProbeConfigFromJson(document);
      ADD_FAILURE() << field;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr(field));
      EXPECT_THAT(error.what(), Not(HasSubstr("s3cret")));
    }
  }
  EXPECT_THROW(ProbeConfigFromJson(nlohmann::json(nlohmann::json::value_t::discarded)), UsageError);
  nlohmann::json document = ToJson(Example());
  document["writes"] = "s3cret";
  EXPECT_THROW(ProbeConfigFromJson(document), UsageError);
}

TEST(ParseServiceAddressTest, TakesHostAndPort) {
  EXPECT_EQ(ParseServiceAddress("gateway:8080").host, "gateway");
  EXPECT_EQ(ParseServiceAddress("gateway:8080").port, 8080);
  for (const char* text : {"", "gateway", "gateway:", ":8080", "gateway:0", "gateway:65536",
                           "gateway:80x", "http://gateway:8080", "me@gateway:80", "a b:80"}) {
    EXPECT_THROW(ParseServiceAddress(text), UsageError) << text;
  }
}

}  // namespace
}  // namespace proving_ground
