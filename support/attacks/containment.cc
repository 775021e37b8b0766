#include "support/attacks/containment.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "support/base/errors.h"
#include "support/faults/helper_container.h"
#include "support/load/verdict_builder.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr std::int64_t kMebibyte = 1 << 20;
constexpr std::int64_t kMemoryAbove = 16 * kMebibyte;
constexpr std::int64_t kProcessesAbove = 8;
constexpr int kKilled = 137;  // exit code of a process that SIGKILL ended
// More than this is not tried: what a service may take is then no longer bounded.
constexpr std::int64_t kMostMemory = std::int64_t{4096} * kMebibyte;
constexpr std::int64_t kMostProcesses = 4096;
constexpr auto kTrialTime = seconds(30);

// The members of HostConfig that hold a container back.
constexpr std::array<const char*, 19> kLimitMembers = {"Memory",
                                                       "MemorySwap",
                                                       "MemoryReservation",
                                                       "MemorySwappiness",
                                                       "OomKillDisable",
                                                       "OomScoreAdj",
                                                       "NanoCpus",
                                                       "CpuQuota",
                                                       "CpuPeriod",
                                                       "CpuShares",
                                                       "CpusetCpus",
                                                       "CpusetMems",
                                                       "CpuRealtimePeriod",
                                                       "CpuRealtimeRuntime",
                                                       "PidsLimit",
                                                       "Ulimits",
                                                       "CgroupParent",
                                                       "BlkioWeight",
                                                       "ShmSize"};

std::int64_t Number(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || !found->is_number() ? 0 : found->get<std::int64_t>();
}

ServiceLimits ReadLimits(const json& host_config) {
  json taken = json::object();
  for (const char* const name : kLimitMembers) {
    const auto found = host_config.find(name);
    if (found != host_config.end() && !found->is_null()) taken[name] = *found;
  }
  // The engine lists them in any order.
  if (taken.contains("Ulimits")) std::sort(taken["Ulimits"].begin(), taken["Ulimits"].end());
  return {.services = {},
          .memory = Number(taken, "Memory"),
          .memory_and_swap = Number(taken, "MemorySwap"),
          .processes = Number(taken, "PidsLimit"),
          .host_limits = taken.dump()};
}

// A number of /proc/meminfo, in bytes. The engine's host is this machine, or one like it.
std::int64_t OfHost(const std::string& name) {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    std::int64_t kibibytes = 0;
    if (word == name + ":" && file >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

HelperOptions Options(const std::string& project, const ContainmentTrial& trial) {
  HelperOptions options = {.project = project, .name = UniqueHelperName(project, "exhaust")};
  options.command = {"scout", "exhaust", "--bytes=" + std::to_string(trial.memory_tried),
                     "--spawns=" + std::to_string(trial.spawns_tried)};
  options.host_limits = trial.limits.host_limits;
  return options;
}

void Read(const std::string& line, ContainmentTrial& trial) {
  const json document = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return;
  if (document.contains("spawned")) {
    document.at("spawned").get_to(trial.spawned);
    document.at("spawn_refused").get_to(trial.spawn_refusal);
  }
  if (document.contains("touched") && document.at("touched") >= trial.memory_tried / 2) {
    trial.half_was_given = true;
  }
  if (document.contains("refused")) trial.memory_contained = true;
  if (document.contains("escaped")) trial.escaped = true;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// What trials came to.
struct Containments {
  std::int64_t unlimited = 0, tried = 0, memory = 0, spawns = 0, services = 0;
  int escapes = 0;    // trials that got more than allowed
  std::string unfit;  // why some trial tells nothing

  void Count(const ContainmentTrial& trial, VerdictBuilder& builder) {
    const std::string who = Joined(trial.limits.services);
    services += static_cast<std::int64_t>(trial.limits.services.size());
    if (!trial.not_tried.empty()) {
      unfit = who + ": " + trial.not_tried;
    } else if (trial.memory_tried == 0) {
      ++unlimited;
      builder.Detail("without a limit of memory or of processes: " + who);
    } else {
      CountTried(trial, who, builder);
    }
  }

 private:
  void CountTried(const ContainmentTrial& trial, const std::string& who, VerdictBuilder& builder) {
    ++tried;
    if (!trial.half_was_given || trial.spawned == 0) {
      unfit = "the helper under the limits of " + who + " could not do half of what is allowed";
    }
    if (trial.memory_contained) {
      ++memory;
    } else if (!trial.escaped) {
      unfit =
          "the helper under the limits of " + who + " ended before it had tried more than allowed";
    } else {
      ++escapes;
      builder.Detail("under the limits of " + who + " a process got " +
                     std::to_string(trial.memory_tried / kMebibyte) + " MiB");
    }
    if (!trial.spawn_refusal.empty() && trial.spawned <= trial.limits.processes) {
      ++spawns;
    } else {
      if (trial.spawned > trial.limits.processes) ++escapes;
      builder.Detail("under the limits of " + who + " " + std::to_string(trial.spawned) +
                     " processes could be started");
    }
  }
};

std::int64_t CountChanged(const Vitals& before, const Vitals& after, VerdictBuilder& builder) {
  std::int64_t changed = 0;
  for (const auto& [name, vitals] : before) {
    const auto found = after.find(name);
    if (found != after.end() && found->second == vitals) continue;
    ++changed;
    builder.Detail(name + " did not live through it unchanged");
  }
  return changed;
}

}  // namespace

std::vector<ServiceLimits> LimitsOf(const Stack& stack, const Engine& engine,
                                    const std::set<std::string>& left_out) {
  std::map<std::string, ServiceLimits> sets;
  std::map<std::string, std::set<std::string>> services;
  for (const Container& container : stack.Containers("")) {
    if (left_out.contains(container.service)) continue;
    const json description = engine.Describe(ObjectKind::kContainer, container.id);
    ServiceLimits limits = ReadLimits(description.at("HostConfig"));
    services[limits.host_limits].insert(container.service);
    sets[limits.host_limits] = std::move(limits);
  }
  std::vector<ServiceLimits> all;
  for (auto& [key, limits] : sets) {
    limits.services.assign(services[key].begin(), services[key].end());
    all.push_back(std::move(limits));
  }
  return all;
}

std::optional<std::int64_t> MemoryToTry(const ServiceLimits& limits, std::int64_t swap_of_host) {
  if (limits.memory <= 0) return std::nullopt;
  // Where the host swaps, what exceeds the memory goes to the swap that the container may use.
  std::int64_t most = limits.memory;
  if (swap_of_host > 0) {
    const std::int64_t with_swap =
        limits.memory_and_swap == 0 ? 2 * limits.memory : limits.memory_and_swap;
    most = with_swap < 0 ? limits.memory + swap_of_host : std::max(most, with_swap);
  }
  return most + kMemoryAbove;
}

std::int64_t ProcessesToTry(const ServiceLimits& limits) {
  return limits.processes <= 0 ? 0 : limits.processes + kProcessesAbove;
}

ContainmentTrial TryContainment(const Engine& engine, const std::string& project,
                                const ServiceLimits& limits) {
  ContainmentTrial trial = {.limits = limits};
  const auto memory = MemoryToTry(limits, OfHost("SwapFree"));
  trial.spawns_tried = ProcessesToTry(limits);
  if (!memory || trial.spawns_tried == 0) return trial;  // no limit: judged as such
  trial.memory_tried = *memory;
  if (*memory > kMostMemory || *memory > OfHost("MemAvailable") / 2) {
    trial.not_tried = "its memory limit is more than this machine can spare for a trial";
    return trial;
  }
  if (trial.spawns_tried > kMostProcesses) {
    trial.not_tried = "its limit of processes is more than is tried";
    return trial;
  }
  HelperContainer helper(engine, Options(project, trial));
  helper.AwaitEnd(Within(kTrialTime));
  const ContainerDetails end = engine.InspectContainer(helper.id());
  NoteEnd(helper.Lines(), end.out_of_memory, end.exit_code, trial);
  return trial;
}

void NoteEnd(const std::vector<std::string>& lines, bool out_of_memory, int exit_code,
             ContainmentTrial& trial) {
  for (const std::string& line : lines) Read(line, trial);
  trial.killed = out_of_memory || (exit_code == kKilled && trial.half_was_given && !trial.escaped);
  trial.memory_contained = trial.memory_contained || trial.killed;
}

Vitals VitalsOf(const Stack& stack, const Engine& engine) {
  Vitals vitals;
  for (const Container& container : stack.Containers("")) {
    const ContainerDetails details = engine.InspectContainer(container.id);
    vitals[container.name] = std::string(StateName(details.state)) + " since " +
                             std::to_string(details.started_at.time_since_epoch().count()) +
                             (details.out_of_memory ? ", was out of memory" : "");
  }
  return vitals;
}

Verdict JudgeContainment(const std::string& criterion, const std::vector<ContainmentTrial>& trials,
                         const Vitals& before, const Vitals& after) {
  VerdictBuilder builder(criterion, "");
  if (trials.empty()) return builder.Inconclusive("the stack has no containers");
  Containments found;
  for (const ContainmentTrial& trial : trials) found.Count(trial, builder);
  const std::int64_t changed = CountChanged(before, after, builder);
  const auto as_double = [](std::int64_t number) { return static_cast<double>(number); };
  builder.AtMost("sets of limits that lack one", as_double(found.unlimited), 0, "sets",
                 static_cast<std::int64_t>(trials.size()));
  builder.AtMost("neighbours changed", as_double(changed), 0, "containers",
                 static_cast<std::int64_t>(before.size()));
  if (!found.unfit.empty() && found.escapes == 0 && builder.AllHold())
    return builder.Inconclusive(found.unfit);
  builder.AtLeast("allocations contained", as_double(found.memory), as_double(found.tried),
                  "trials", found.tried);
  builder.AtLeast("spawns contained", as_double(found.spawns), as_double(found.tried), "trials",
                  found.tried);
  return builder.Decide(
      "a little more than allowed was tried under " + std::to_string(trials.size()) +
      " sets of limits of " + std::to_string(found.services) +
      " services: " + std::to_string(found.memory) + " allocations and " +
      std::to_string(found.spawns) + " spawns contained, " +
      std::to_string(static_cast<std::int64_t>(before.size()) - changed) + " containers unmoved");
}

}  // namespace proving_ground
