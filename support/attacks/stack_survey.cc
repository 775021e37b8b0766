#include "support/attacks/stack_survey.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/faults/helper_container.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr const char* kPlanFile = "/survey.json";
// Two helpers start within a second, the survey takes three; the rest is for a machine under load.
constexpr auto kSurveyTime = 60s;
constexpr auto kBystanderLife = "--for=90s";
// A kernel keeps some 3 kB for each of 24 000 sockets.
constexpr std::int64_t kSurveyMemory = std::int64_t{256} << 20;
// The engine's network for containers that name none: nothing in common with the stack's.
constexpr const char* kOrdinaryNetwork = "bridge";

// Whether networks are internal, each asked for once.
class NetworkKinds {
 public:
  explicit NetworkKinds(const Engine& engine) : engine_(engine) {}
  bool IsInternal(const std::string& id) {
    const auto known = internal_.find(id);
    if (known != internal_.end()) return known->second;
    return internal_[id] = engine_.InspectNetwork(id).internal;
  }

 private:
  const Engine& engine_;
  std::map<std::string, bool> internal_;
};

void AddNetworks(const json& description, NetworkKinds& kinds, Member& member) {
  for (const auto& [name, endpoint] : description.at("NetworkSettings").at("Networks").items()) {
    for (const char* field : {"IPAddress", "GlobalIPv6Address"}) {
      const auto address = endpoint.value(field, std::string());
      if (address.empty()) continue;
      member.addresses[address] = {name, kinds.IsInternal(endpoint.at("NetworkID"))};
    }
  }
}

void AddRole(const Contract& contract, Member& member) {
  for (const ServiceRole& role : contract.services) {
    if (role.service != member.service) continue;
    member.role = role.role;
    member.team = role.team;
  }
}

Member MemberOf(const Container& container, const Engine& engine, const Contract& contract,
                NetworkKinds& kinds) {
  Member member;
  member.name = container.name;
  member.service = container.service;
  AddRole(contract, member);
  const json description = engine.Describe(ObjectKind::kContainer, container.id);
  member.process = description.at("State").at("Pid").get<int>();
  if (member.process <= 0 && IsOfRun(contract, member)) {
    throw EnvironmentError("container " + container.name + " does not run",
                           "bring the whole stack up: docker compose up -d");
  }
  AddNetworks(description, kinds, member);
  for (const PublishedPort& port : engine.InspectContainer(container.id).ports) {
    member.published.push_back(port.container_port);
    member.host_ports.push_back(port.host_port);
  }
  return member;
}

json PlanOf(const std::vector<Member>& members, const SurveyOptions& options, int bystander) {
  json plan = json::object();
  plan["outside"]["process"] = bystander;
  plan["ports"] = options.ports;
  plan["names"] = options.names;
  plan["strangers"] = StrangerAddresses();
  plan["stranger_ports"] = std::vector<int>{53, 80, 443};
  plan["patience_ms"] = options.patience.count();
  std::set<int> host_ports;
  plan["containers"] = json::array();
  for (const Member& member : members) {
    json row = json::object();
    row["name"] = member.name;
    row["process"] = member.process;
    row["ports"] = member.published;
    row["addresses"] = json::array();
    for (const auto& [address, network] : member.addresses) row["addresses"].push_back(address);
    plan["containers"].push_back(row);
    host_ports.insert(member.host_ports.begin(), member.host_ports.end());
  }
  plan["host_ports"] = host_ports;
  return plan;
}

HelperOptions BystanderOptions(const std::string& project) {
  HelperOptions options = {.project = project, .name = UniqueHelperName(project, "bystander")};
  options.command = {"fault-helper", "hold-address", kBystanderLife};
  options.network = kOrdinaryNetwork;
  return options;
}

HelperOptions ScoutOptions(const std::string& project, const json& plan) {
  HelperOptions options = {.project = project, .name = UniqueHelperName(project, "survey")};
  options.command = {"scout", "survey", kPlanFile};
  options.network = "host";
  options.host_processes = true;
  options.capability = "SYS_ADMIN";
  options.more_capabilities = {"SYS_PTRACE"};
  options.memory_limit = kSurveyMemory;
  options.files = {{.path = kPlanFile, .content = plan.dump()}};
  return options;
}

std::vector<InterfacePrefix> Interfaces(const json& rows) {
  std::vector<InterfacePrefix> interfaces;
  for (const json& row : rows) interfaces.push_back({row.at("address"), row.at("prefix")});
  return interfaces;
}

void TakePlaces(const json& document, StackSurvey& survey) {
  const json& outside = document.at("outside");
  survey.bystander_listener = outside.at("address").get<std::string>() + ":" +
                              std::to_string(outside.at("port").get<int>());
  survey.host_addresses = Interfaces(document.at("host").at("addresses"));
  document.at("host").at("port").get_to(survey.host_listener);
}

void TakeMember(const json& document, StackSurvey& survey) {
  Sighting& sighting = survey.members[document.at("container").get<std::string>()];
  sighting.error = document.value("error", std::string());
  if (!sighting.error.empty()) return;
  sighting.interfaces = Interfaces(document.at("interfaces"));
  document.at("listening").get_to(sighting.listening);
}

void TakeSource(const json& document, StackSurvey& survey) {
  const auto source = document.at("source").get<std::string>();
  Sighting& sighting = source == "host"      ? survey.host
                       : source == "outside" ? survey.bystander
                                             : survey.members[source];
  document.at("attempts").get_to(sighting.attempts);
  document.at("connected").get_to(sighting.connected);
  document.at("refused").get_to(sighting.refused);
  document.at("resolved").get_to(sighting.resolved);
}

}  // namespace

std::vector<Member> MembersOf(const Stack& stack, const Engine& engine, const Contract& contract) {
  std::vector<Member> members;
  NetworkKinds kinds(engine);
  for (const Container& container : stack.Containers("")) {
    Member member = MemberOf(container, engine, contract, kinds);
    if (member.process > 0) members.push_back(std::move(member));
  }
  return members;
}

bool IsOfRun(const Contract& contract, const Member& member) {
  return member.team.empty() || contract.teams.empty() ||
         std::find(contract.teams.begin(), contract.teams.end(), member.team) !=
             contract.teams.end();
}

std::string AddressOf(const std::string& address_and_port) {
  const std::string address = address_and_port.substr(0, address_and_port.rfind(':'));
  return address.starts_with('[') ? address.substr(1, address.size() - 2) : address;
}

std::string WithPort(const std::string& address, int port) {
  const bool v6 = address.find(':') != std::string::npos;
  return (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

const std::vector<std::string>& StrangerAddresses() {
  static const std::vector<std::string> addresses = {"198.51.100.1", "203.0.113.1", "2001:db8::1"};
  return addresses;
}

const std::vector<int>& SensitivePorts() {
  static const std::vector<int> ports = {22, 2375, 6379, 8080};
  return ports;
}

std::vector<std::string> NamesToAskFor(const std::vector<Member>& members) {
  std::set<std::string> names = {std::string(kOutsideName)};
  for (const Member& member : members) {
    names.insert(member.service);
    if (member.role != Role::kWorker) names.insert(member.name);
  }
  return {names.begin(), names.end()};
}

void Take(std::string_view line, StackSurvey& survey) {
  const json document = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return;
  if (document.contains("error") && !document.contains("container")) {
    throw EnvironmentError("the survey failed: " + document.at("error").get<std::string>(),
                           "see what it says");
  }
  if (document.contains("outside")) TakePlaces(document, survey);
  if (document.contains("container")) TakeMember(document, survey);
  if (document.contains("source")) TakeSource(document, survey);
  if (document.contains("ended")) {
    survey.complete = true;
    document.at("attempts").get_to(survey.attempts);
    const auto refused = document.find("neighbours_refused");
    if (refused != document.end()) survey.neighbours_refused = refused->get<std::int64_t>();
  }
}

std::string WhyBlind(const StackSurvey& survey) {
  if (!survey.neighbours_refused) {
    return "the engine's network does not tell (/proc/net/stat/arp_cache) whether the kernel had "
           "room for all neighbours: run where the engine is in the machine's own network";
  }
  if (*survey.neighbours_refused == 0) return {};
  return "the kernel's table of neighbours was full " + std::to_string(*survey.neighbours_refused) +
         " times, and what was sent then was dropped: on the engine's machine raise "
         "net.ipv4.neigh.default.gc_thresh3, and that of ipv6";
}

StackSurvey Survey(const Engine& engine, const std::vector<Member>& members,
                   const SurveyOptions& options) {
  const Deadline deadline = Within(kSurveyTime);
  const Clock::time_point started = Clock::now();
  const HelperContainer bystander(engine, BystanderOptions(options.project));
  const json description = engine.Describe(ObjectKind::kContainer, bystander.id());
  const int process = description.at("State").at("Pid").get<int>();
  HelperContainer scout(engine, ScoutOptions(options.project, PlanOf(members, options, process)));
  scout.AwaitEnd(deadline);
  StackSurvey survey;
  for (const std::string& line : scout.Lines()) Take(line, survey);
  survey.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
  return survey;
}

json ToJson(const std::vector<Member>& members, const StackSurvey& survey) {
  json document = json::object();
  document["attempts"] = survey.attempts;
  document["took_ms"] = survey.took.count();
  document["sources"] = json::array();
  for (const Member& member : members) {
    const auto found = survey.members.find(member.name);
    if (found == survey.members.end()) continue;
    const Sighting& sighting = found->second;
    json row = json::object();
    row["container"] = member.name;
    row["service"] = member.service;
    row["team"] = member.team;
    row["addresses"] = json::object();
    for (const auto& [address, network] : member.addresses)
      row["addresses"][address] = network.name;
    row["attempts"] = sighting.attempts;
    row["connected"] = sighting.connected;
    row["refused"] = sighting.refused;
    row["resolved"] = sighting.resolved;
    row["listening"] = sighting.listening;
    if (!sighting.error.empty()) row["error"] = sighting.error;
    document["sources"].push_back(row);
  }
  return document;
}

}  // namespace proving_ground
