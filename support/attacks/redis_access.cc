#include "support/attacks/redis_access.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "support/base/errors.h"
#include "support/load/verdict_builder.h"

namespace proving_ground {
namespace {

constexpr const char* kCanaryLife = "120";  // seconds
constexpr int kRecentSeconds = 10;
constexpr const char* kLogLines = "16";  // newest first; others may be refused at the same time

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The part after "{name:" and before "}"; empty when the word is something else.
std::string Parameter(const std::string& word, const std::string& name) {
  const std::string start = "{" + name + ":";
  if (!word.starts_with(start) || !word.ends_with("}")) return {};
  return word.substr(start.size(), word.size() - start.size() - 1);
}

// A pair list as Redis answers it: name, value, name, value.
std::string Field(const RedisReply& pairs, const std::string& name) {
  for (std::size_t i = 0; i + 1 < pairs.elements.size(); i += 2) {
    if (pairs.elements[i].text == name) return pairs.elements[i + 1].text;
  }
  return {};
}

std::string Flat(const RedisReply& reply) {
  std::string text = reply.text;
  for (const RedisReply& element : reply.elements) text += Flat(element) + "\n";
  return text;
}

bool IsUnknownCommand(const std::string& text) {
  return Contains(text, "unknown command") || Contains(text, "unknown subcommand") ||
         Contains(text, "Unknown subcommand");
}

const RedisParty& Find(const RedisField& field, const std::string& name) {
  for (const RedisParty& team : field.teams) {
    if (team.name == name) return team;
  }
  throw EnvironmentError("there is no account of a team " + name,
                         "name one of the contract's teams");
}

}  // namespace

bool IsDenial(const std::string& text) {
  // The wordings of Redis 7.0 to 8: of commands, of scripts, and of SORT with patterns.
  return Contains(text, "NOPERM") || Contains(text, "can't access at least one of the keys") ||
         Contains(text, "can't run this command or subcommand") ||
         Contains(text, "ACL failure in script") || Contains(text, "insufficient ACL permissions");
}

std::string RefusalOf(const RedisAttack& attack, RedisClient& connection,
                      const RedisClient::Options& access, const std::vector<std::string>& command) {
  try {
    if (attack.takes_connection) {
      RedisClient(access).Command(command);
    } else {
      connection.Command(command);
    }
    return {};
  } catch (const RedisRefused& refused) {
    return refused.text();
  }
}

bool IsDenialLogged(RedisClient& reader, const std::string& user,
                    const std::vector<std::string>& command) {
  std::set<std::string> objects(command.begin(), command.end());
  objects.insert(Lower(command.front()));
  if (command.size() > 1) objects.insert(Lower(command[0] + "|" + command[1]));
  for (const RedisReply& line : reader.Command({"ACL", "LOG", kLogLines}).elements) {
    if (Field(line, "username") != user || !objects.contains(Field(line, "object"))) continue;
    if (std::atof(Field(line, "age-seconds").c_str()) < kRecentSeconds) return true;
  }
  return false;
}

// Who plays which part in a command.
struct RedisIntruder::Roles {
  std::string own;     // prefix of the attacker's keys
  std::string victim;  // prefix of the victim's keys
  std::string channel;
  bool is_control = false;  // both are the attacker's
};

RedisIntruder::RedisIntruder(const RedisField& field, const std::string& attacker)
    : field_(field),
      attacker_(Find(field, attacker)),
      operator_(field.operator_account.access),
      client_(attacker_.access) {}

void RedisIntruder::Plant(const std::string& type, const std::string& key) {
  for (const auto& command : PlantCommands(type, key)) operator_.Command(command);
  operator_.Command({"EXPIRE", key, kCanaryLife});
  planted_.push_back(key);
}

void RedisIntruder::PlantAll(const RedisParty& team) {
  for (const std::string& type : CanaryTypes()) {
    Plant(type, team.key_prefix + ":" + field_.nonce + ":" + type);
  }
}

std::vector<std::string> RedisIntruder::Filled(const RedisAttack& attack, const Roles& roles) {
  std::vector<std::string> command;
  for (const std::string& word : attack.command) {
    if (const std::string type = Parameter(word, "key"); !type.empty()) {
      command.push_back(roles.victim + ":" + type);
    } else if (const std::string own = Parameter(word, "own"); !own.empty()) {
      command.push_back(roles.own + ":" + own);
    } else if (const std::string body = Parameter(word, "script"); !body.empty()) {
      command.push_back(operator_.Command({"SCRIPT", "LOAD", body}).text);
    } else if (word == "{new}") {
      command.push_back(roles.victim + ":new");
    } else if (word == "{own-new}") {
      command.push_back(roles.own + ":own-new");
    } else if (word == "{channel}") {
      command.push_back(roles.channel);
    } else if (word == "{channels}") {
      command.push_back(roles.channel + "*");
    } else if (word == "{keys}") {
      command.push_back(roles.victim + ":*");
    } else if (word == "{dump}") {
      command.push_back(dump_);
    } else {
      command.push_back(word);
    }
  }
  return command;
}

// Makes the keys that the attacker itself puts in; for a control, those it is done to as well.
void RedisIntruder::Prepare(const RedisAttack& attack, const Roles& roles) {
  for (const std::string& word : attack.command) {
    if (const std::string own = Parameter(word, "own"); !own.empty()) {
      Plant(own, roles.own + ":" + own);
    }
    if (word == "{own-new}") operator_.Command({"DEL", roles.own + ":own-new"});
    if (!roles.is_control) continue;
    if (const std::string type = Parameter(word, "key"); !type.empty()) {
      Plant(type, roles.victim + ":" + type);
    }
    if (word == "{new}") operator_.Command({"DEL", roles.victim + ":new"});
  }
}

RedisControl RedisIntruder::Control(const RedisAttack& attack) {
  const std::string prefix = attacker_.key_prefix + ":" + field_.nonce;
  const Roles roles = {prefix + ":own", prefix + ":control", attacker_.channel, true};
  RedisControl control = {.attack = attack.name, .by = {}, .text = {}};
  struct Candidate {
    std::string name;
    RedisClient& connection;
    const RedisClient::Options& access;
  };
  for (const Candidate& candidate :
       {Candidate{attacker_.name, client_, attacker_.access},
        Candidate{"operator", operator_, field_.operator_account.access}}) {
    Prepare(attack, roles);
    control.text = RefusalOf(attack, candidate.connection, candidate.access, Filled(attack, roles));
    const bool harmless =
        !attack.harmless_error.empty() && Contains(control.text, attack.harmless_error);
    if (control.text.empty() || harmless) {
      control.by = candidate.name;
      break;
    }
    control.unknown = IsUnknownCommand(control.text);
  }
  planted_.push_back(roles.own + ":own-new");
  planted_.push_back(roles.victim + ":new");
  return control;
}

RedisAttempt RedisIntruder::Try(const RedisAttack& attack, const RedisParty& victim) {
  const Roles roles = {attacker_.key_prefix + ":" + field_.nonce + ":own",
                       victim.key_prefix + ":" + field_.nonce, victim.channel};
  Prepare(attack, roles);
  const std::vector<std::string> command = Filled(attack, roles);
  RedisAttempt attempt = {.attack = attack.name, .victim = victim.name, .text = {}};
  attempt.text = RefusalOf(attack, client_, attacker_.access, command);
  if (!IsDenial(attempt.text)) return attempt;
  attempt.answer = RedisAnswer::kDenied;
  // Redis logs no denial of patterns of SORT.
  attempt.loggable = !Contains(attempt.text, "of SORT denied");
  attempt.logged = attempt.loggable && IsDenialLogged(operator_, attacker_.access.user, command);
  return attempt;
}

std::vector<std::string> RedisIntruder::ChangedOf(const RedisParty& team) {
  const std::string prefix = team.key_prefix + ":" + field_.nonce;
  const std::string reference = attacker_.key_prefix + ":" + field_.nonce + ":reference";
  std::vector<std::string> changed;
  for (const std::string& type : CanaryTypes()) {
    const std::string key = prefix + ":" + type;
    Plant(type, reference);
    const auto read = [&](const std::string& name) {
      try {
        return Flat(operator_.Command(ReadCommand(type, name)));
      } catch (const RedisRefused& refused) {
        return refused.text();  // of another type now
      }
    };
    const auto life = operator_.Command({"TTL", key}).integer;
    if (read(key) != read(reference)) {
      changed.push_back(team.name + "'s " + type);
    } else if (life < 0 || life > std::atoi(kCanaryLife)) {
      changed.push_back("the expiry of " + team.name + "'s " + type);
    }
  }
  if (operator_.Command({"EXISTS", prefix + ":new"}).integer != 0) {
    changed.push_back(team.name + " was given a key");
    planted_.push_back(prefix + ":new");
  }
  return changed;
}

void RedisIntruder::Remove() {
  std::vector<std::string> command = {"DEL"};
  command.insert(command.end(), planted_.begin(), planted_.end());
  if (command.size() > 1) operator_.Command(command);
  planted_.clear();
}

RedisAccessReport RedisIntruder::AttackCanaries() {
  RedisAccessReport report = {.attacker = attacker_.name};
  for (const RedisParty& team : field_.teams) {
    if (team.name != attacker_.name) PlantAll(team);
  }
  const std::string source = attacker_.key_prefix + ":" + field_.nonce + ":dump";
  Plant("string", source);
  dump_ = operator_.Command({"DUMP", source}).text;
  for (const RedisAttack& attack : CanaryAttacks()) {
    report.controls.push_back(Control(attack));
    if (report.controls.back().unknown) continue;
    for (const RedisParty& victim : field_.teams) {
      if (victim.name != attacker_.name) report.attempts.push_back(Try(attack, victim));
    }
  }
  for (const RedisParty& team : field_.teams) {
    if (team.name == attacker_.name) continue;
    for (std::string& changed : ChangedOf(team)) report.changed.push_back(std::move(changed));
  }
  Remove();
  return report;
}

void RedisTally::Count(const RedisAccessReport& report) {
  for (const RedisAttempt& attempt : report.attempts) {
    ++tried;
    const std::string what =
        attempt.attack + (attempt.victim.empty() ? "" : " on " + attempt.victim);
    if (attempt.answer == RedisAnswer::kGranted) {
      ++granted;
      offences.push_back(report.attacker + " was granted " + what +
                         (attempt.text.empty() ? "" : " (" + attempt.text + ")"));
      continue;
    }
    if (!attempt.loggable) continue;
    ++loggable;
    logged += attempt.logged ? 1 : 0;
    if (!attempt.logged) offences.push_back("not in the ACL log: " + what);
  }
  for (const RedisControl& control : report.controls) {
    if (control.unknown) continue;
    ++controls_wanted;
    controls += control.by.empty() ? 0 : 1;
    if (control.by.empty()) uncontrolled = control.attack + ": " + control.text;
  }
}

Verdict JudgeRedisAccess(const std::string& criterion, const RedisAccessReport& report) {
  VerdictBuilder builder(criterion, report.attacker);
  RedisTally tally;
  tally.Count(report);
  if (tally.tried == 0) return builder.Inconclusive("there is nobody to attack");
  for (const std::string& offence : tally.offences) builder.Detail(offence);
  for (const std::string& changed : report.changed) builder.Detail("changed: " + changed);
  const auto as_double = [](auto number) { return static_cast<double>(number); };
  builder.AtMost("attempts granted", as_double(tally.granted), 0, "attempts", tally.tried);
  builder.AtMost("canaries changed", as_double(report.changed.size()), 0, "canaries", tally.tried);
  builder.AtLeast("denials in the ACL log", as_double(tally.logged), as_double(tally.loggable),
                  "denials", tally.loggable);
  if (builder.AllHold() && !tally.uncontrolled.empty()) {
    return builder.Inconclusive("nobody could do " + tally.uncontrolled +
                                "; that it is refused proves nothing");
  }
  builder.AtLeast("controls that succeeded", as_double(tally.controls),
                  as_double(tally.controls_wanted), "attacks", tally.controls_wanted);
  return builder.Decide(std::to_string(tally.tried - tally.granted) + " of " +
                        std::to_string(tally.tried) + " attempts of " + report.attacker +
                        " were denied, " + std::to_string(tally.controls) + " of " +
                        std::to_string(tally.controls_wanted) + " controls succeeded");
}

nlohmann::json ToJson(const RedisAccessReport& report) {
  nlohmann::json document = nlohmann::json::object();
  document["attacker"] = report.attacker;
  document["changed"] = report.changed;
  document["attempts"] = nlohmann::json::array();
  for (const RedisAttempt& attempt : report.attempts) {
    nlohmann::json row = nlohmann::json::object();
    row["attack"] = attempt.attack;
    row["victim"] = attempt.victim;
    row["denied"] = attempt.answer == RedisAnswer::kDenied;
    row["answer"] = attempt.text;
    row["logged"] = attempt.logged;
    document["attempts"].push_back(row);
  }
  document["controls"] = nlohmann::json::array();
  for (const RedisControl& control : report.controls) {
    nlohmann::json row = nlohmann::json::object();
    row["attack"] = control.attack;
    row["by"] = control.by;
    row["known"] = !control.unknown;
    document["controls"].push_back(row);
  }
  return document;
}

}  // namespace proving_ground
