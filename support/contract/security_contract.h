// What the security suite is told about a stack: x-acceptance.security of the compose model.
//
//   security:
//     signing_key_file: secrets/token-signing-key.pem
//     tools:
//       finance: [text_digest, ledger_record]
//
// Everything may be left out; what needs a missing part is skipped and says so. Waivers stand in
// the same block and are read by the audit (support/audit/waivers.h).
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace proving_ground {

struct SecurityContract {
  // File with the key that access tokens are signed with, relative to the folder of the first
  // compose file (it should be in no container). With it tokens are forged that are wrong in one
  // claim only: expired, of another audience.
  std::string signing_key_file;
  // What each team may call through the gateway; a tool of one team's list that another's lacks is
  // forbidden to the other.
  std::map<std::string, std::vector<std::string>> tools;
  // A channel of the team's own in Redis. Placeholder {team}.
  std::string canary_channel = "team:{team}:acceptance";
  // One team's flood: how long it lasts, and how much it may slow the others down.
  std::chrono::milliseconds flood{5'000};
  double max_flood_p99_ratio = 3.0;                // the others' p99, against the time before …
  std::chrono::milliseconds flood_p99_floor{250};  // … p99 below this count as equal
  // By then the gateway has hung up on a client that does not finish its request.
  std::chrono::milliseconds max_slow_request{30'000};
  // Bytes of memory that a request which it refused may leave behind.
  int max_growth_per_refusal = 256;
};

// Reads it out of a resolved compose model, or the part of it that ContractPart keeps. Throws
// ContractError.
SecurityContract ParseSecurityContract(const nlohmann::json& model, const std::string& profile);

}  // namespace proving_ground
