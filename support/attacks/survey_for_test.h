// For tests only: a stack of two teams as a table, and the survey that its networks lead to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/attacks/stack_survey.h"

namespace proving_ground {

class SurveyForTest {
 public:
  // Networks of their own for each team; coordinators meet Redis one by one.
  SurveyForTest() {
    contract.all_teams = contract.teams = {"red", "blue"};
    Add("redis", Role::kRedis, "", {"store-red", "store-blue", "store-gateway"});
    Add("gateway", Role::kGateway, "", {"red", "blue", "store-gateway", "edge"});
    for (const std::string team : {"red", "blue"}) {
      Add(team + "-coordinator", Role::kCoordinator, team, {team, "store-" + team});
      Add(team + "-worker", Role::kWorker, team, {team});
    }
  }

  void Add(const std::string& service, std::optional<Role> role, const std::string& team,
           const std::vector<std::string>& networks) {
    Member member = {.name = service + "-1", .service = service, .role = role, .team = team};
    members.push_back(member);
    if (role) contract.services.push_back({service, *role, team});
    for (const std::string& network : networks) Attach(service, network);
  }

  void Attach(const std::string& service, const std::string& network) {
    Find(service).addresses[AddressIn(network)] = {network, network != "edge"};
  }

  Member& Find(const std::string& service) {
    for (Member& member : members) {
      if (member.service == service) return member;
    }
    throw std::out_of_range(service);
  }

  // What a survey finds where networks are all that keeps containers apart.
  StackSurvey Survey() const {
    StackSurvey survey = {.bystander_listener = "10.99.0.2:5000", .host_listener = 5001};
    survey.complete = true;
    survey.neighbours_refused = 0;
    survey.host.connected = {survey.bystander_listener};
    survey.host_addresses = {{"10.99.0.1", 24}};
    survey.bystander.connected = {"10.99.0.1:5001"};
    for (const Member& from : members) {
      Sighting& sighting = survey.members[from.name];
      sighting.attempts = 100;
      survey.attempts += sighting.attempts;
      for (const auto& [address, network] : from.addresses) {
        sighting.interfaces.push_back({address, 24});
      }
      for (const Member& to : members) {
        if (to.name != from.name) See(from, to, sighting);
      }
    }
    return survey;
  }

  Contract contract;
  std::vector<Member> members;

 private:
  static int PortOf(const Member& member) {
    if (member.role == Role::kRedis) return 6379;
    return member.role == Role::kWorker ? 0 : 8080;
  }

  static void See(const Member& from, const Member& to, Sighting& sighting) {
    for (const auto& [address, network] : to.addresses) {
      for (const auto& [own, own_network] : from.addresses) {
        if (own_network.name != network.name) continue;
        sighting.resolved[to.service].push_back(address);
        if (PortOf(to) != 0) sighting.connected.insert(address + ":" + std::to_string(PortOf(to)));
        sighting.refused.insert(address + ":22");
      }
    }
  }

  // "10.<number of the network>.0.<next>"
  std::string AddressIn(const std::string& network) {
    const auto number = numbers_.try_emplace(network, numbers_.size() + 1).first->second;
    return "10." + std::to_string(number) + ".0." + std::to_string(++hosts_);
  }

  std::map<std::string, std::size_t> numbers_;
  int hosts_ = 1;
};

}  // namespace proving_ground
