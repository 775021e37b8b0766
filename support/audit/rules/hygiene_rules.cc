// Rules about the compose files themselves.
#include <fmt/format.h>

#include <set>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

std::int64_t Replicas(const nlohmann::json& model) {
  const auto replicas = Integer(Path(model, {"deploy", "replicas"}));
  return replicas ? *replicas : Integer(Member(model, "scale")).value_or(1);
}

void FixedName(const Subject& subject, Report& report) {
  if (Member(*subject.service.model, "container_name") != nullptr) {
    report.Add("container_name", "has a fixed container name");
  }
}

// Only one of several replicas can have a fixed port of the host.
void FixedPortOfReplicas(const Subject& subject, Report& report) {
  if (Replicas(*subject.service.model) < 2) return;
  for (const Port& port : subject.settings.networking.ports) {
    const bool enough = port.host.last - port.host.first + 1 >= Replicas(*subject.service.model);
    if (port.host.first > 0 && !enough)
      report.Add(port.field, "replicas compete for one port of the host");
  }
}

void NoRole(const Subject& subject, Report& report) {
  if (subject.service.role.empty()) report.Add("labels", "has no acceptance.role");
}

void TeamUnknown(const Subject& subject, Report& report) {
  const std::string& role = subject.service.role;
  if ((role == "worker" || role == "coordinator") && subject.service.team.empty()) {
    report.Add("labels", "has no acceptance.team");
  }
}

// A text that begins an item or a value: "- https://…", "path: git@…".
bool IsRemote(std::string value) {
  value.erase(0, value.find_first_not_of(" \t\"'-"));
  for (const char* scheme : {"https://", "http://", "git@", "git://", "ssh://", "oci://"}) {
    if (value.starts_with(scheme)) return true;
  }
  return false;
}

// `include` and `extends` take files from anywhere; the resolved model no longer shows from where.
void FetchedParts(const StackView& stack, Report& report) {
  for (const ComposeText& file : stack.input().compose_files) {
    bool in_include = false;
    int number = 0;
    for (const std::string& line : Split(file.text, '\n')) {
      ++number;
      const std::size_t indent = line.find_first_not_of(" \t");
      if (indent == std::string::npos || line[indent] == '#') continue;
      if (indent == 0 && line[0] != '-') in_include = line.starts_with("include:");
      const std::size_t colon = line.find(": ");
      const std::string key = colon == std::string::npos ? "" : line.substr(indent, colon - indent);
      const bool item = line[indent] == '-' || key == "path" || key == "file";
      const bool extends = key == "file";
      const std::string value =
          colon == std::string::npos ? line.substr(indent) : line.substr(colon + 2);
      if ((in_include && item && IsRemote(value)) || (extends && IsRemote(value))) {
        report.AddAt({.object = file.name, .field = "include", .file = file.name, .line = number},
                     fmt::format("line {} takes a part from the network", number));
      }
    }
  }
}

}  // namespace

std::vector<Rule> HygieneRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"CMP-01", "Compose: container_name", kLow, kCrossTeam, "A container name is fixed",
       "Remove container_name: two projects on one host would take each other's place.", kDeclared,
       FixedName},
      {"CMP-12", "Compose: ports", kLow, kPorts, "Replicas compete for one port",
       "Publish a range, or let the engine pick the port.", kDeclared, FixedPortOfReplicas},
      {"CMP-10", "acceptance contract", kInfo, kIsolation, "A service has no part in the contract",
       "Label it with acceptance.role where it has one.", kDeclared, NoRole},
      {"CMP-11", "acceptance contract", kMedium, kCrossTeam,
       "A worker or coordinator belongs to no team",
       "Label it with acceptance.team: without it no fence around it can be checked.", kDeclared,
       TeamUnknown},
      {"CMP-14", "Compose: include", kMedium, kImages,
       "A part of the compose file comes from the network",
       "Keep a copy in the project: whoever serves it decides what runs.", FetchedParts},
  };
}

}  // namespace proving_ground::audit
