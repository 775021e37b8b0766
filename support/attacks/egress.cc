#include "support/attacks/egress.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "support/load/verdict_builder.h"

namespace proving_ground {
namespace {

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

// The addresses at which a container reaches the host, by the kind of way.
struct WaysToHost {
  std::vector<std::string> over_internal;
  std::int64_t over_others = 0;
};

WaysToHost WaysOf(const Member& member, const Sighting& sighting, const StackSurvey& survey) {
  WaysToHost ways;
  for (const std::string& text : sighting.connected) {
    const std::string address = AddressOf(text);
    if (!IsHostAddress(survey, address)) continue;
    if (LeadsOverInternal(member, sighting, address)) {
      ways.over_internal.push_back(address);
    } else {
      ++ways.over_others;
    }
  }
  return ways;
}

// What was found, container by container.
struct Leaks {
  std::int64_t outside = 0, strangers = 0, names = 0, host = 0;
  std::int64_t over_others = 0;  // ways to the host that are not judged

  void Count(const Member& member, const StackSurvey& survey, VerdictBuilder& builder) {
    const Sighting& sighting = survey.members.at(member.name);
    const auto leak = [&](std::int64_t& count, bool found, const std::string& what) {
      if (!found) return;
      ++count;
      builder.Detail(member.name + " " + what);
    };
    leak(outside, sighting.connected.contains(survey.bystander_listener),
         "reaches a container outside the stack's networks");
    leak(strangers, HearsStrangers(sighting), "gets answers from addresses outside this machine");
    leak(names, sighting.resolved.contains(std::string(kOutsideName)),
         "resolves names of the world outside");
    const WaysToHost ways = WaysOf(member, sighting, survey);
    over_others += ways.over_others;
    if (ways.over_internal.empty()) return;
    leak(host, true,
         "reaches the host over an internal network, at " + ways.over_internal.front() + " and " +
             std::to_string(ways.over_internal.size() - 1) + " more of its addresses");
  }
};

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
    if (found == survey.members.end() || found->second.attempts == 0) {
      return "nothing was tried from " + member.name;
    }
    if (found->second.resolved.empty() && !member.addresses.empty()) {
      return "the name server told " + member.name +
             " no name at all: that it tells none of the world outside proves nothing";
    }
  }
  return {};
}

}  // namespace

bool IsOnSameNetwork(const std::string& one, const std::string& other, int prefix) {
  for (const auto& [family, bits] : {std::pair(AF_INET, 32), std::pair(AF_INET6, 128)}) {
    std::array<unsigned char, 16> a{}, b{};
    if (prefix < 1 || prefix > bits || ::inet_pton(family, one.c_str(), a.data()) != 1 ||
        ::inet_pton(family, other.c_str(), b.data()) != 1) {
      continue;
    }
    int same = 0;
    while (same < bits) {
      const auto byte = static_cast<std::size_t>(same / 8);
      const int difference = (a.at(byte) ^ b.at(byte)) >> (7 - same % 8);
      if ((difference & 1) != 0) break;
      ++same;
    }
    return same >= prefix;
  }
  return false;
}

Verdict JudgeEgress(const std::string& criterion, const std::vector<Member>& members,
                    const StackSurvey& survey) {
  VerdictBuilder builder(criterion, "");
  if (const std::string why = Unfit(members, survey); !why.empty()) {
    return builder.Inconclusive(why);
  }
  Leaks leaks;
  for (const Member& member : members) leaks.Count(member, survey, builder);
  const auto sources = static_cast<std::int64_t>(members.size());
  const auto at_most_none = [&](const char* name, std::int64_t observed) {
    builder.AtMost(name, static_cast<double>(observed), 0, "containers", sources);
  };
  at_most_none("reach a container outside", leaks.outside);
  at_most_none("hear from addresses of nobody", leaks.strangers);
  at_most_none("reach the host over internal networks", leaks.host);
  at_most_none("resolve names of the world outside", leaks.names);
  if (const std::string why = WhyBlind(survey); !why.empty() && builder.AllHold()) {
    return builder.Inconclusive(why);
  }
  return builder.Decide(
      "from " + std::to_string(sources) +
      " containers: the bystander and the host answered their controls, addresses of nobody " +
      (HearsStrangers(survey.bystander) ? "answer an ordinary container"
                                        : "answer no container here, so their silence proves "
                                          "nothing") +
      "; " + std::to_string(leaks.over_others) +
      " ways to the host lead over networks with published ports");
}

}  // namespace proving_ground
