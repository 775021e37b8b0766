// The configuration of the stack's Redis, as far as it can be read without asking it: redis.conf,
// what its command line adds, and the accounts of its ACL file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/audit/rules/redis_accounts.h"
#include "support/audit/rules/settings.h"

namespace proving_ground::audit {

struct RedisConfig {
  std::string service;
  std::string file;       // path of the configuration in the container; empty: none
  bool readable = false;  // the command line is known, and every file it names was given
  // Values of each directive, by its lower-case name, in their order.
  std::map<std::string, std::vector<std::string>> directives;
  bool has_accounts = false;      // an ACL file or `user` directives
  bool accounts_readable = true;  // false: an ACL file is named and was not given
  std::vector<RedisAccount> accounts;

  // Last value of a directive; empty: not set.
  std::string Value(const std::string& name) const;
};

// Accounts by lines as an ACL file and ACL LIST have them: "user <name> on …". Others are left out.
std::vector<RedisAccount> ParseAccounts(const std::string& lines);

// `settings` tell the command line, `files` are texts by their path in the container.
RedisConfig ReadRedisConfig(const std::string& service, const Settings& settings,
                            const std::map<std::string, std::string>& files);

}  // namespace proving_ground::audit
