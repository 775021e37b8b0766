// Rules about who is given which secret, and about credentials that can be told by where they
// stand.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

// A secret as a service uses it.
struct SecretUse {
  std::string name;    // in the model
  std::string source;  // its file, or its name where it has none: equal for one and the same secret
  std::string field;   // "secrets[0]"
  std::optional<std::int64_t> mode;
};

std::vector<SecretUse> UsesOf(const StackView& stack, const Service& service) {
  std::vector<SecretUse> uses;
  const nlohmann::json* list =
      service.model == nullptr ? nullptr : Member(*service.model, "secrets");
  const nlohmann::json* all = Member(stack.input().model, "secrets");
  if (!IsArray(list)) return uses;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const nlohmann::json& use = (*list)[i];
    const std::string name = use.is_string() ? Text(&use) : Text(Member(use, "source"));
    const nlohmann::json* secret = all == nullptr ? nullptr : Member(*all, name.c_str());
    const std::string file = secret == nullptr ? "" : Text(Member(*secret, "file"));
    uses.push_back({name, file.empty() ? name : CleanPath(file), fmt::format("secrets[{}]", i),
                    Integer(Member(use, "mode"))});
  }
  return uses;
}

// Team that a secret belongs to by the contract's patterns ("token-{team}"); empty: none.
std::map<std::string, std::string> Owners(const Contract& contract) {
  std::map<std::string, std::string> owners;
  for (const std::string& pattern :
       {contract.gateway.token_secret, contract.driver.password_secret}) {
    if (pattern.find("{team}") == std::string::npos) continue;
    for (const std::string& team : contract.all_teams)
      owners[FillPlaceholders(pattern, team)] = team;
  }
  return owners;
}

void OfAnotherTeam(const StackView& stack, Report& report) {
  const auto owners = Owners(stack.input().contract);
  for (const Service& service : stack.services()) {
    if (service.team.empty()) continue;
    for (const SecretUse& use : UsesOf(stack, service)) {
      const auto owner = owners.find(use.name);
      if (owner == owners.end() || owner->second == service.team) continue;
      report.AddAt({.service = service.name, .field = ServiceField(service, use.field)},
                   fmt::format("is given {} of team {}", ShownText(use.name, 60), owner->second));
    }
  }
}

// What is public may be shared.
bool IsPublic(const std::string& name) {
  const std::string lower = Lower(name);
  return lower.find("public") != std::string::npos || lower.ends_with(".crt") ||
         lower.ends_with("-ca");
}

void SharedByTeams(const StackView& stack, Report& report) {
  const auto owners = Owners(stack.input().contract);
  std::map<std::string, const Service*> first;
  for (const Service& service : stack.services()) {
    if (service.team.empty()) continue;
    for (const SecretUse& use : UsesOf(stack, service)) {
      if (owners.contains(use.name) || IsPublic(use.name)) continue;
      const auto [at, is_new] = first.try_emplace(use.source, &service);
      if (is_new || at->second->team == service.team) continue;
      report.AddAt({.service = service.name, .field = ServiceField(service, use.field)},
                   fmt::format("shares {} with {} of another team", ShownText(use.name, 60),
                               at->second->name));
    }
  }
}

void OperatorSecret(const StackView& stack, Report& report) {
  const std::string& file = stack.input().contract.redis.operator_password_file;
  if (file.empty()) return;
  const std::string path = CleanPath((stack.input().folder / file).string());
  for (const Service& service : stack.services()) {
    for (const SecretUse& use : UsesOf(stack, service)) {
      if (use.source != path) continue;
      report.AddAt({.service = service.name, .field = ServiceField(service, use.field)},
                   "is given the operator's password");
    }
  }
}

void WorkerHoldsRedisPassword(const StackView& stack, Report& report) {
  const Contract& contract = stack.input().contract;
  std::set<std::string> passwords = {contract.redis.password_secret};
  for (const std::string& team : contract.all_teams) {
    passwords.insert(FillPlaceholders(contract.driver.password_secret, team));
  }
  for (const Service& service : stack.services()) {
    if (service.role != "worker") continue;
    for (const SecretUse& use : UsesOf(stack, service)) {
      if (!passwords.contains(use.name)) continue;
      report.AddAt({.service = service.name, .field = ServiceField(service, use.field)},
                   "a worker is given " + ShownText(use.name, 60));
    }
  }
}

void SigningKey(const StackView& stack, Report& report) {
  for (const Service& service : stack.services()) {
    for (const SecretUse& use : UsesOf(stack, service)) {
      const std::string name = Lower(use.name);
      const bool signs = name.find("signing") != std::string::npos ||
                         name.find("private-key") != std::string::npos ||
                         name.find("private_key") != std::string::npos;
      if (!signs || IsPublic(use.name)) continue;
      report.AddAt({.service = service.name, .field = ServiceField(service, use.field)},
                   "is given the private key " + ShownText(use.name, 60));
    }
  }
}

void OpenSecret(const StackView& stack, Report& report) {
  for (const Service& service : stack.services()) {
    for (const SecretUse& use : UsesOf(stack, service)) {
      if (!use.mode || (*use.mode & 07) == 0) continue;
      report.AddAt({.service = service.name, .field = ServiceField(service, use.field + ".mode")},
                   fmt::format("{} has mode {:04o}", ShownText(use.name, 60), *use.mode & 07777));
    }
  }
}

void SecretInFile(const StackView& stack, Report& report) {
  const nlohmann::json* secrets = Member(stack.input().model, "secrets");
  if (!IsObject(secrets)) return;
  for (const auto& [name, secret] : secrets->items()) {
    if (!Text(Member(secret, "content")).empty()) {
      report.AddAt({.object = name, .field = fmt::format("secrets.{}.content", name)},
                   "its value is in the compose file");
    }
  }
}

void SecretFromEnvironment(const StackView& stack, Report& report) {
  const nlohmann::json* secrets = Member(stack.input().model, "secrets");
  if (!IsObject(secrets)) return;
  for (const auto& [name, secret] : secrets->items()) {
    if (!Text(Member(secret, "environment")).empty()) {
      report.AddAt({.object = name, .field = fmt::format("secrets.{}.environment", name)},
                   "its value comes from the environment of whoever starts the stack");
    }
  }
}

bool IsSecretName(const std::string& name) {
  static constexpr std::array<std::string_view, 9> kWords = {
      "password", "passwd",      "secret",     "token",     "api_key",
      "apikey",   "private_key", "credential", "passphrase"};
  static constexpr std::array<std::string_view, 9> kHarmless = {
      "_file", "_path", "_dir", "_url", "_name", "_ttl", "_length", "public", "_image"};
  // "password-policy" is about passwords, and none itself.
  static constexpr std::array<std::string_view, 7> kAbout = {
      "_policy", "_rules", "_schema", "_template", "_expiry", "_rotation", "_strength"};
  std::string lower = Lower(name);
  std::replace(lower.begin(), lower.end(), '-', '_');
  const auto has = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  const auto ends = [&](std::string_view word) { return lower.ends_with(word); };
  return std::any_of(kWords.begin(), kWords.end(), has) &&
         std::none_of(kHarmless.begin(), kHarmless.end(), has) &&
         std::none_of(kAbout.begin(), kAbout.end(), ends);
}

// Configs are readable for everyone in the container, and kept less carefully than secrets.
void SecretAsConfig(const StackView& stack, Report& report) {
  const nlohmann::json* configs = Member(stack.input().model, "configs");
  if (!IsObject(configs)) return;
  for (const auto& [name, config] : configs->items()) {
    const std::string lower = Lower(name);
    const bool key = (lower.ends_with(".key") || lower.ends_with(".pem")) && !IsPublic(name);
    if (IsSecretName(name) || key) {
      report.AddAt({.object = name, .field = "configs." + name},
                   "is a config, by its name a secret");
    }
  }
}

// A value that is written out, not fetched from a variable or file.
bool IsLiteral(std::string value) {
  std::erase_if(value, [](char c) { return c == '"' || c == '\''; });
  return !value.empty() && value[0] != '$' && value[0] != '/' && value[0] != '-' &&
         value[0] != '<' && value[0] != '@' && value.find("$(") == std::string::npos &&
         value.find("${") == std::string::npos;
}

// Switches that take a password; "-a" only of redis-cli.
bool TakesPassword(const std::string& word, bool redis_client) {
  static constexpr std::array<std::string_view, 10> kSwitches = {
      "--requirepass", "--masterauth", "--pass",       "--password", "--passwd",
      "--token",       "--secret",     "--auth-token", "--api-key",  "--client-secret"};
  if (redis_client && word == "-a") return true;
  return std::find(kSwitches.begin(), kSwitches.end(), word) != kSwitches.end();
}

bool HasLiteralPassword(const std::vector<std::string>& words) {
  bool redis_client = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    redis_client = redis_client || words[i].ends_with("redis-cli");
    const std::size_t equals = words[i].find('=');
    if (equals != std::string::npos && TakesPassword(words[i].substr(0, equals), redis_client) &&
        IsLiteral(words[i].substr(equals + 1))) {
      return true;
    }
    if (TakesPassword(words[i], redis_client) && i + 1 < words.size() && IsLiteral(words[i + 1]))
      return true;
  }
  return false;
}

void AddWords(const std::string& text, std::vector<std::string>& words) {
  for (std::string& word : Split(text, ' ')) words.push_back(std::move(word));
}

void PasswordSwitch(const Subject& subject, Report& report) {
  const bool declared = subject.container == nullptr;
  std::vector<std::string> words;
  for (const auto* list : {&subject.settings.texts.entrypoint, &subject.settings.texts.command}) {
    for (const Item& item : *list) AddWords(item.value, words);
  }
  if (HasLiteralPassword(words)) {
    report.Add(declared ? "command" : "Config.Cmd",
               "a password is written out on the command line");
  }
  words.clear();
  for (const std::string& word : subject.settings.lifecycle.health.test) AddWords(word, words);
  if (HasLiteralPassword(words)) {
    report.Add(declared ? "healthcheck.test" : "Config.Healthcheck.Test",
               "a password is written out in the health check");
  }
}

// "${DB_PASSWORD:-hunter2}": the resolved model no longer shows that it was a default.
void DefaultsInLine(const std::string& line, const ComposeText& file, int number, Report& report) {
  for (std::size_t at = line.find("${"); at != std::string::npos; at = line.find("${", at + 2)) {
    const std::size_t end = line.find('}', at);
    if (end == std::string::npos) return;
    const std::string inside = line.substr(at + 2, end - at - 2);
    const std::size_t name_end = std::min(inside.find_first_of(":-?+"), inside.size());
    std::string rest = inside.substr(name_end);
    if (rest.starts_with(':')) rest.erase(0, 1);
    const std::string name = inside.substr(0, name_end);
    if (!rest.starts_with('-') || !IsSecretName(name) || !IsLiteral(rest.substr(1))) continue;
    report.AddAt({.object = file.name, .field = name, .file = file.name, .line = number},
                 fmt::format("{} has a default in the file", ShownText(name, 60)));
  }
}

void SecretDefault(const StackView& stack, Report& report) {
  for (const ComposeText& file : stack.input().compose_files) {
    int number = 0;
    for (const std::string& line : Split(file.text, '\n')) {
      ++number;
      const std::size_t first = line.find_first_not_of(" \t");
      if (first != std::string::npos && line[first] != '#')
        DefaultsInLine(line, file, number, report);
    }
  }
}

}  // namespace

std::vector<Rule> CredentialRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"SEC-10", "least privilege", kHigh, kCrossTeam, "A team's secret is given to another team",
       "Give each service the secrets of its own team only.", OfAnotherTeam},
      {"SEC-16", "least privilege", kHigh, kCrossTeam, "Two teams share a secret",
       "Make one secret per team.", SharedByTeams},
      {"SEC-17", "least privilege", kHigh, kSecrets, "The operator's password is in a container",
       "Keep it on the host: no service needs it.", OperatorSecret},
      {"SEC-20", "least privilege", kHigh, kTokens, "A worker is given a password of Redis",
       "Let workers go through the gateway with their token.", WorkerHoldsRedisPassword},
      {"TOK-01", "RFC 8725", kHigh, kTokens, "A private key that signs is in a container",
       "Mount the public key where tokens are only checked; sign outside the stack.", SigningKey},
      {"MNT-09", "Compose: secrets", kMedium, kSecrets,
       "A secret's file is open to all users of the container", "Set mode: 0440 or narrower.",
       OpenSecret},
      {"SEC-18", "Compose: secrets", kHigh, kSecrets, "A secret's value is in the compose file",
       "Put it into a file that git ignores, and renew it.", SecretInFile},
      {"SEC-25", "Compose: secrets", kLow, kSecrets, "A secret comes from the environment",
       "Use file: the environment of whoever starts the stack is easily seen.",
       SecretFromEnvironment},
      {"SEC-23", "Compose: configs", kMedium, kSecrets, "A config is by its name a secret",
       "Declare it under secrets.", SecretAsConfig},
      {"SEC-14", "proc(5)", kHigh, kSecrets, "A password is written out on a command line",
       "Hand over the name of a file: command lines are seen by everyone who may list processes.",
       kSettings, PasswordSwitch},
      {"SEC-24", "Compose: interpolation", kMedium, kSecrets,
       "A secret has a default in the compose file",
       "Use ${NAME:?} so that a missing value is an error.", SecretDefault},
  };
}

}  // namespace proving_ground::audit
