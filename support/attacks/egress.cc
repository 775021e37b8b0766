#include "support/attacks/egress.h"

#include <arpa/inet.h>

#include <algorithm>

#include "support/load/verdict_builder.h"

namespace proving_ground {
namespace {

std::string AddressOf(const std::string& text) { return text.substr(0, text.rfind(':')); }

bool IsStranger(const std::string& text) {
  const auto& strangers = StrangerAddresses();
  return std::find(strangers.begin(), strangers.end(), AddressOf(text)) != strangers.end();
}

bool HearsStrangers(const Sighting& sighting) {
  return std::any_of(sighting.connected.begin(), sighting.connected.end(), IsStranger) ||
         std::any_of(sighting.refused.begin(), sighting.refused.end(), IsStranger);
}

bool IsHostAddress(const StackSurvey& survey, const std::string& address) {
  return std::any_of(survey.host_addresses.begin(), survey.host_addresses.end(),
                     [&](const InterfacePrefix& own) { return own.address == address; });
}

bool IsOnlyInternal(const Member& member) {
  return std::all_of(member.addresses.begin(), member.addresses.end(),
                     [](const auto& entry) { return entry.second.internal; });
}

// Whether the way from the container to an address of the host leads over an internal network.
bool LeadsOverInternal(const Member& member, const Sighting& sighting, const std::string& address) {
  if (IsOnlyInternal(member)) return true;
  for (const InterfacePrefix& interface : sighting.interfaces) {
    const auto network = member.addresses.find(interface.address);
    if (network == member.addresses.end() || !network->second.internal) continue;
    if (IsOnSameNetwork(interface.address, address, interface.prefix)) return true;
  }
  return false;
}

std::string Unfit(const std::vector<Member>& members, const StackSurvey& survey) {
  if (!survey.complete) return "the survey did not come to its end";
  if (!survey.host.connected.contains(survey.bystander_listener)) {
    return "not even the host reaches the container outside the stack: that others do not proves "
           "nothing";
  }
  if (std::none_of(survey.bystander.connected.begin(), survey.bystander.connected.end(),
                   [&](const std::string& text) { return !IsStranger(text); })) {
    return "no container at all reaches the host here: that those of the stack do not proves "
           "nothing";
  }
  for (const Member& member : members) {
    const auto found = survey.members.find(member.name);
    if (found != survey.members.end() && found->second.attempts > 0) continue;
    return "nothing was tried from " + member.name;
  }
  return {};
}

}  // namespace

bool IsOnSameNetwork(const std::string& one, const std::string& other, int prefix) {
  in_addr a = {}, b = {};
  if (prefix < 1 || prefix > 32 || ::inet_pton(AF_INET, one.c_str(), &a) != 1 ||
      ::inet_pton(AF_INET, other.c_str(), &b) != 1) {
    return false;
  }
  return ((ntohl(a.s_addr) ^ ntohl(b.s_addr)) >> static_cast<unsigned>(32 - prefix)) == 0;
}

Verdict JudgeEgress(const std::string& criterion, const std::vector<Member>& members,
                    const StackSurvey& survey) {
  VerdictBuilder builder(criterion, "");
  if (const std::string why = Unfit(members, survey); !why.empty()) {
    return builder.Inconclusive(why);
  }
  std::int64_t outside = 0, strangers = 0, host = 0, names = 0, over_ports_networks = 0;
  for (const Member& member : members) {
    const Sighting& sighting = survey.members.at(member.name);
    if (sighting.connected.contains(survey.bystander_listener)) {
      ++outside;
      builder.Detail(member.name + " reaches a container outside the stack's networks");
    }
    if (HearsStrangers(sighting)) {
      ++strangers;
      builder.Detail(member.name + " gets answers from addresses outside this machine");
    }
    if (sighting.resolved.contains(std::string(kOutsideName))) {
      ++names;
      builder.Detail(member.name + " resolves names of the world outside");
    }
    for (const std::string& text : sighting.connected) {
      if (!IsHostAddress(survey, AddressOf(text))) continue;
      if (LeadsOverInternal(member, sighting, AddressOf(text))) {
        ++host;
        builder.Detail(member.name + " reaches the host at " + AddressOf(text) +
                       " over an internal network");
      } else {
        ++over_ports_networks;
      }
    }
  }
  const auto sources = static_cast<std::int64_t>(members.size());
  const auto at_most_none = [&](const char* name, std::int64_t observed) {
    builder.AtMost(name, static_cast<double>(observed), 0, "connections", sources);
  };
  at_most_none("ways to a container outside", outside);
  at_most_none("answers from addresses of nobody", strangers);
  at_most_none("ways to the host over internal networks", host);
  at_most_none("names of the world outside resolved", names);
  const bool strangers_answer = HearsStrangers(survey.bystander);
  return builder.Decide(
      "from " + std::to_string(sources) +
      " containers: the bystander and the host answered their controls, addresses of nobody " +
      (strangers_answer ? "answer an ordinary container"
                        : "answer no container here, so their silence proves nothing") +
      "; " + std::to_string(over_ports_networks) +
      " ways to the host lead over networks with published ports");
}

}  // namespace proving_ground
