// Rules about networks and who is on them together.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "support/audit/rules/capabilities.h"
#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

Place PlaceOf(const NetworkView& network, const char* field) {
  if (network.key.empty()) return {.object = network.name, .field = "networks"};
  return {.object = network.key, .field = fmt::format("networks.{}{}", network.key, field)};
}

// A service's part in a network: what it shares it has to leave.
Place PlaceOf(const NetworkView& network, const Service& service) {
  if (service.model == nullptr) return PlaceOf(network, "");
  return {
      .service = service.name, .object = network.name, .field = ServiceField(service, "networks")};
}

// Teams that have a member on a network where members reach each other; a service of each.
std::map<std::string, const Service*> TeamsOn(const NetworkView& network,
                                              bool (*counts)(const Service&)) {
  std::map<std::string, const Service*> teams;
  if (!network.connects_members()) return teams;
  for (const Service* service : network.members) {
    if (!service->team.empty() && counts(*service)) teams.try_emplace(service->team, service);
  }
  return teams;
}

bool IsCoordinator(const Service& service) { return service.role == "coordinator"; }
bool IsAny(const Service&) { return true; }

// Coordinators are the stack's own code and meet at the store; that has a rule of its own.
bool OnlyCoordinators(const NetworkView& network) {
  return std::all_of(network.members.begin(), network.members.end(), [](const Service* service) {
    return service->team.empty() || IsCoordinator(*service);
  });
}

std::string TeamsText(const std::map<std::string, const Service*>& teams) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [team, service] : teams) {
    if (++shown > 5) return text + fmt::format(" and {} more", teams.size() - 5);
    text += (text.empty() ? "" : ", ") + ShownText(team, 40);
  }
  return text;
}

// One finding for a service of each team, so that each of them fails by it; of a crowd some will
// do.
void ReportEach(const NetworkView& network, const std::map<std::string, const Service*>& teams,
                const std::string& evidence, Report& report) {
  constexpr int kMost = 10;
  int reported = 0;
  for (const auto& [team, service] : teams) {
    if (++reported > kMost) return;
    report.AddAt(PlaceOf(network, *service), evidence + TeamsText(teams));
  }
}

void TeamsTogether(const StackView& stack, Report& report) {
  for (const NetworkView& network : stack.networks()) {
    if (OnlyCoordinators(network)) continue;
    const auto teams = TeamsOn(network, IsAny);
    if (teams.size() > 1) ReportEach(network, teams, "reach each other: ", report);
  }
}

void CoordinatorsTogether(const StackView& stack, Report& report) {
  for (const NetworkView& network : stack.networks()) {
    if (!OnlyCoordinators(network)) continue;
    const auto teams = TeamsOn(network, IsCoordinator);
    if (teams.size() > 1) {
      ReportEach(network, teams, "their coordinators reach each other: ", report);
    }
  }
}

bool HasRole(const NetworkView& network, std::string_view role) {
  return std::any_of(network.members.begin(), network.members.end(),
                     [&](const Service* service) { return service->role == role; });
}

void RedisBesideWorkers(const StackView& stack, Report& report) {
  for (const NetworkView& network : stack.networks()) {
    if (!network.connects_members() || !HasRole(network, "redis")) continue;
    for (const Service* service : network.members) {
      if (service->role != "worker") continue;
      report.AddAt({.service = service->name,
                    .object = network.name,
                    .field = ServiceField(*service, "networks")},
                   "reaches Redis past the gateway");
    }
  }
}

void WayOut(const StackView& stack, Report& report) {
  for (const NetworkView& network : stack.networks()) {
    if (!network.has_way_out() || network.name == "host" || network.name == "none") continue;
    for (const Service* service : network.members) {
      if (service->role.empty() || service->role == "gateway") continue;
      report.AddAt(PlaceOf(network, *service), "reaches the outside");
    }
  }
}

void InternalNotInForce(const StackView& stack, Report& report) {
  for (const NetworkView& network : stack.networks()) {
    if (network.declared == nullptr || Text(Member(*network.declared, "internal")) != "true")
      continue;
    if (network.inspected != nullptr && Text(Member(*network.inspected, "Internal")) != "true") {
      report.AddAt(PlaceOf(network, ".internal"), "declared internal, not in force");
    }
  }
}

// Containers of others on networks of this stack.
void Stranger(const StackView& stack, Report& report) {
  for (const NetworkView& network : stack.networks()) {
    if (network.inspected == nullptr || network.declared == nullptr || network.external()) continue;
    const nlohmann::json* members = Member(*network.inspected, "Containers");
    if (!IsObject(members)) continue;
    for (const auto& [id, member] : members->items()) {
      if (stack.FindContainerOwner(id) != nullptr) continue;
      report.AddAt(PlaceOf(network, ""), "a container outside the stack is on it: " +
                                             ShownText(Text(Member(member, "Name")), 60));
    }
  }
}

void DefaultBridge(const Subject& subject, Report& report) {
  const auto& networks = subject.settings.networking.networks;
  const bool on_it = std::any_of(networks.begin(), networks.end(),
                                 [](const NetworkUse& use) { return use.name == "bridge"; });
  if (on_it || subject.settings.namespaces.network == "bridge") {
    report.AddSetting({"network_mode", "NetworkSettings.Networks.bridge"},
                      "is on the engine's default bridge");
  }
}

void UndeclaredNetwork(const Subject& subject, Report& report) {
  if (subject.service.model == nullptr || !subject.service.declared.namespaces.network.empty())
    return;
  std::set<std::string> declared;
  for (const NetworkUse& use : subject.service.declared.networking.networks)
    declared.insert(use.name);
  for (const NetworkUse& use : subject.settings.networking.networks) {
    if (!declared.contains(use.name))
      report.Add(use.field, "on a network that was not declared: " + ShownText(use.name, 60));
  }
}

void OpenToOthers(const StackView& stack, Report& report) {
  for (const NetworkView& network : stack.networks()) {
    if (network.declared == nullptr) continue;
    if (network.external()) {
      report.AddAt(PlaceOf(network, ".external"), "belongs to someone else");
    } else if (Text(Member(*network.declared, "attachable")) == "true") {
      report.AddAt(PlaceOf(network, ".attachable"), "any container may be attached");
    }
  }
}

void OnTheLocalNetwork(const StackView& stack, Report& report) {
  for (const NetworkView& network : stack.networks()) {
    const std::string driver = network.driver();
    if (driver == "macvlan" || driver == "ipvlan") {
      report.AddAt(PlaceOf(network, ".driver"),
                   driver + " puts its members on the host's own network");
    }
  }
}

// Raw sockets beside other teams: forged ARP and DNS answers.
void CanForge(const StackView& stack, Report& report) {
  for (const NetworkView& network : stack.networks()) {
    if (TeamsOn(network, IsAny).size() < 2) continue;
    for (const Service* service : network.members) {
      if (!Holds(GrantedCapabilities(service->declared.privileges), "NET_RAW")) continue;
      if (service->model == nullptr) continue;
      report.AddAt({.service = service->name,
                    .object = network.name,
                    .field = ServiceField(*service, "cap_drop")},
                   "NET_RAW beside services of other teams");
    }
  }
}

}  // namespace

std::vector<Rule> NetworkRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"NET-06", "Docker: networking", kHigh, kCrossTeam,
       "Services of two teams are on one network",
       "Give each team a network of its own, with the gateway as its only neighbour.",
       TeamsTogether},
      {"NET-22", "Docker: networking", kMedium, kCrossTeam,
       "Coordinators of two teams are on one network",
       "Give each coordinator a network of its own with Redis, so that no team's coordinator "
       "reaches "
       "another's.",
       CoordinatorsTogether},
      {"NET-09", "Redis: security", kHigh, kCrossTeam, "Workers reach Redis past the gateway",
       "Take the worker off the network of Redis.", RedisBesideWorkers},
      {"NET-07", "Docker: networking", kMedium, kTransport,
       "A back-end network leads to the outside", "Set internal: true.", WayOut},
      {"NET-24", "declared against effective", kHigh, kTransport,
       "A network is declared internal and is not",
       "Remove the network and bring the stack up again: networks keep the settings they were made "
       "with.",
       InternalNotInForce},
      {"NET-23", "declared against effective", kMedium, kCrossTeam,
       "A container outside the stack is on its network", "Disconnect it.", Stranger},
      {"NET-05", "CIS 5.30", kMedium, kCrossTeam, "The engine's default bridge is used",
       "Name a network of the stack.", kSettings, DefaultBridge},
      {"NET-32", "declared against effective", kHigh, kCrossTeam,
       "A container is on a network that was not declared",
       "Disconnect it, and find out who connected it.", kContainer, UndeclaredNetwork},
      {"NET-26", "Docker: networking", kLow, kCrossTeam, "A network is open to other containers",
       "Let the stack own its networks: remove external and attachable.", OpenToOthers},
      {"NET-28", "Docker: macvlan, ipvlan", kMedium, kCrossTeam,
       "A network puts containers on the host's own network",
       "Use the driver bridge: on the local network no published-port rule applies.",
       OnTheLocalNetwork},
      {"NET-15", "CIS 5.4", kMedium, kCrossTeam, "Can forge packets to services of other teams",
       "Drop NET_RAW, and take the teams apart.", CanForge},
  };
}

}  // namespace proving_ground::audit
