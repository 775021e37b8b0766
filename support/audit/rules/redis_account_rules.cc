// Rules about the accounts of Redis, as its ACL file has them.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

const RedisConfig* AccountsOf(const StackView& stack, Report& report) {
  const RedisConfig* config = stack.redis();
  if (config == nullptr || !config->has_accounts) return nullptr;
  if (config->accounts_readable) return config;
  report.CannotEvaluate({.service = config->service}, "the ACL file of Redis could not be read");
  return nullptr;
}

Place PlaceOf(const RedisConfig& config, const RedisAccount& account) {
  return {.service = config.service, .object = "account " + account.name, .field = "aclfile"};
}

// The operator is meant to be able to do everything.
bool IsOperator(const StackView& stack, const RedisAccount& account) {
  const std::string& name = stack.input().contract.redis.operator_user;
  return !name.empty() && account.name == name;
}

// Calls `judge` with each account that can be used and is not the operator's.
template <typename Judge>
void ForAccounts(const StackView& stack, Report& report, const Judge& judge) {
  const RedisConfig* config = AccountsOf(stack, report);
  if (config == nullptr) return;
  for (const RedisAccount& account : config->accounts) {
    if (account.on && !IsOperator(stack, account)) judge(*config, account);
  }
}

// Teams by the names of their accounts, after the contract's pattern.
std::map<std::string, std::string> TeamsByAccount(const StackView& stack) {
  const Contract& contract = stack.input().contract;
  std::map<std::string, std::string> teams;
  for (const std::string& team : contract.all_teams) {
    teams[FillPlaceholders(contract.driver.user, team)] = team;
  }
  return teams;
}

void DefaultUserOn(const StackView& stack, Report& report) {
  const RedisConfig* config = AccountsOf(stack, report);
  if (config == nullptr) return;
  const auto found =
      std::find_if(config->accounts.begin(), config->accounts.end(),
                   [](const RedisAccount& account) { return account.name == "default"; });
  // Without a line of its own the default user is on, without password, and may everything.
  const bool open =
      found == config->accounts.end() ? config->Value("requirepass").empty() : found->on;
  if (open) {
    report.AddAt({.service = config->service, .object = "account default", .field = "aclfile"},
                 "the default user is on");
  }
}

void NoPassword(const StackView& stack, Report& report) {
  const RedisConfig* config = AccountsOf(stack, report);
  if (config == nullptr) return;
  for (const RedisAccount& account : config->accounts) {
    if (account.on && account.no_password) {
      report.AddAt(PlaceOf(*config, account),
                   fmt::format("{} needs no password", ShownText(account.name, 40)));
    }
  }
}

void OnePasswordForTwo(const StackView& stack, Report& report) {
  const RedisConfig* config = AccountsOf(stack, report);
  if (config == nullptr) return;
  std::map<std::string, const RedisAccount*> first;
  for (const RedisAccount& account : config->accounts) {
    for (const std::string& hash : account.password_hashes) {
      const auto [at, is_new] = first.try_emplace(hash, &account);
      if (is_new || at->second->name == account.name) continue;
      report.AddAt(PlaceOf(*config, account),
                   fmt::format("{} has the password of {}", ShownText(account.name, 40),
                               ShownText(at->second->name, 40)));
    }
  }
}

void PasswordInClear(const StackView& stack, Report& report) {
  const RedisConfig* config = AccountsOf(stack, report);
  if (config == nullptr) return;
  for (const RedisAccount& account : config->accounts) {
    if (account.clear_password) {
      report.AddAt(PlaceOf(*config, account),
                   ShownText(account.name, 40) + " has its password in clear");
    }
  }
}

std::string Some(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 6; ++i) text += (i > 0 ? ", " : "") + names[i];
  return names.size() > 6 ? text + fmt::format(" and {} more", names.size() - 6) : text;
}

void MayRun(const StackView& stack, Report& report, const std::vector<std::string>& commands,
            bool of_teams) {
  const auto teams = TeamsByAccount(stack);
  ForAccounts(stack, report, [&](const RedisConfig& config, const RedisAccount& account) {
    if (of_teams != teams.contains(account.name)) return;
    std::vector<std::string> may;
    for (const std::string& command : commands) {
      if (account.commands.contains(command)) may.push_back(command);
    }
    if (may.empty()) return;
    report.AddAt(PlaceOf(config, account),
                 fmt::format("{} may run {}", ShownText(account.name, 40), Some(may)));
  });
}

void TeamAdministers(const StackView& stack, Report& report) {
  MayRun(stack, report, AdministrativeCommands(), true);
}

void TeamSeesAllKeys(const StackView& stack, Report& report) {
  MayRun(stack, report, KeyspaceWideCommands(), true);
}

void OtherAdministers(const StackView& stack, Report& report) {
  MayRun(stack, report, AdministrativeCommands(), false);
}

// A pattern, and the account and team it was granted to.
struct OwnedPattern {
  std::string pattern;
  std::string account;
  std::string team;
};

std::vector<OwnedPattern> PatternsOfTeams(const StackView& stack, Report& report,
                                          const std::vector<std::string> RedisAccount::*patterns) {
  const auto teams = TeamsByAccount(stack);
  std::vector<OwnedPattern> all;
  ForAccounts(stack, report, [&](const RedisConfig&, const RedisAccount& account) {
    const auto team = teams.find(account.name);
    if (team == teams.end()) return;
    for (const std::string& pattern : account.*patterns) {
      all.push_back({pattern, account.name, team->second});
    }
  });
  return all;
}

// Sorted by their fixed beginnings, patterns that can overlap stand together.
void Overlaps(const StackView& stack, Report& report,
              const std::vector<std::string> RedisAccount::*patterns, const char* what) {
  constexpr int kMostComparisons = 2'000'000;
  std::vector<OwnedPattern> all = PatternsOfTeams(stack, report, patterns);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return FixedBeginning(a.pattern) < FixedBeginning(b.pattern);
  });
  int comparisons = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string_view beginning = FixedBeginning(all[i].pattern);
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      if (!FixedBeginning(all[j].pattern).starts_with(beginning)) break;
      if (++comparisons > kMostComparisons) {
        return report.CannotEvaluate({.service = stack.redis()->service},
                                     "too many patterns to compare");
      }
      if (all[i].team == all[j].team || !PatternsOverlap(all[i].pattern, all[j].pattern)) continue;
      report.AddAt({.service = stack.redis()->service,
                    .object = "account " + all[j].account,
                    .field = "aclfile"},
                   fmt::format("{} of {} and {} overlap", what, ShownText(all[i].account, 40),
                               ShownText(all[j].account, 40)));
    }
  }
}

void KeysOverlap(const StackView& stack, Report& report) {
  Overlaps(stack, report, &RedisAccount::key_patterns, "keys");
}

void ChannelsOverlap(const StackView& stack, Report& report) {
  Overlaps(stack, report, &RedisAccount::channel_patterns, "channels");
}

// "team:s*" and "team:sales*" reach whatever begins so, a team that is founded tomorrow as well.
void PatternsEndWithinAName(const StackView& stack, Report& report) {
  for (const auto patterns : {&RedisAccount::key_patterns, &RedisAccount::channel_patterns}) {
    for (const OwnedPattern& owned : PatternsOfTeams(stack, report, patterns)) {
      const std::string_view beginning = FixedBeginning(owned.pattern);
      if (beginning.size() == owned.pattern.size() || beginning.empty() ||
          std::isalnum(static_cast<unsigned char>(beginning.back())) == 0) {
        continue;
      }
      report.AddAt({.service = stack.redis()->service,
                    .object = "account " + owned.account,
                    .field = "aclfile"},
                   fmt::format("{} ends within a name", ShownText(owned.pattern, 80)));
    }
  }
}

void AllKeys(const StackView& stack, Report& report) {
  ForAccounts(stack, report, [&](const RedisConfig& config, const RedisAccount& account) {
    const auto& patterns = account.key_patterns;
    if (std::find(patterns.begin(), patterns.end(), "*") != patterns.end()) {
      report.AddAt(PlaceOf(config, account), ShownText(account.name, 40) + " reaches all keys");
    }
  });
}

void TeamWithoutAccount(const StackView& stack, Report& report) {
  const RedisConfig* config = AccountsOf(stack, report);
  if (config == nullptr || stack.input().contract.driver.user.find("{team}") == std::string::npos)
    return;
  std::set<std::string> known;
  for (const RedisAccount& account : config->accounts) known.insert(account.name);
  for (const auto& [name, team] : TeamsByAccount(stack)) {
    if (!known.contains(name)) {
      report.AddAt({.service = config->service, .object = "account " + name, .field = "aclfile"},
                   fmt::format("team {} has no account of its own", ShownText(team, 40)));
    }
  }
}

}  // namespace

std::vector<Rule> RedisAccountRules() {
  using enum Severity;
  using enum Area;
  return {
      {"RDS-24", "Redis: ACL", kCritical, kRedis, "The default user of Redis is on",
       "Write \"user default off\" into the ACL file.", DefaultUserOn},
      {"RDS-13", "Redis: ACL", kCritical, kRedis, "An account of Redis needs no password",
       "Give it a password and remove nopass.", NoPassword},
      {"RDS-25", "Redis: ACL", kHigh, kRedis, "Two accounts of Redis have one password",
       "Make a password for each.", OnePasswordForTwo},
      {"RDS-20", "Redis: ACL", kMedium, kRedis, "The ACL file holds a password in clear",
       "Write its SHA-256 (#…) instead of >….", PasswordInClear},
      {"RDS-03", "Redis: ACL", kCritical, kRedis, "A team may administer Redis",
       "Take @admin and @dangerous from its account, and scripting's FLUSH, KILL and LOAD.",
       TeamAdministers},
      {"RDS-06", "Redis: ACL", kHigh, kRedis, "A team may run commands over all keys",
       "Take KEYS, SCAN, RANDOMKEY, DBSIZE, FLUSHDB, FLUSHALL and SWAPDB from its account: key "
       "patterns "
       "do not bind them.",
       TeamSeesAllKeys},
      {"RDS-26", "Redis: ACL", kMedium, kRedis,
       "An account besides the operator's may administer Redis",
       "Take @admin and @dangerous from it.", OtherAdministers},
      {"RDS-04", "Redis: ACL", kCritical, kRedis, "Two teams reach the same keys",
       "Fence each account to keys that begin with its team.", KeysOverlap},
      {"RDS-05", "Redis: ACL", kHigh, kRedis, "Two teams reach the same channels",
       "Fence each account to channels that begin with its team.", ChannelsOverlap},
      {"RDS-33", "Redis: ACL", kMedium, kRedis,
       "A team's pattern ends within a name, and reaches whatever begins so",
       "Write the whole name and a delimiter before the wildcard: team:sales:*.",
       PatternsEndWithinAName},
      {"RDS-27", "Redis: ACL", kHigh, kRedis, "An account besides the operator's reaches all keys",
       "Name the keys it needs.", AllKeys},
      {"RDS-28", "Redis: ACL", kMedium, kRedis, "A team has no account of its own",
       "Make one, fenced to its keys.", TeamWithoutAccount},
  };
}

}  // namespace proving_ground::audit
