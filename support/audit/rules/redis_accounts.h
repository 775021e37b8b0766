// Accounts of Redis as its ACL file writes them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace proving_ground::audit {

// One account. Secrets are kept as the ACL file has them, for comparison only.
struct RedisAccount {
  std::string name;
  bool on = false;
  bool no_password = false;
  std::set<std::string> password_hashes;      // SHA-256, hexadecimal digits
  bool clear_password = false;                // the file holds a password in clear
  std::vector<std::string> key_patterns;      // globs: "team:a:*"
  std::vector<std::string> channel_patterns;  // globs
  std::set<std::string> commands;             // which of the watched commands it may run
};

// Reads the words after "user": "<name> on #… ~pattern +@group …". What selectors in parentheses
// grant is taken as granted.
RedisAccount ParseAccount(const std::vector<std::string>& words);

// Commands rules ask about. Administration: they change the server, or show what others do.
// Keyspace-wide: they ignore key patterns.
const std::vector<std::string>& AdministrativeCommands();
const std::vector<std::string>& KeyspaceWideCommands();

// The part of a glob before its first special character.
std::string_view FixedBeginning(std::string_view pattern);

// True when one key can match both globs. Decided on the fixed text before the first special
// character: where those exclude each other nothing can match both; all else is taken to overlap.
bool PatternsOverlap(std::string_view one, std::string_view other);

}  // namespace proving_ground::audit
