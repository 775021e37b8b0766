// Rules about limits as they are set.
#include <fmt/format.h>

#include <algorithm>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

constexpr SettingName kMemory{"deploy.resources.limits.memory", "HostConfig.Memory"};
constexpr SettingName kSwap{"memswap_limit", "HostConfig.MemorySwap"};
constexpr SettingName kCpus{"deploy.resources.limits.cpus", "HostConfig.NanoCpus"};
constexpr SettingName kPids{"deploy.resources.limits.pids", "HostConfig.PidsLimit"};
constexpr SettingName kUlimits{"ulimits", "HostConfig.Ulimits"};

// More than any service of a worker platform needs: beyond it a limit is one by name only.
constexpr std::int64_t kMostPids = 32'768;
constexpr std::int64_t kMostFiles = 524'288;
constexpr std::int64_t kDefaultSharedMemory = std::int64_t{64} << 20;  // the engine's
constexpr std::int64_t kMostSharedMemory = std::int64_t{1} << 30;

std::optional<std::int64_t> HostMemory(const StackView& stack) {
  const auto memory =
      stack.info() == nullptr ? std::nullopt : Integer(Member(*stack.info(), "MemTotal"));
  return memory.value_or(0) > 0 ? memory : std::nullopt;
}

void NoMemoryLimit(const Subject& subject, Report& report) {
  if (!subject.settings.limits.memory) report.AddSetting(kMemory, "no memory limit");
}

void MemoryBeyondHost(const Subject& subject, Report& report) {
  const auto host = HostMemory(subject.stack);
  const auto& memory = subject.settings.limits.memory;
  if (host && memory && *memory >= *host)
    report.AddSetting(kMemory, "memory limit is not below the host's memory");
}

void NoCpuBound(const Subject& subject, Report& report) {
  const Limits& limits = subject.settings.limits;
  if (!limits.cpus && !limits.other_cpu_bound) report.AddSetting(kCpus, "no CPU limit");
}

std::optional<double> HostCpus(const StackView& stack) {
  const auto cpus = stack.info() == nullptr ? std::nullopt : Integer(Member(*stack.info(), "NCPU"));
  if (cpus.value_or(0) <= 0) return std::nullopt;
  return static_cast<double>(*cpus);
}

// The engine refuses such a number of CPUs, but takes any quota.
void CpusBeyondHost(const Subject& subject, Report& report) {
  const auto host = HostCpus(subject.stack);
  const auto& cpus = subject.settings.limits.cpus;
  if (host && cpus && *cpus > *host) {
    report.AddSetting({"cpu_quota", "HostConfig.CpuQuota"}, "CPU limit is above the host's CPUs");
  }
}

void NoPidLimit(const Subject& subject, Report& report) {
  if (!subject.settings.limits.pids) report.AddSetting(kPids, "no limit of processes");
}

void HugePidLimit(const Subject& subject, Report& report) {
  const auto& pids = subject.settings.limits.pids;
  if (pids && *pids > kMostPids) report.AddSetting(kPids, "limit of processes is above 32768");
}

void UnlimitedSwap(const Subject& subject, Report& report) {
  const Limits& limits = subject.settings.limits;
  if (!limits.memory || !limits.memory_and_swap) return;
  if (*limits.memory_and_swap < 0) return report.AddSetting(kSwap, "swap without limit");
  const auto host = HostMemory(subject.stack);
  if (host && *limits.memory_and_swap - *limits.memory >= *host) {
    report.AddSetting(kSwap, "limit of swap is not below the host's memory");
  }
}

void OutOfMemoryKillerOff(const Subject& subject, Report& report) {
  const Limits& limits = subject.settings.limits;
  if (limits.oom_kill_disabled) {
    report.AddSetting({"oom_kill_disable", "HostConfig.OomKillDisable"},
                      "is not killed when out of memory");
  }
  if (limits.oom_score < 0) {
    report.AddSetting({"oom_score_adj", "HostConfig.OomScoreAdj"},
                      "others are killed first when out of memory");
  }
}

const Ulimit* FindUlimit(const Limits& limits, std::string_view name) {
  const auto found = std::find_if(limits.ulimits.begin(), limits.ulimits.end(),
                                  [&](const Ulimit& ulimit) { return ulimit.name == name; });
  return found == limits.ulimits.end() ? nullptr : &*found;
}

void NoFileLimit(const Subject& subject, Report& report) {
  if (FindUlimit(subject.settings.limits, "nofile") == nullptr) {
    report.AddSetting(kUlimits, "no limit of open files");
  }
}

void HugeFileLimit(const Subject& subject, Report& report) {
  for (const char* name : {"nofile", "nproc"}) {
    const Ulimit* ulimit = FindUlimit(subject.settings.limits, name);
    if (ulimit == nullptr) continue;
    const bool none = ulimit->hard < 0 || ulimit->soft < 0 || ulimit->hard > kMostFiles;
    if (none) report.Add(ulimit->field, fmt::format("{} is as good as unlimited", name));
  }
}

void CoreFiles(const Subject& subject, Report& report) {
  const Ulimit* ulimit = FindUlimit(subject.settings.limits, "core");
  if (ulimit == nullptr || ulimit->hard != 0)
    report.AddSetting(kUlimits, "core files are not switched off");
}

void MemoryLock(const Subject& subject, Report& report) {
  const Ulimit* ulimit = FindUlimit(subject.settings.limits, "memlock");
  if (ulimit != nullptr && (ulimit->hard < 0 || ulimit->soft < 0)) {
    report.Add(ulimit->field, "memory may be locked without limit");
  }
}

void HugeSharedMemory(const Subject& subject, Report& report) {
  const Limits& limits = subject.settings.limits;
  const auto& shared = limits.shared_memory;
  if (!shared || *shared <= kDefaultSharedMemory) return;
  if (*shared > kMostSharedMemory || (limits.memory && *shared > *limits.memory)) {
    report.AddSetting({"shm_size", "HostConfig.ShmSize"},
                      "shared memory is larger than the memory limit or 1 GiB");
  }
}

void RealtimeScheduling(const Subject& subject, Report& report) {
  const Ulimit* priority = FindUlimit(subject.settings.limits, "rtprio");
  const bool allowed = priority != nullptr && priority->hard != 0;
  if (subject.settings.limits.realtime || allowed) {
    report.AddSetting({"cpu_rt_runtime", "HostConfig.CpuRealtimeRuntime"},
                      "real-time scheduling is allowed");
  }
}

std::int64_t Replicas(const Service& service) {
  if (!service.containers.empty()) return static_cast<std::int64_t>(service.containers.size());
  auto replicas = Integer(Path(*service.model, {"deploy", "replicas"}));
  if (!replicas) replicas = Integer(Member(*service.model, "scale"));
  return std::clamp<std::int64_t>(replicas.value_or(1), 0, 100'000);
}

void MoreThanTheHostHas(const StackView& stack, Report& report) {
  const auto host = HostMemory(stack);
  if (!host) return report.CannotEvaluate("the host's memory is not known");
  double sum = 0;
  for (const Service& service : stack.services()) {
    if (service.model == nullptr || !service.declared.limits.memory) continue;
    sum += static_cast<double>(*service.declared.limits.memory) *
           static_cast<double>(Replicas(service));
  }
  if (sum <= static_cast<double>(*host)) return;
  constexpr double kMebibyte = 1 << 20;
  report.AddAt({.object = "stack", .field = "services"},
               fmt::format("memory limits add up to {:.0f} MiB, the host has {:.0f} MiB",
                           sum / kMebibyte, static_cast<double>(*host) / kMebibyte));
}

}  // namespace

std::vector<Rule> LimitRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"RES-01", "CIS 5.11", kHigh, kLimits, "No memory limit",
       "Set deploy.resources.limits.memory.", kSettings, NoMemoryLimit},
      {"RES-16", "CIS 5.11", kMedium, kLimits, "Memory limit is as large as the host",
       "Lower it to what the service needs.", kSettings, MemoryBeyondHost},
      {"RES-02", "CIS 5.12", kMedium, kLimits, "No CPU limit", "Set deploy.resources.limits.cpus.",
       kSettings, NoCpuBound},
      {"RES-26", "CIS 5.12", kMedium, kLimits, "CPU limit is above what the host has",
       "Lower cpu_quota to what the service needs.", kSettings, CpusBeyondHost},
      {"RES-03", "CIS 5.29", kHigh, kLimits, "No limit of processes",
       "Set deploy.resources.limits.pids.", kSettings, NoPidLimit},
      {"RES-17", "CIS 5.29", kMedium, kLimits, "Limit of processes is too high to help",
       "Lower it to what the service needs.", kSettings, HugePidLimit},
      {"RES-04", "Docker: resource constraints", kMedium, kLimits, "Swap is not limited",
       "Remove memswap_limit, or set it to what the service needs.", kSettings, UnlimitedSwap},
      {"RES-05", "Docker: resource constraints", kHigh, kLimits, "Is spared when memory runs out",
       "Remove oom_kill_disable, and negative values of oom_score_adj.", kSettings,
       OutOfMemoryKillerOff},
      {"RES-06", "CIS 5.19", kMedium, kLimits, "No limit of open files", "Set ulimits.nofile.",
       kSettings, NoFileLimit},
      {"RES-12", "CIS 5.19", kMedium, kLimits, "A ulimit is as good as none",
       "Lower ulimits.nofile and ulimits.nproc to what the service needs.", kSettings,
       HugeFileLimit},
      {"RES-13", "core(5)", kLow, kSecrets, "Core files may be written",
       "Set ulimits.core to 0: a core file holds the secrets of the process.", kSettings,
       CoreFiles},
      {"RES-22", "getrlimit(2)", kLow, kLimits, "Memory may be locked without limit",
       "Remove ulimits.memlock, or give it a number.", kSettings, MemoryLock},
      {"RES-18", "shm_overview(7)", kLow, kLimits, "Shared memory is larger than it should be",
       "Lower shm_size below the memory limit.", kSettings, HugeSharedMemory},
      {"RES-19", "sched(7)", kMedium, kLimits, "Real-time scheduling is allowed",
       "Remove cpu_rt_runtime and ulimits.rtprio: one busy loop would hold a CPU for good.",
       kSettings, RealtimeScheduling},
      {"RES-08", "declared against the host", kMedium, kLimits,
       "Memory limits add up to more than the host has",
       "Lower limits or replicas, or move services to another host.", MoreThanTheHostHas},
  };
}

}  // namespace proving_ground::audit
