#include "support/audit/rules/redis_accounts.h"

#include <algorithm>

#include "support/audit/rules/spelling.h"

namespace proving_ground::audit {
namespace {

// A command and the groups it belongs to, as `ACL CAT` of Redis 7.0 tells.
struct WatchedCommand {
  std::string_view name;
  std::string_view groups;
  bool keyspace_wide = false;
};

constexpr std::string_view kAdmin = "admin slow dangerous";
constexpr WatchedCommand kWatched[] = {
    {"keys", "keyspace read slow dangerous", true},
    {"scan", "keyspace read slow", true},
    {"randomkey", "keyspace read slow", true},
    {"dbsize", "keyspace read fast", true},
    {"flushdb", "keyspace write slow dangerous", true},
    {"flushall", "keyspace write slow dangerous", true},
    {"swapdb", "keyspace write fast dangerous", true},
    {"monitor", kAdmin},
    {"shutdown", kAdmin},
    {"replicaof", kAdmin},
    {"slaveof", kAdmin},
    {"failover", kAdmin},
    {"debug", kAdmin},
    {"save", kAdmin},
    {"bgsave", kAdmin},
    {"bgrewriteaof", kAdmin},
    {"psync", kAdmin},
    {"sync", kAdmin},
    {"migrate", "keyspace write slow dangerous"},
    {"config|set", kAdmin},
    {"config|get", kAdmin},
    {"config|rewrite", kAdmin},
    {"acl|setuser", kAdmin},
    {"acl|deluser", kAdmin},
    {"acl|list", kAdmin},
    {"acl|getuser", kAdmin},
    {"client|kill", "admin slow dangerous connection"},
    {"client|list", "admin slow dangerous connection"},
    {"client|pause", "admin slow dangerous connection"},
    {"module|load", kAdmin},
    {"module|loadex", kAdmin},
    {"function|load", "write slow scripting"},
    {"function|flush", "write slow scripting"},
    {"script|flush", "slow scripting"},
    {"script|kill", "slow scripting"},
    {"cluster|reset", kAdmin},
    {"slowlog|get", kAdmin},
};

std::vector<std::string> Commands(bool keyspace_wide) {
  std::vector<std::string> names;
  for (const WatchedCommand& command : kWatched) {
    if (command.keyspace_wide == keyspace_wide) names.emplace_back(command.name);
  }
  return names;
}

bool InGroup(const WatchedCommand& command, std::string_view group) {
  if (group == "all") return true;
  std::string_view rest = command.groups;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == group) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

// `what`: "@group", "command" (with all below it) or "command|sub".
void ApplyCommand(bool grant, const std::string& what, RedisAccount& account) {
  for (const WatchedCommand& command : kWatched) {
    const bool concerned = what.starts_with('@')
                               ? InGroup(command, std::string_view(what).substr(1))
                               : command.name == what || command.name.starts_with(what + "|");
    if (!concerned) continue;
    if (grant) {
      account.commands.emplace(command.name);
    } else {
      account.commands.erase(std::string(command.name));
    }
  }
}

// Words that stand for several others.
bool ApplyWord(const std::string& word, RedisAccount& account) {
  if (word == "on" || word == "off") {
    account.on = word == "on";
  } else if (word == "nopass") {
    account.no_password = true;
    account.password_hashes.clear();
  } else if (word == "resetpass") {
    account.no_password = false;
    account.clear_password = false;
    account.password_hashes.clear();
  } else if (word == "allkeys") {
    account.key_patterns = {"*"};
  } else if (word == "resetkeys") {
    account.key_patterns.clear();
  } else if (word == "allchannels") {
    account.channel_patterns = {"*"};
  } else if (word == "resetchannels") {
    account.channel_patterns.clear();
  } else if (word == "allcommands" || word == "nocommands") {
    ApplyCommand(word == "allcommands", "@all", account);
  } else if (word == "reset") {
    account = {.name = account.name};
  } else {
    return false;
  }
  return true;
}

void Apply(const std::string& word, RedisAccount& account) {
  if (word.empty() || ApplyWord(Lower(word), account)) return;
  const std::string rest = word.substr(1);
  switch (word[0]) {
    case '>':
      account.clear_password = true;
      account.no_password = false;
      // Never shown; kept apart from hashes by its mark, to find accounts that share it.
      account.password_hashes.insert(word);
      break;
    case '#':
      account.no_password = false;
      account.password_hashes.insert(Lower(rest));
      break;
    case '~':
      account.key_patterns.push_back(rest);
      break;
    case '%':
      if (const std::size_t at = word.find('~'); at != std::string::npos) {
        account.key_patterns.push_back(word.substr(at + 1));
      }
      break;
    case '&':
      account.channel_patterns.push_back(rest);
      break;
    case '+':
    case '-':
      ApplyCommand(word[0] == '+', Lower(rest), account);
      break;
    default:
      break;
  }
}

}  // namespace

RedisAccount ParseAccount(const std::vector<std::string>& words) {
  RedisAccount account;
  if (words.empty()) return account;
  account.name = words[0];
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string word = words[i];
    if (word.starts_with('(')) word.erase(0, 1);
    if (word.ends_with(')')) word.pop_back();
    Apply(word, account);
  }
  return account;
}

const std::vector<std::string>& AdministrativeCommands() {
  static const std::vector<std::string> kNames = Commands(false);
  return kNames;
}

const std::vector<std::string>& KeyspaceWideCommands() {
  static const std::vector<std::string> kNames = Commands(true);
  return kNames;
}

std::string_view FixedBeginning(std::string_view pattern) {
  return pattern.substr(0, pattern.find_first_of("*?[\\"));
}

bool PatternsOverlap(std::string_view one, std::string_view other) {
  const std::string_view first = FixedBeginning(one);
  const std::string_view second = FixedBeginning(other);
  // A pattern that is fixed to its end matches only itself.
  const bool one_is_fixed = first.size() == one.size();
  const bool other_is_fixed = second.size() == other.size();
  if (one_is_fixed && other_is_fixed) return one == other;
  if (one_is_fixed) return one.starts_with(second);
  if (other_is_fixed) return other.starts_with(first);
  return first.starts_with(second) || second.starts_with(first);
}

}  // namespace proving_ground::audit
