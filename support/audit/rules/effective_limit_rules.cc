// Rules that compare limits as declared with those in force.
#include <fmt/format.h>

#include <cmath>

#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

// The kernel rounds memory to pages and CPU quotas to microseconds.
constexpr double kTolerance = 0.02;

// Expected: what the service declares, else what its container was created with.
template <typename Value>
std::optional<double> Expected(const std::optional<Value>& declared,
                               const std::optional<Value>& given) {
  if (declared) return static_cast<double>(*declared);
  if (given) return static_cast<double>(*given);
  return std::nullopt;
}

void Compare(const std::optional<double>& expected, const CgroupLimits::Limit& actual,
             const char* file, const std::string& what, Report& report) {
  if (!expected) return;  // a missing limit has a rule of its own
  if (!actual.known) return report.CannotEvaluate(fmt::format("{} could not be read", file));
  if (!actual.value)
    return report.Add(file, fmt::format("{}: declared {:g}, none in force", what, *expected));
  if (*actual.value > *expected * (1 + kTolerance)) {
    report.Add(file,
               fmt::format("{}: declared {:g}, in force {:g}", what, *expected, *actual.value));
  }
}

void MemoryInForce(const Subject& subject, Report& report) {
  const auto expected =
      Expected(subject.service.declared.limits.memory, subject.settings.limits.memory);
  Compare(expected, subject.container->live->limits.memory, "memory.max", "bytes", report);
}

void CpusInForce(const Subject& subject, Report& report) {
  const auto expected =
      Expected(subject.service.declared.limits.cpus, subject.settings.limits.cpus);
  Compare(expected, subject.container->live->limits.cpus, "cpu.max", "CPUs", report);
}

void PidsInForce(const Subject& subject, Report& report) {
  const auto expected =
      Expected(subject.service.declared.limits.pids, subject.settings.limits.pids);
  Compare(expected, subject.container->live->limits.pids, "pids.max", "processes", report);
}

// `docker update` changes limits of a running container behind the declaration's back.
void LimitsChanged(const Subject& subject, Report& report) {
  if (subject.service.model == nullptr) return;
  const Limits& declared = subject.service.declared.limits;
  const Limits& given = subject.settings.limits;
  const auto looser = [](const auto& wanted, const auto& got) {
    return wanted &&
           (!got || static_cast<double>(*got) > static_cast<double>(*wanted) * (1 + kTolerance));
  };
  if (looser(declared.memory, given.memory))
    report.Add("HostConfig.Memory", "memory limit is looser than declared");
  if (looser(declared.cpus, given.cpus))
    report.Add("HostConfig.NanoCpus", "CPU limit is looser than declared");
  if (looser(declared.pids, given.pids))
    report.Add("HostConfig.PidsLimit", "limit of processes is looser than declared");
}

}  // namespace

std::vector<Rule> EffectiveLimitRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"RES-09", "cgroups(7)", kHigh, kLimits, "A memory limit is declared and not in force",
       "Recreate the container; where it stays so, the host's memory controller is off.", kLive,
       MemoryInForce},
      {"RES-14", "cgroups(7)", kHigh, kLimits, "A CPU limit is declared and not in force",
       "Recreate the container; where it stays so, the host's CPU controller is off.", kLive,
       CpusInForce},
      {"RES-15", "cgroups(7)", kHigh, kLimits, "A limit of processes is declared and not in force",
       "Recreate the container; where it stays so, the host's pids controller is off.", kLive,
       PidsInForce},
      {"RES-23", "declared against effective", kHigh, kLimits,
       "A container was given looser limits than declared",
       "Recreate the container from its declaration.", kContainer, LimitsChanged},
  };
}

}  // namespace proving_ground::audit
