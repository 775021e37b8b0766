// S-2: one team against the tools and the notes of every other.
//
// For each other team and each of its tools: is it in the attacker's list, and what does a call
// come to? A tool that is not the attacker's must look exactly like one that does not exist; a tool
// that both have must not touch what is the other's, whatever the request claims to be.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/attacks/mcp/attempt.h"
#include "support/attacks/mcp/store_search.h"

namespace proving_ground {

struct CrossTeamSetup {
  std::string attacker;
  std::map<std::string, McpSender> teams;                 // all, the attacker too
  std::map<std::string, std::vector<std::string>> tools;  // of each team, by the contract
  std::string own_keys = "team:{team}:";                  // how a team's keys begin in the store
  StoreSearch* store = nullptr;                           // not owned
  // What the gateway has logged since the attack began.
  std::function<std::string()> log;
};

struct CrossTeamCell {
  std::string victim;
  std::string tool;
  std::string list;  // "hidden", "listed", "shared"
  std::string call;  // "refused", "granted", "distinguishable", "apart", "leaked", "written"
};

struct CrossTeamRecord {
  std::string attacker;
  std::vector<CrossTeamCell> cells;
  std::int64_t tried = 0;    // requests that must be refused or must stay in their own team
  std::int64_t refused = 0;  // of those that ask for a tool of others
  // Offences, each named.
  std::vector<std::string> listed;           // in the list, though not the attacker's
  std::vector<std::string> told;             // named in an answer, though not in what was asked
  std::vector<std::string> granted;          // served, though not the attacker's
  std::vector<std::string> distinguishable;  // refused otherwise than a tool that does not exist
  std::vector<std::string> leaked;           // what is another team's came back
  std::vector<std::string> written;          // the store changed outside the attacker's keys
  std::vector<std::string> not_audited;      // denied without a line in the log
  std::int64_t audited = 0;                  // tools whose denial is in the log
  std::vector<Attempt> controls;             // the same by the rightful team
  // Medians of the time to refuse a tool of others, and one that does not exist. Reported only.
  std::chrono::microseconds forbidden_takes{0};
  std::chrono::microseconds unknown_takes{0};
  std::optional<std::string> unfit;
};

// Throws EnvironmentError. What it wrote is removed from the store again.
CrossTeamRecord AttackAcrossTeams(const CrossTeamSetup& setup);

nlohmann::json ToJson(const CrossTeamRecord& record);

}  // namespace proving_ground
