// Rules about the engine the stack runs on. They are reported about the engine, not about a
// service.
#include <fmt/format.h>

#include <algorithm>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

const nlohmann::json* InfoOf(const StackView& stack, Report& report) {
  const nlohmann::json* info = stack.info();
  if (info == nullptr) report.CannotEvaluate(Place{.object = "engine"}, "the engine was not asked");
  return info;
}

void Say(Report& report, const char* field, const std::string& evidence) {
  report.AddAt({.object = "engine", .field = field}, evidence);
}

bool HasOption(const nlohmann::json& info, std::string_view name) {
  const nlohmann::json* options = Member(info, "SecurityOptions");
  if (!IsArray(options)) return false;
  return std::any_of(options->begin(), options->end(), [&](const nlohmann::json& option) {
    return Text(&option).find("name=" + std::string(name)) == 0 || Text(&option) == name;
  });
}

void NoUserRemap(const StackView& stack, Report& report) {
  const nlohmann::json* info = InfoOf(stack, report);
  if (info != nullptr && !HasOption(*info, "userns") && !HasOption(*info, "rootless")) {
    Say(report, "SecurityOptions", "root in a container is root of the host");
  }
}

void NoSeccomp(const StackView& stack, Report& report) {
  const nlohmann::json* info = InfoOf(stack, report);
  if (info != nullptr && !HasOption(*info, "seccomp"))
    Say(report, "SecurityOptions", "the engine has no seccomp");
}

void SwarmOn(const StackView& stack, Report& report) {
  const nlohmann::json* info = InfoOf(stack, report);
  if (info != nullptr && Text(Path(*info, {"Swarm", "LocalNodeState"})) == "active") {
    Say(report, "Swarm.LocalNodeState", "swarm mode is on");
  }
}

bool IsLoopbackNetwork(const std::string& text) {
  return text.starts_with("127.") || text.starts_with("::1");
}

void InsecureRegistry(const StackView& stack, Report& report) {
  const nlohmann::json* info = InfoOf(stack, report);
  if (info == nullptr) return;
  const nlohmann::json* networks = Path(*info, {"RegistryConfig", "InsecureRegistryCIDRs"});
  if (IsArray(networks)) {
    for (const nlohmann::json& network : *networks) {
      if (!IsLoopbackNetwork(Text(&network))) {
        Say(report, "RegistryConfig.InsecureRegistryCIDRs",
            "trusts registries in " + ShownText(Text(&network), 60));
      }
    }
  }
  const nlohmann::json* indexes = Path(*info, {"RegistryConfig", "IndexConfigs"});
  if (!IsObject(indexes)) return;
  for (const auto& [name, index] : indexes->items()) {
    if (Text(Member(index, "Secure")) == "false") {
      Say(report, "RegistryConfig.IndexConfigs",
          "trusts registry " + ShownText(name, 60) + " without TLS");
    }
  }
}

void DebugMode(const StackView& stack, Report& report) {
  const nlohmann::json* info = InfoOf(stack, report);
  if (info == nullptr) return;
  if (Text(Member(*info, "Debug")) == "true") Say(report, "Debug", "debug mode is on");
  if (Text(Member(*info, "ExperimentalBuild")) == "true")
    Say(report, "ExperimentalBuild", "experimental features are on");
}

void MissingControllers(const StackView& stack, Report& report) {
  const nlohmann::json* info = InfoOf(stack, report);
  if (info == nullptr) return;
  for (const char* name : {"MemoryLimit", "CpuCfsQuota", "PidsLimit"}) {
    if (Text(Member(*info, name)) == "false") {
      Say(report, name, fmt::format("the kernel cannot enforce {}", name));
    }
  }
}

}  // namespace

std::vector<Rule> EngineRules() {
  using enum Severity;
  using enum Area;
  return {
      {"ISO-18", "CIS 2.9", kInfo, kIsolation, "The engine does not remap users",
       "Use userns-remap or a rootless engine where the host allows it.", NoUserRemap},
      {"ISO-24", "CIS 2.16", kHigh, kIsolation, "The engine has no seccomp",
       "Use an engine and kernel with seccomp.", NoSeccomp},
      {"ISO-17", "CIS 5.1", kLow, kIsolation, "The engine is in swarm mode",
       "Leave the swarm unless the stack is deployed to it.", SwarmOn},
      {"IMG-07", "CIS 2.5", kMedium, kImages, "The engine trusts registries without TLS",
       "Remove insecure-registries.", InsecureRegistry},
      {"ENG-01", "CIS 2.17", kLow, kIsolation,
       "Debug or experimental features of the engine are on", "Switch them off in daemon.json.",
       DebugMode},
      {"RES-24", "cgroups(7)", kHigh, kLimits, "The host cannot enforce a kind of limit",
       "Enable the controller in the kernel, or use another host.", MissingControllers},
  };
}

}  // namespace proving_ground::audit
