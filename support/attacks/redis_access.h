// Does Redis keep the teams apart? Tried with canaries: keys of every type, and a channel, that are
// planted for the attack and looked at again afterwards.
//
//   RedisIntruder intruder(field, "sales");
//   const RedisAccessReport report = intruder.AttackCanaries();
//   JudgeRedisAccess("S-7", report)
//
// Each attack has a control: the same command, done by the attacker to keys of its own, succeeds;
// where its account lacks the command altogether, the operator does it. Canaries expire by
// themselves, should nobody be left to remove them.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/attacks/redis_attack.h"
#include "support/redis/redis_client.h"
#include "support/report/verdict.h"

namespace proving_ground {

// An account of Redis, with keys and a channel of its own.
struct RedisParty {
  std::string name;
  RedisClient::Options access;
  std::string key_prefix;  // canaries are "<key_prefix>:<nonce>:…"
  std::string channel;
};

struct RedisField {
  RedisParty operator_account;  // may do everything; its prefix and channel are not used
  std::vector<RedisParty> teams;
  std::string nonce;  // of this run, so that runs do not meet
};

// How Redis took an attempt.
enum class RedisAnswer {
  kDenied,   // refused for want of permission
  kGranted,  // carried out; or refused for another reason, after permission was found
};

struct RedisAttempt {
  std::string attack;
  std::string victim;  // empty: the server
  RedisAnswer answer = RedisAnswer::kGranted;
  std::string text;     // of a refusal, as Redis worded it
  bool logged = false;  // the denial stands in the ACL log
  bool loggable = true;
};

struct RedisControl {
  std::string attack;
  std::string by;        // who carried it out: a team or the operator; empty: nobody could
  std::string text;      // why not
  bool unknown = false;  // this version of Redis has no such command
};

struct RedisAccessReport {
  std::string attacker;
  std::vector<RedisAttempt> attempts;
  std::vector<RedisControl> controls;
  std::vector<std::string> changed;  // canaries that are not what they were
};

// Whether an error of Redis means that permission is lacking.
bool IsDenial(const std::string& text);

class RedisIntruder {
 public:
  // Throws EnvironmentError for a team that is not in the field.
  RedisIntruder(const RedisField& field, const std::string& attacker);

  // Attacks the canaries of all other teams. Throws RedisUnavailable, and RedisRefused when the
  // operator is refused.
  RedisAccessReport AttackCanaries();

 private:
  struct Roles;

  void PlantAll(const RedisParty& team);
  std::vector<std::string> ChangedOf(const RedisParty& team);
  RedisControl Control(const RedisAttack& attack);
  RedisAttempt Try(const RedisAttack& attack, const RedisParty& victim);
  std::vector<std::string> Filled(const RedisAttack& attack, const Roles& roles);
  void Prepare(const RedisAttack& attack, const Roles& roles);
  void Plant(const std::string& type, const std::string& key);
  void Remove();

  const RedisField& field_;
  const RedisParty& attacker_;
  RedisClient operator_;
  RedisClient client_;
  std::string dump_;
  std::vector<std::string> planted_;
};

// What reports of attacks come to.
struct RedisTally {
  std::int64_t tried = 0, granted = 0, loggable = 0, logged = 0;
  std::int64_t controls = 0, controls_wanted = 0;
  std::vector<std::string> offences;  // what was granted, and what is not in the log
  std::string uncontrolled;           // an attack that nobody could carry out, and why

  void Count(const RedisAccessReport& report);
};

// Passed when every attempt was denied and logged, nothing was changed, and every attack has a
// control. Inconclusive when nothing was granted and a control is missing.
Verdict JudgeRedisAccess(const std::string& criterion, const RedisAccessReport& report);

// The matrix, for the run folder.
nlohmann::json ToJson(const RedisAccessReport& report);

// Sends a command, on a connection of its own if the attack takes one. Returns what Redis refused
// it with; empty when it did not.
std::string RefusalOf(const RedisAttack& attack, RedisClient& connection,
                      const RedisClient::Options& access, const std::vector<std::string>& command);
// Whether the ACL log, read by `reader`, holds a recent denial of this command for the user.
bool IsDenialLogged(RedisClient& reader, const std::string& user,
                    const std::vector<std::string>& command);

}  // namespace proving_ground
