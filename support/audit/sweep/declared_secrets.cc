#include "support/audit/sweep/declared_secrets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/audit/secrets/value_shape.h"

namespace proving_ground {
namespace {

// Shorter parts of a file would be found by accident.
constexpr size_t kLeastPart = 16;

std::string_view WithoutLineEnd(std::string_view content) {
  while (content.ends_with('\n') || content.ends_with('\r')) content.remove_suffix(1);
  return content;
}

bool IsPublic(std::string_view content) {
  return content.find("PRIVATE KEY") == std::string_view::npos &&
         (content.find("-----BEGIN PUBLIC KEY") != std::string_view::npos ||
          content.find("-----BEGIN CERTIFICATE") != std::string_view::npos ||
          content.starts_with("ssh-"));
}

// Names of the secrets in a service's list, which holds names or objects with a source.
std::vector<std::string> SourcesOf(const nlohmann::json& service) {
  std::vector<std::string> names;
  const auto secrets = service.find("secrets");
  if (secrets == service.end() || !secrets->is_array()) return names;
  for (const nlohmann::json& secret : *secrets) {
    if (secret.is_string()) names.push_back(secret.get<std::string>());
    if (secret.is_object() && secret.contains("source") && secret["source"].is_string()) {
      names.push_back(secret["source"].get<std::string>());
    }
  }
  return names;
}

Finding Shared(const SharedSecret& shared) {
  std::set<std::string> teams;
  std::set<std::string> places;
  for (const OwnedSecret& holder : shared.holders) {
    teams.insert(holder.owner);
    places.insert(holder.place);
  }
  return {"SEC-04",
          Severity::kHigh,
          {.object = *places.begin()},
          fmt::format("the same secret is in the hands of teams {} ({}), fingerprint {}",
                      fmt::join(teams, ", "), fmt::join(places, ", "), shared.fingerprint),
          "give each team a secret of its own"};
}

}  // namespace

std::map<std::string, std::set<std::string>> TeamsOfSecrets(
    const nlohmann::json& model, const std::map<std::string, std::string>& team_of) {
  std::map<std::string, std::set<std::string>> teams;
  const auto services = model.find("services");
  if (services == model.end() || !services->is_object()) return teams;
  for (const auto& [name, service] : services->items()) {
    if (!service.is_object()) continue;
    for (const std::string& secret : SourcesOf(service)) {
      std::set<std::string>& owners = teams[secret];
      const auto team = team_of.find(name);
      if (team != team_of.end() && !team->second.empty()) owners.insert(team->second);
    }
  }
  return teams;
}

std::vector<KnownSecret> KnownValues(const std::string& name, std::string_view content) {
  content = WithoutLineEnd(content);
  std::vector<KnownSecret> known;
  if (IsPublic(content)) return known;
  if (content.find('\n') == std::string_view::npos) {
    if (content.size() >= KnownSecrets::kLeastSize) known.push_back({name, std::string(content)});
    return known;
  }
  while (!content.empty()) {
    const size_t end = std::min(content.find_first_of(" \t\r\n"), content.size());
    std::string_view part = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    // As Redis writes passwords and their hashes into accounts.
    if (part.starts_with('>') || part.starts_with('#')) part.remove_prefix(1);
    if (part.size() >= kLeastPart && IsRandom(part)) known.push_back({name, std::string(part)});
  }
  return known;
}

std::vector<Finding> SharedBetweenTeams(const std::vector<DeclaredSecret>& declared,
                                        const std::vector<DeclaredSecret>& private_ones,
                                        const std::vector<OwnedSecret>& owned,
                                        const Fingerprinter& fingerprinter) {
  std::vector<Finding> findings;
  std::vector<OwnedSecret> secrets = owned;
  std::map<std::string, std::string> given;  // name of the secret by fingerprint
  for (const DeclaredSecret& secret : declared) {
    if (KnownValues(secret.name, secret.value).empty()) continue;  // nothing secret about it
    const std::string fingerprint = fingerprinter.Of(WithoutLineEnd(secret.value));
    for (const std::string& team : secret.teams) {
      secrets.push_back({team, "secret " + secret.name, fingerprint});
    }
    if (secret.given) given.emplace(fingerprint, secret.name);
  }
  for (const SharedSecret& shared : FindShared(secrets)) findings.push_back(Shared(shared));
  for (const DeclaredSecret& secret : private_ones) {
    const auto holder = given.find(fingerprinter.Of(WithoutLineEnd(secret.value)));
    if (holder == given.end()) continue;
    findings.push_back(
        {"SEC-29",
         Severity::kCritical,
         {.object = "secret " + holder->second},
         fmt::format("services are given the {}, as secret {}", secret.name, holder->second),
         "keep it out of every container"});
  }
  return findings;
}

}  // namespace proving_ground
