#include "support/attacks/reachability.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "support/load/verdict_builder.h"

namespace proving_ground {
namespace {

// The port at which a role serves; nullopt: none, or one that the contract does not know.
std::optional<int> PortOf(const Contract& contract, Role role) {
  switch (role) {
    case Role::kCoordinator:
      if (contract.driver.kind == DriverKind::kHttp) return contract.driver.port;
      return std::nullopt;
    case Role::kRedis:
      return contract.redis.port;
    case Role::kGateway:
      return contract.gateway.port;
    case Role::kWorker:
      return std::nullopt;
  }
  return std::nullopt;
}

bool MustConnect(Role from, Role to) {
  if (to == Role::kRedis) return from == Role::kCoordinator || from == Role::kGateway;
  return from == Role::kWorker && (to == Role::kCoordinator || to == Role::kGateway);
}

// Of a required pair, or of two that serve the same third one: they meet on its network.
bool MustMeet(Role from, Role to) {
  return MustConnect(from, to) || MustConnect(to, from) ||
         (from == Role::kGateway && to == Role::kCoordinator) ||
         (from == Role::kCoordinator && to == Role::kGateway) ||
         (from == Role::kCoordinator && to == Role::kCoordinator);  // replicas
}

bool AreOfDifferentTeams(const Member& from, const Member& to) {
  return !from.team.empty() && !to.team.empty() && from.team != to.team;
}

// An address and port of a member, by the text that surveys use.
struct Door {
  const Member* member;
  int port;
};

const char* PassageName(Passage passage) {
  switch (passage) {
    case Passage::kRequired:
      return "required";
    case Passage::kTolerated:
      return "tolerated";
    case Passage::kForbidden:
      return "forbidden";
    case Passage::kUnknown:
      break;
  }
  return "unknown";
}

// Ports of a container, at any of its addresses, to which a connection was made.
std::set<int> OpenPorts(const Member& to, const Sighting& sighting) {
  std::set<int> ports;
  for (const std::string& text : sighting.connected) {
    const std::size_t colon = text.rfind(':');
    if (to.addresses.contains(text.substr(0, colon)))
      ports.insert(std::stoi(text.substr(colon + 1)));
  }
  return ports;
}

// The parts of a judgement, while it is made.
class Judgement {
 public:
  Judgement(const Contract& contract, const std::vector<Member>& members, const StackSurvey& survey)
      : contract_(contract), members_(members), survey_(survey) {
    for (const Member& member : members) {
      for (const auto& [address, network] : member.addresses) owner_[address] = &member;
      // What the engine does not tell (an address that somebody gave it by hand).
      const auto found = survey.members.find(member.name);
      if (found == survey.members.end()) continue;
      for (const InterfacePrefix& own : found->second.interfaces) {
        owner_.emplace(own.address, &member);
      }
    }
  }

  // Why nothing can be said; empty: something can.
  std::string Unfit() const {
    if (!survey_.complete) return "the survey did not come to its end";
    for (const Member& member : members_) {
      if (!IsOfRun(contract_, member)) continue;
      if (const std::string missing = MissingPeerOf(member); !missing.empty()) {
        return "no container of " + missing + " runs: whether " + member.name +
               " reaches it was not tried";
      }
      const auto found = survey_.members.find(member.name);
      if (found == survey_.members.end() || found->second.attempts == 0) {
        const std::string why = found == survey_.members.end() ? "" : ": " + found->second.error;
        return "nothing was tried from " + member.name + why;
      }
    }
    return {};
  }

  void Judge() {
    for (const Member& from : members_) {
      const auto found = survey_.members.find(from.name);
      if (found == survey_.members.end()) continue;  // of a team that the run is not about
      const Sighting& sighting = found->second;
      for (const std::string& text : sighting.connected) JudgeConnection(from, text);
      for (const std::string& text : sighting.refused) {
        const auto door = DoorOf(text);
        if (!door || !Concerns(from, *door)) continue;
        if (AreOfDifferentTeams(from, *door->member)) Across(from, *door, "was refused by");
      }
      if (!IsOfRun(contract_, from)) continue;
      JudgeNames(from, sighting);
      JudgeRequired(from, sighting);
    }
  }

  Verdict Conclude(VerdictBuilder& builder) {
    const bool clean = forbidden_.empty() && across_.empty() && names_.empty();
    if (required_ == 0 && clean) {
      return builder.Inconclusive("the contract's roles require no connection");
    }
    const auto zero = [&](const char* name, const std::vector<std::string>& offences,
                          std::int64_t samples) {
      builder.AtMost(name, static_cast<double>(offences.size()), 0, "connections", samples);
      for (const std::string& offence : offences) builder.Detail(offence);
    };
    if (const std::string why = WhyBlind(survey_); clean && !why.empty()) {
      return builder.Inconclusive(why);
    }
    zero("connections against the policy", forbidden_, survey_.attempts);
    zero("answers from team to team", across_, survey_.attempts);
    zero("names that lead across networks", names_, names_tried_);
    builder.AtLeast("required connections made", made_, required_, "connections", required_);
    builder.AtLeast("required names resolved", named_, required_, "names", required_);
    for (const std::string& missing : missing_) builder.Detail(missing);
    return builder.Decide(
        std::to_string(survey_.attempts) + " connections tried from " +
        std::to_string(members_.size()) + " containers: " + std::to_string(made_) + " of " +
        std::to_string(required_) + " required ones were made, " +
        std::to_string(forbidden_.size()) + " forbidden ones, and " + std::to_string(tolerated_) +
        " that nobody needs and networks cannot tell from those");
  }

 private:
  // A service of the contract that the member must reach and that has no container.
  std::string MissingPeerOf(const Member& from) const {
    if (!from.role) return {};
    for (const ServiceRole& to : contract_.services) {
      const bool theirs = to.team.empty() || from.team.empty() || to.team == from.team;
      if (!theirs || !MustConnect(*from.role, to.role)) continue;
      if (std::none_of(members_.begin(), members_.end(),
                       [&](const Member& member) { return member.service == to.service; })) {
        return to.service;
      }
    }
    return {};
  }

  // A connection is judged for who makes it, and for the team that is reached.
  bool Concerns(const Member& from, const Door& door) const {
    return IsOfRun(contract_, from) ||
           (!door.member->team.empty() && IsOfRun(contract_, *door.member));
  }

  std::optional<Door> DoorOf(const std::string& text) const {
    const auto owner = owner_.find(AddressOf(text));
    if (owner == owner_.end()) return std::nullopt;
    return Door{owner->second, std::stoi(text.substr(text.rfind(':') + 1))};
  }

  static std::string Words(const Member& from, const Door& door, const std::string& verb) {
    return from.name + " " + verb + " " + door.member->name + " at port " +
           std::to_string(door.port);
  }

  void Across(const Member& from, const Door& door, const std::string& verb) {
    across_.push_back(Words(from, door, verb));
  }

  void JudgeConnection(const Member& from, const std::string& text) {
    const auto door = DoorOf(text);
    if (!door || door->member == &from) return;  // outside the stack: judged elsewhere
    if (!Concerns(from, *door)) return;
    switch (PassageBetween(contract_, from, *door->member, door->port)) {
      case Passage::kRequired:
        break;
      case Passage::kTolerated:
      case Passage::kUnknown:
        ++tolerated_;
        break;
      case Passage::kForbidden:
        forbidden_.push_back(Words(from, *door, "connects to") + " (" + text + ")");
    }
    if (AreOfDifferentTeams(from, *door->member)) Across(from, *door, "was answered by");
  }

  void JudgeNames(const Member& from, const Sighting& sighting) {
    std::set<std::string> networks;
    for (const auto& [address, network] : from.addresses) networks.insert(network.name);
    names_tried_ += static_cast<std::int64_t>(sighting.resolved.size());
    for (const auto& [name, addresses] : sighting.resolved) {
      for (const std::string& address : addresses) {
        const auto owner = owner_.find(address);
        if (owner == owner_.end()) continue;
        const auto network = owner->second->addresses.find(address);
        if (network == owner->second->addresses.end()) continue;
        if (networks.contains(network->second.name)) continue;
        names_.push_back(from.name + " resolves " + name + " to an address on " +
                         network->second.name);
      }
    }
  }

  // Each service that this one must reach: one address of each of its containers is enough.
  void JudgeRequired(const Member& from, const Sighting& sighting) {
    if (!from.role) return;
    for (const Member& to : members_) {
      if (!to.role || AreOfDifferentTeams(from, to) || !MustConnect(*from.role, *to.role)) continue;
      const std::optional<int> port = PortOf(contract_, *to.role);
      if (!port) continue;
      ++required_;
      const auto connects = [&](const std::string& address) {
        return sighting.connected.contains(WithPort(address, *port));
      };
      const bool made = std::any_of(to.addresses.begin(), to.addresses.end(),
                                    [&](const auto& entry) { return connects(entry.first); });
      made_ += made ? 1 : 0;
      const auto resolved = sighting.resolved.find(to.service);
      const bool named = resolved != sighting.resolved.end() &&
                         std::any_of(resolved->second.begin(), resolved->second.end(), connects);
      named_ += named ? 1 : 0;
      if (!made) missing_.push_back(from.name + " does not reach " + to.name);
      if (made && !named)
        missing_.push_back(from.name + " does not reach " + to.service + " by name");
    }
  }

  const Contract& contract_;
  const std::vector<Member>& members_;
  const StackSurvey& survey_;
  std::map<std::string, const Member*> owner_;
  std::vector<std::string> forbidden_, across_, names_, missing_;
  std::int64_t required_ = 0, made_ = 0, named_ = 0, tolerated_ = 0, names_tried_ = 0;
};

}  // namespace

Passage PassageBetween(const Contract& contract, const Member& from, const Member& to, int port) {
  if (!from.role || !to.role) return Passage::kUnknown;
  if (AreOfDifferentTeams(from, to)) return Passage::kForbidden;
  const std::optional<int> serves = PortOf(contract, *to.role);
  if (serves ? port != *serves : *to.role == Role::kWorker) return Passage::kForbidden;
  if (MustConnect(*from.role, *to.role)) return Passage::kRequired;
  return MustMeet(*from.role, *to.role) ? Passage::kTolerated : Passage::kForbidden;
}

Verdict JudgeReachability(const std::string& criterion, const Contract& contract,
                          const std::vector<Member>& members, const StackSurvey& survey) {
  VerdictBuilder builder(criterion, "");
  Judgement judgement(contract, members, survey);
  if (const std::string why = judgement.Unfit(); !why.empty()) return builder.Inconclusive(why);
  judgement.Judge();
  return judgement.Conclude(builder);
}

nlohmann::json ReachabilityPairs(const Contract& contract, const std::vector<Member>& members,
                                 const StackSurvey& survey) {
  struct Pair {
    Passage passage = Passage::kUnknown;
    std::int64_t tried = 0, connected = 0;
  };
  std::map<std::pair<std::string, std::string>, Pair> pairs;
  for (const Member& from : members) {
    const auto sighting = survey.members.find(from.name);
    if (sighting == survey.members.end() || sighting->second.attempts == 0) continue;
    for (const Member& to : members) {
      if (to.name == from.name) continue;
      const std::set<int> open = OpenPorts(to, sighting->second);
      std::set<int> ports = open;
      const auto serves = to.role ? PortOf(contract, *to.role) : std::nullopt;
      if (serves) ports.insert(*serves);
      for (const int port : ports) {
        Pair& pair = pairs[{from.service, to.service + ":" + std::to_string(port)}];
        pair.passage = PassageBetween(contract, from, to, port);
        ++pair.tried;
        pair.connected += open.contains(port) ? 1 : 0;
      }
    }
  }
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& [key, pair] : pairs) {
    nlohmann::json row = nlohmann::json::object();
    row["from"] = key.first;
    row["to"] = key.second;
    row["passage"] = PassageName(pair.passage);
    row["tried"] = pair.tried;
    row["connected"] = pair.connected;
    rows.push_back(row);
  }
  return rows;
}

}  // namespace proving_ground
