#include "support/contract/security_contract.h"

#include <nlohmann/json.hpp>

#include "support/contract/acceptance_block.h"
#include "support/contract/field_reader.h"

namespace proving_ground {

using nlohmann::json;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only

SecurityContract ParseSecurityContract(const json& model, const std::string& profile) {
  const json block = AcceptanceBlock(model, profile);
  const json object = block.value("security", json());
  SecurityContract security;
  FieldReader reader("x-acceptance.security", object);
  reader.Read("signing_key_file", security.signing_key_file);
  reader.Read("canary_channel", security.canary_channel);
  reader.Read("flood", security.flood, 100ms, 1h);
  reader.Read("max_flood_p99_ratio", security.max_flood_p99_ratio, 1.0, 1e6);
  reader.Read("flood_p99_floor", security.flood_p99_floor, 0ms, 1h);
  reader.Read("max_slow_request", security.max_slow_request, 1s, 10min);
  reader.Read("max_growth_per_refusal", security.max_growth_per_refusal, 0, 1 << 20);
  reader.Ignore("waivers");  // the audit's
  const json& tools = reader.Object("tools");
  FieldReader team_reader("x-acceptance.security.tools", tools);
  for (const auto& item : tools.items()) {
    team_reader.Read(item.key(), security.tools[item.key()]);
  }
  reader.RejectUnknown();
  return security;
}

}  // namespace proving_ground
