#include "support/attacks/redis_server_access.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/load/verdict_builder.h"
#include "support/redis/private_redis.h"

namespace proving_ground {
namespace {

// What an observer must not do to a value.
const std::vector<RedisAttack>& ValueAttacks() {
  static const std::vector<RedisAttack> attacks = {
      {"GET", {"GET", "{key}"}},
      {"HGETALL", {"HGETALL", "{key}"}},
      {"LRANGE", {"LRANGE", "{key}", "0", "-1"}},
      {"XRANGE", {"XRANGE", "{key}", "-", "+"}},
      {"DUMP", {"DUMP", "{key}"}},
      {"SET", {"SET", "{key}", "taken"}},
      {"DEL", {"DEL", "{key}"}},
      {"EVAL", {"EVAL", "return redis.call('GET', KEYS[1])", "1", "{key}"}},
  };
  return attacks;
}

// The answer of ACL DRYRUN is "OK", or says why not. Empty: allowed.
std::string DryRun(RedisClient& operator_account, const std::string& user,
                   const std::vector<std::string>& command) {
  std::vector<std::string> words = {"ACL", "DRYRUN", user};
  words.insert(words.end(), command.begin(), command.end());
  const RedisReply reply = operator_account.Command(words);
  return reply.text == "OK" ? std::string() : reply.text;
}

bool IsDryDenial(const std::string& text) {
  return IsDenial(text) || text.find("has no permissions") != std::string::npos;
}

class ServerIntruder {
 public:
  ServerIntruder(const RedisField& field, const RedisParty& account)
      : account_(account),
        operator_access_(field.operator_account.access),
        operator_(operator_access_),
        client_(account.access) {
    report_.attacker = account.name;
  }

  void TryReally(const std::vector<RedisAttack>& attacks, const std::string& key) {
    for (const RedisAttack& attack : attacks) {
      std::vector<std::string> command = attack.command;
      for (std::string& word : command) {
        if (word == "{key}") word = key;
      }
      RedisAttempt attempt = {.attack = attack.name};
      attempt.text = RefusalOf(attack, client_, account_.access, command);
      if (IsDenial(attempt.text)) {
        attempt.answer = RedisAnswer::kDenied;
        attempt.logged = IsDenialLogged(operator_, account_.access.user, command);
      }
      report_.attempts.push_back(std::move(attempt));
    }
  }

  void TryDry() {
    for (const RedisAttack& attack : DestructiveAttacks()) {
      RedisAttempt attempt = {.attack = attack.name + " (dry)", .loggable = false};
      try {
        attempt.text = DryRun(operator_, account_.access.user, attack.command);
      } catch (const RedisRefused& refused) {
        if (refused.text().find("not found") == std::string::npos) throw;
        continue;  // this version has no such command
      }
      if (IsDryDenial(attempt.text)) attempt.answer = RedisAnswer::kDenied;
      report_.attempts.push_back(std::move(attempt));
    }
  }

  // The operator does the same: it is the account and not the command that was refused.
  void Control(const std::vector<RedisAttack>& attacks) {
    for (const RedisAttack& attack : attacks) {
      RedisControl control = {.attack = attack.name, .by = {}, .text = {}};
      control.text = RefusalOf(attack, operator_, operator_access_, attack.command);
      if (control.text.empty()) control.by = "operator";
      control.unknown = control.text.find("nknown") != std::string::npos;
      report_.controls.push_back(std::move(control));
    }
    for (const RedisAttack& attack : DestructiveAttacks()) {
      RedisControl control = {.attack = attack.name + " (dry)", .by = {}, .text = {}};
      try {
        control.text = DryRun(operator_, operator_access_.user, attack.command);
        if (control.text.empty()) control.by = "operator";
      } catch (const RedisRefused& refused) {
        control.text = refused.text();
        control.unknown = control.text.find("not found") != std::string::npos;
      }
      report_.controls.push_back(std::move(control));
    }
  }

  RedisAccessReport Report() { return std::move(report_); }

 private:
  const RedisParty& account_;
  const RedisClient::Options operator_access_;
  RedisClient operator_;
  RedisClient client_;
  RedisAccessReport report_;
};

// Whether Redis let somebody in, or do something: whatever is no refusal.
bool IsLetIn(const RedisClient::Options& access, const std::vector<std::string>& command) {
  try {
    RedisClient(access).Command(command);
    return true;
  } catch (const RedisRefused&) {
    return false;
  }
}

void TryAsStranger(const RedisField& field, RedisServerReport& report) {
  RedisClient::Options access = field.operator_account.access;
  access.user.clear();
  access.password.clear();
  const std::vector<std::vector<std::string>> commands = {{"PING"},
                                                          {"INFO"},
                                                          {"DBSIZE"},
                                                          {"GET", "key"},
                                                          {"ACL", "WHOAMI"},
                                                          {"CLIENT", "LIST"},
                                                          {"AUTH", "default", ""},
                                                          {"AUTH", "default", "default"},
                                                          {"AUTH", "redis"},
                                                          {"HELLO", "2", "AUTH", "default", ""}};
  for (const auto& command : commands) {
    ++report.stranger_attempts;
    if (IsLetIn(access, command)) report.strangers.push_back(command.front());
  }
}

// A few passwords that somebody would try first, and those of the others.
void Guess(const RedisField& field, const std::vector<RedisParty>& accounts,
           RedisServerReport& report) {
  const RedisParty* previous = &accounts.back();
  for (const RedisParty& account : accounts) {
    if (!IsLetIn(account.access, {"PING"})) report.locked_out.push_back(account.name);
    for (const std::string& password :
         {std::string(), account.access.user, previous->access.password}) {
      if (password == account.access.password) continue;
      RedisClient::Options access = field.operator_account.access;
      access.user.clear();
      ++report.guess_attempts;
      if (IsLetIn(access, {"AUTH", account.access.user, password})) {
        report.guesses.push_back(account.name);
      }
    }
    previous = &account;
  }
}

// A rule with its single commands, of which none contradicts another, in order: a server that reads
// its own description lists them in another one.
std::string InOrder(const std::string& rule) {
  std::istringstream words(rule);
  std::string text;
  std::multiset<std::string> commands;
  for (std::string word; words >> word;) {
    const bool is_command = (word[0] == '+' || word[0] == '-') && word.find('@') != 1;
    if (is_command) {
      commands.insert(word);
    } else {
      text += word + " ";
    }
  }
  for (const std::string& command : commands) text += command + " ";
  return text;
}

// "user sales on #… ~team:sales:* …" -> the rule, by user.
std::map<std::string, std::string> AccountsOf(RedisClient& redis) {
  std::map<std::string, std::string> accounts;
  for (const RedisReply& line : redis.Command({"ACL", "LIST"}).elements) {
    const std::size_t start = line.text.find(' ');
    const std::size_t end = line.text.find(' ', start + 1);
    if (start == std::string::npos || end == std::string::npos) continue;
    accounts[line.text.substr(start + 1, end - start - 1)] = InOrder(line.text.substr(end + 1));
  }
  return accounts;
}

std::string Difference(const std::map<std::string, std::string>& live,
                       const std::map<std::string, std::string>& fresh) {
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  for (const auto& [user, rule] : live) {
    const auto found = fresh.find(user);
    if (found == fresh.end()) {
      add(user + " would be gone");
    } else if (found->second != rule) {
      add(user + " would have other rights or another password");
    }
  }
  for (const auto& [user, rule] : fresh) {
    if (!live.contains(user)) add(user + " would come back");
  }
  return text;
}

void Tell(const RedisServerReport& report, const RedisTally& tally, VerdictBuilder& builder) {
  for (const std::string& what : report.strangers) {
    builder.Detail("without an account one may " + what);
  }
  for (const std::string& who : report.guesses) builder.Detail("a guess opens " + who);
  if (!report.accounts_differ.empty()) {
    builder.Detail("after a restart: " + report.accounts_differ);
  }
  for (const std::string& offence : tally.offences) builder.Detail(offence);
}

// Why nothing can be said although nothing was found; empty: something can.
std::string Unfit(const RedisServerReport& report, const RedisTally& tally) {
  if (tally.tried == 0) return "there are no accounts to try";
  if (!report.locked_out.empty()) {
    return report.locked_out.front() + " cannot come in with its own password";
  }
  if (!tally.uncontrolled.empty()) return "not even the operator could do " + tally.uncontrolled;
  return report.accounts_unknown;
}

}  // namespace

RedisServerReport AttackServer(const RedisField& field, const std::vector<RedisParty>& observers) {
  RedisServerReport report;
  std::vector<RedisParty> accounts = field.teams;
  for (const RedisParty& team : field.teams) {
    ServerIntruder intruder(field, team);
    intruder.TryReally(ServerAttacks(), "");
    intruder.TryDry();
    if (&team == &field.teams.front()) intruder.Control(ServerAttacks());
    report.accounts.push_back(intruder.Report());
  }
  for (const RedisParty& observer : observers) {
    ServerIntruder intruder(field, observer);
    intruder.TryReally(ValueAttacks(), field.teams.front().key_prefix + ":" + field.nonce);
    intruder.TryDry();
    report.accounts.push_back(intruder.Report());
    accounts.push_back(observer);
  }
  TryAsStranger(field, report);
  Guess(field, accounts, report);
  return report;
}

std::string AclFileOf(const RedisField& field) {
  RedisClient redis(field.operator_account.access);
  const RedisReply reply = redis.Command({"CONFIG", "GET", "aclfile"});
  return reply.elements.size() == 2 ? reply.elements.at(1).text : std::string();
}

void CompareAccounts(const RedisField& field, const std::filesystem::path& acl_file,
                     RedisServerReport& report) {
  RedisClient live(field.operator_account.access);
  const auto before = AccountsOf(live);
  try {
    const PrivateRedis server({"--aclfile", acl_file.string()});
    RedisClient::Options access = server.options();
    access.user = field.operator_account.access.user;
    access.password = field.operator_account.access.password;
    RedisClient fresh(access);
    report.accounts_differ = Difference(before, AccountsOf(fresh));
  } catch (const RedisRefused&) {
    report.accounts_differ = "the operator could not come in any more";
  } catch (const EnvironmentError&) {
    // Its words could quote the file.
    report.accounts_unknown = "no redis-server could be started here with the accounts' file";
  }
}

Verdict JudgeServerAccess(const std::string& criterion, const RedisServerReport& report) {
  VerdictBuilder builder(criterion, "");
  RedisTally tally;
  for (const RedisAccessReport& account : report.accounts) tally.Count(account);
  Tell(report, tally, builder);
  const auto at_most_none = [&](const char* name, auto observed, std::int64_t samples) {
    builder.AtMost(name, static_cast<double>(observed), 0, "attempts", samples);
  };
  at_most_none("server commands granted", tally.granted, tally.tried);
  at_most_none("things done without an account", report.strangers.size(), report.stranger_attempts);
  at_most_none("accounts opened by a guess", report.guesses.size(), report.guess_attempts);
  at_most_none("accounts that a restart changes", report.accounts_differ.empty() ? 0 : 1, 1);
  builder.AtLeast("denials in the ACL log", static_cast<double>(tally.logged),
                  static_cast<double>(tally.loggable), "denials", tally.loggable);
  if (const std::string why = Unfit(report, tally); !why.empty() && builder.AllHold()) {
    return builder.Inconclusive(why);
  }
  builder.AtLeast("controls that succeeded", static_cast<double>(tally.controls),
                  static_cast<double>(tally.controls_wanted), "commands", tally.controls_wanted);
  return builder.Decide(
      std::to_string(tally.tried - tally.granted) + " of " + std::to_string(tally.tried) +
      " server commands were denied to " + std::to_string(report.accounts.size()) + " accounts, " +
      std::to_string(tally.controls) + " controls succeeded; " +
      std::to_string(report.strangers.size()) + " of " + std::to_string(report.stranger_attempts) +
      " commands were served without an account, " + std::to_string(report.guesses.size()) +
      " of " + std::to_string(report.guess_attempts) +
      " guesses opened one; accounts after a restart: " +
      (report.accounts_differ.empty() ? "the same" : report.accounts_differ));
}

nlohmann::json ToJson(const RedisServerReport& report) {
  nlohmann::json document = nlohmann::json::object();
  document["accounts"] = nlohmann::json::array();
  for (const RedisAccessReport& account : report.accounts) {
    document["accounts"].push_back(ToJson(account));
  }
  document["without_account"] = report.strangers;
  document["without_account_tried"] = report.stranger_attempts;
  document["guessed"] = report.guesses;
  document["guesses_tried"] = report.guess_attempts;
  document["after_restart"] = report.accounts_differ;
  return document;
}

}  // namespace proving_ground
