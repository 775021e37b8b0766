// Rules about who is connected to Redis, and as whom.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

// Services by the addresses of their containers.
std::map<std::string, const Service*> ServicesByAddress(const StackView& stack) {
  std::map<std::string, const Service*> services;
  for (const Service& service : stack.services()) {
    for (const Container& container : service.containers) {
      const nlohmann::json* networks = Path(*container.inspected, {"NetworkSettings", "Networks"});
      if (!IsObject(networks)) continue;
      for (const auto& [name, network] : networks->items()) {
        const std::string address = Text(Member(network, "IPAddress"));
        if (!address.empty()) services[address] = &service;
      }
    }
  }
  return services;
}

bool ReachesAllKeys(const StackView& stack, const std::string& name) {
  const auto& accounts = stack.redis()->accounts;
  return std::any_of(accounts.begin(), accounts.end(), [&](const RedisAccount& account) {
    const auto& patterns = account.key_patterns;
    return account.name == name &&
           std::find(patterns.begin(), patterns.end(), "*") != patterns.end();
  });
}

// What is wrong with a service that is logged in to this account; empty: nothing.
std::string TooMuch(const StackView& stack, const Service& service, const std::string& account) {
  const Contract& contract = stack.input().contract;
  if (account == "default") return "the default account";
  if (!contract.redis.operator_user.empty() && account == contract.redis.operator_user) {
    return "the operator's account";
  }
  if (FillPlaceholders(contract.driver.user, service.team) == account) return {};
  for (const std::string& team : contract.all_teams) {
    if (FillPlaceholders(contract.driver.user, team) != account) continue;
    return service.team.empty() ? "" : "the account of team " + team;
  }
  return ReachesAllKeys(stack, account) ? "an account that reaches all keys" : "";
}

void ConnectedAsAnother(const StackView& stack, Report& report) {
  if (stack.redis() == nullptr) return;
  if (!stack.input().redis_in_force) {
    return report.CannotEvaluate({.service = stack.redis()->service}, stack.input().redis_unread);
  }
  const auto services = ServicesByAddress(stack);
  for (const RedisConnection& connection : stack.input().redis_in_force->connections) {
    const auto service = services.find(connection.address);
    // Redis' own health check comes from inside; who comes from outside is nobody of the stack.
    if (service == services.end() || service->second->role == "redis") continue;
    const std::string much = TooMuch(stack, *service->second, connection.account);
    if (much.empty()) continue;
    report.AddAt({.service = service->second->name, .object = "connection to Redis", .field = "user"},
                 "is logged in to " + ShownText(much, 80));
  }
}

}  // namespace

std::vector<Rule> RedisConnectionRules() {
  return {{"RDS-32", "least privilege", Severity::kHigh, Area::kRedis,
           "A service uses an account of Redis that reaches more than its team's data",
           "Let it log in as the team it acts for: what its code lets through, Redis then refuses.",
           ConnectedAsAnother}};
}

}  // namespace proving_ground::audit
