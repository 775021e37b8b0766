// What one account of a Redis tries to do with the keys and channels of another.
#pragma once

#include <string>
#include <vector>

namespace proving_ground {

// One command that reaches for something. Words in braces stand for what it is done to:
//   {key:string}       the victim's canary of that type: string, bits, hash, list, set, zset, geo,
//                      stream, hll
//   {own:string}       the attacker's own key of that type
//   {new}              a key of the victim's that does not exist
//   {own-new}          the same of the attacker's
//   {channel}          the victim's channel
//   {channels}, {keys} patterns that match the victim's
//   {dump}             a value as DUMP writes it
//   {script:BODY}      the digest under which Redis knows the script
struct RedisAttack {
  std::string name;
  std::vector<std::string> command;
  // The connection is of no use afterwards: it subscribes, watches or closes.
  bool takes_connection = false;
  // An error that says that the command was carried out, as far as it could be: MIGRATE to nowhere.
  std::string harmless_error;
};

// Attacks on keys and channels: each really tried, on canaries.
const std::vector<RedisAttack>& CanaryAttacks();

// Commands that work on the whole keyspace, on the server or on other clients, and do no harm: each
// really tried.
const std::vector<RedisAttack>& ServerAttacks();

// The same where they would do harm: asked for with ACL DRYRUN only.
const std::vector<RedisAttack>& DestructiveAttacks();

// Types of canaries, as the words in braces name them.
const std::vector<std::string>& CanaryTypes();

// Commands that write such a canary; its first command leaves nothing of an earlier value.
std::vector<std::vector<std::string>> PlantCommands(const std::string& type,
                                                    const std::string& key);
// A command that reads all of it.
std::vector<std::string> ReadCommand(const std::string& type, const std::string& key);

}  // namespace proving_ground
