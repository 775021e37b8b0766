// Who may use what belongs to the whole Redis server: keyspace-wide commands, administration, other
// clients; who comes in at all; and whether the accounts are the same after a restart.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/attacks/redis_access.h"

namespace proving_ground {

struct RedisServerReport {
  std::vector<RedisAccessReport> accounts;  // attempts of teams and observers on the server
  std::vector<std::string> strangers;       // what somebody without an account could do
  int stranger_attempts = 0;
  std::vector<std::string> guesses;  // accounts that a guessed or another's password opened
  int guess_attempts = 0;
  std::vector<std::string> locked_out;  // accounts that their own password does not open: controls
  std::string accounts_differ;   // how the accounts after a restart differ; empty: they do not
  std::string accounts_unknown;  // why that cannot be told
};

// Tries everything that does no harm; for the rest asks the server (ACL DRYRUN) with the operator's
// rights. `observers` may count and measure: of them only what reads or changes values is tried.
RedisServerReport AttackServer(const RedisField& field, const std::vector<RedisParty>& observers);

// What a fresh server that reads `acl_file` makes of it, against the accounts of the live one. Sets
// accounts_differ or accounts_unknown. Lines of the list are secret: only names are told.
void CompareAccounts(const RedisField& field, const std::filesystem::path& acl_file,
                     RedisServerReport& report);

// The ACL file that the server reads at its start, in its own file system; empty: none.
std::string AclFileOf(const RedisField& field);

Verdict JudgeServerAccess(const std::string& criterion, const RedisServerReport& report);

nlohmann::json ToJson(const RedisServerReport& report);

}  // namespace proving_ground
