#include "support/faults/recovery_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/base/errors.h"
#include "support/engine/testing/mock_transport.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::NiceMock;
using ::testing::Not;

ProbeOptions Good() {
  ProbeOptions options;
  options.project = "shop";
  options.network = "shop_team";
  options.coordinator = "coordinator:8080";
  options.id_prefix = "run-1";
  options.steps = {{{"think_ms", 1}}};
  options.gateway = "http://gateway:8080/mcp";
  options.token = "s3cret";
  return options;
}

// Options that cannot work are refused before the engine is asked for anything.
void ExpectRefused(const ProbeOptions& options, const std::string& because) {
  const Engine engine = EngineOver(std::make_unique<NiceMock<MockTransport>>());
  try {
    RecoveryProbe probe(engine, options);
    ADD_FAILURE() << because;
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr(because));
    EXPECT_THAT(error.what(), Not(HasSubstr("s3cret")));
  }
}

TEST(RecoveryProbeTest, RefusesOptionsThatMakeNoSense) {
  ProbeOptions options = Good();
  options.id_prefix = "run 1";
  ExpectRefused(options, "'run 1' cannot begin the ids");
  options = Good();
  options.id_prefix = std::string(41, 'x');
  ExpectRefused(options, "cannot begin the ids");
  options = Good();
  options.steps = nlohmann::json::array();
  ExpectRefused(options, "have no steps");
  options = Good();
  options.coordinator = "coordinator";
  ExpectRefused(options, "'coordinator' is no host and port");
  options = Good();
  options.every = milliseconds(0);
  ExpectRefused(options, "every_ms");
  options = Good();
  options.longest_life = options.patience + options.drain;
  ExpectRefused(options, "life is no longer");
  for (const char* url :
       {"https://gateway:8080/mcp", "gateway:8080", "http://gateway:8080", "http:/"}) {
    options = Good();
    options.gateway = url;
    ExpectRefused(options, "is no URL of a gateway");
  }
}

}  // namespace
}  // namespace proving_ground
