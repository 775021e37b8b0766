// Rules that compare what Redis says about itself with its configuration: CONFIG SET and ACL
// SETUSER change it behind the configuration's back, until the next restart or for good.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

// A setting that decides over access or durability, and what it is when nobody sets it (redis.conf
// of Redis 7.0).
struct WatchedSetting {
  const char* name;
  const char* unset;
};
constexpr WatchedSetting kWatched[] = {
    {"protected-mode", "yes"},
    {"appendonly", "no"},
    {"appendfsync", "everysec"},
    {"maxmemory", "0"},
    {"maxmemory-policy", "noeviction"},
    {"maxclients", "10000"},
    {"timeout", "0"},
    {"acllog-max-len", "128"},
    {"enable-debug-command", "no"},
    {"enable-module-command", "no"},
    {"enable-protected-configs", "no"},
    {"replicaof", ""},
    {"aclfile", ""},
};

// "256mb" and "268435456" are one value.
std::string Normal(const std::string& name, const std::string& value) {
  if (name != "maxmemory") return Lower(value);
  const nlohmann::json text = value;
  const auto bytes = ParseBytes(&text);
  return bytes ? std::to_string(*bytes) : Lower(value);
}

// The configuration, when both it and what is in force are known.
const RedisConfig* Comparable(const StackView& stack, Report& report) {
  const RedisConfig* config = stack.redis();
  if (config == nullptr) return nullptr;
  if (!stack.input().redis_in_force) {
    report.CannotEvaluate({.service = config->service}, stack.input().redis_unread);
    return nullptr;
  }
  return config;
}

void SettingsChanged(const StackView& stack, Report& report) {
  const RedisConfig* config = Comparable(stack, report);
  if (config == nullptr) return;
  if (!config->readable) {
    return report.CannotEvaluate({.service = config->service},
                                 "the configuration of Redis could not be read");
  }
  const auto& in_force = stack.input().redis_in_force->settings;
  for (const auto& [name, unset] : kWatched) {
    const auto found = in_force.find(name);
    if (found == in_force.end()) continue;  // older servers lack some
    const std::string configured = config->Value(name);
    const std::string wanted = Normal(name, configured.empty() ? unset : configured);
    if (Normal(name, found->second) == wanted) continue;
    report.AddAt({.service = config->service, .object = "Redis", .field = name},
                 fmt::format("{}: configured {}, in force {}", name, ShownText(wanted, 40),
                             ShownText(found->second, 40)));
  }
}

std::set<std::string> Sorted(const std::vector<std::string>& patterns) {
  return {patterns.begin(), patterns.end()};
}

// What of an account in force is not as its file has it; empty: nothing.
std::string Difference(const RedisAccount& file, const RedisAccount& in_force) {
  if (file.on != in_force.on) return in_force.on ? "is on" : "is off";
  if (file.no_password != in_force.no_password) {
    return in_force.no_password ? "needs no password" : "needs a password";
  }
  // Hashes of passwords that the file has in clear are not known here; they have a rule of their
  // own.
  if (!file.clear_password && file.password_hashes != in_force.password_hashes) {
    return "has other passwords";
  }
  if (Sorted(file.key_patterns) != Sorted(in_force.key_patterns)) return "has other key patterns";
  if (Sorted(file.channel_patterns) != Sorted(in_force.channel_patterns))
    return "has other channels";
  if (file.commands != in_force.commands) return "may run other commands";
  return {};
}

const RedisAccount* FindAccount(const std::vector<RedisAccount>& accounts,
                                const std::string& name) {
  const auto found = std::find_if(accounts.begin(), accounts.end(),
                                  [&](const RedisAccount& one) { return one.name == name; });
  return found == accounts.end() ? nullptr : &*found;
}

void AccountsChanged(const StackView& stack, Report& report) {
  const RedisConfig* config = Comparable(stack, report);
  if (config == nullptr || !config->has_accounts) return;  // a rule of its own
  if (!config->accounts_readable) {
    return report.CannotEvaluate({.service = config->service},
                                 "the ACL file of Redis could not be read");
  }
  std::string lines;
  for (const std::string& line : stack.input().redis_in_force->accounts) lines += line + "\n";
  const std::vector<RedisAccount> in_force = ParseAccounts(lines);
  const auto add = [&](const std::string& name, const std::string& what) {
    report.AddAt({.service = config->service, .object = "account " + name, .field = "ACL LIST"},
                 ShownText(name, 40) + " " + what);
  };
  for (const RedisAccount& account : in_force) {
    const RedisAccount* configured = FindAccount(config->accounts, account.name);
    if (configured == nullptr) {
      if (account.name != "default") add(account.name, "is in no file");
      continue;
    }
    if (const std::string what = Difference(*configured, account); !what.empty()) {
      add(account.name, what + ", against its file");
    }
  }
  for (const RedisAccount& account : config->accounts) {
    if (FindAccount(in_force, account.name) == nullptr) add(account.name, "is not in force");
  }
}

}  // namespace

std::vector<Rule> RedisDriftRules() {
  using enum Severity;
  using enum Area;
  return {
      {"RDS-30", "declared against effective", kHigh, kRedis,
       "A setting of Redis in force is not the configured one",
       "Restart Redis, or put the setting into its configuration.", SettingsChanged},
      {"RDS-31", "declared against effective", kHigh, kRedis,
       "Accounts of Redis in force are not those of its ACL file",
       "Load the file (ACL LOAD), or put the account into it.", AccountsChanged},
  };
}

const std::vector<std::string>& WatchedRedisSettings() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const WatchedSetting& setting : kWatched) names.emplace_back(setting.name);
    return names;
  }();
  return kNames;
}

}  // namespace proving_ground::audit
