// What was tried, and what came of it: the raw material of verdicts.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/attacks/mcp/mcp_sender.h"

namespace proving_ground {

struct Attempt {
  std::string attack;  // "expired", "two Authorization headers"
  Reply reply = Reply::kSilent;
  int status = 0;       // HTTP; 0: there was none
  bool effect = false;  // what it asked for was done, whatever the answer said
  // The protocol lets a server take such a message without a word; then only the effect tells.
  bool may_be_accepted = false;
  bool repeated = false;  // the answer holds the token that was presented
};

struct AttackRecord {
  std::vector<Attempt> attempts;
  std::vector<Attempt> controls;     // the same by its rightful owner: to be served, with effect
  std::optional<std::string> unfit;  // why nothing can be concluded
};

nlohmann::json ToJson(const AttackRecord& record);

}  // namespace proving_ground
