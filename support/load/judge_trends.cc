// The criteria that compare: growth over time, and teams with each other.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "support/load/histogram.h"
#include "support/load/judge.h"
#include "support/load/slope.h"
#include "support/load/verdict_builder.h"

namespace proving_ground {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr double kMebi = 1024.0 * 1024.0;
constexpr std::size_t kFewestPoints = 6;

double Seconds(milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

// Samples of the time in which as many tasks come as go: the number of running tasks has risen to
// its level after the longest think time, and falls from the moment when the tasks that would not
// end in time stop coming.
std::vector<ResourceSample> SteadySamples(const LoadRecording& recording) {
  const LoadContract& contract = recording.contract;
  std::vector<ResourceSample> steady;
  for (const ResourceSample& sample : recording.samples) {
    if (sample.at >= contract.think_max && sample.at <= contract.duration - contract.think_max) {
      steady.push_back(sample);
    }
  }
  return steady;
}

std::map<std::string, std::vector<SeriesPoint>> MemoryByRole(
    const std::vector<ResourceSample>& samples) {
  std::map<std::string, std::vector<SeriesPoint>> series;
  for (const ResourceSample& sample : samples) {
    for (const auto& [role, use] : sample.memory) {
      if (use.anonymous > 0) series[role].push_back({Seconds(sample.at), use.anonymous / kMebi});
    }
  }
  return series;
}

// Adds one measure per role; a reason when a role cannot be judged.
std::optional<std::string> AddMemory(const LoadRecording& recording,
                                     const std::vector<ResourceSample>& steady,
                                     VerdictBuilder& builder) {
  std::set<std::string> roles;
  for (const ResourceSample& sample : recording.samples) {
    for (const auto& [role, use] : sample.memory) roles.insert(role);
  }
  if (roles.empty()) return "no memory was sampled";
  auto series = MemoryByRole(steady);
  std::optional<std::string> missing;
  for (const std::string& role : roles) {
    const auto growth = RobustGrowth(series[role], kFewestPoints);
    if (!growth.has_value()) {
      missing = fmt::format("{} memory samples of role {} in the steady part, fewer than {}",
                            series[role].size(), role, kFewestPoints);
      continue;
    }
    const double limit = std::max(recording.contract.memory_growth_floor_mib,
                                  recording.contract.max_memory_growth * growth->start);
    builder.AtMost("memory growth of role " + role, growth->absolute, limit, "MiB",
                   static_cast<std::int64_t>(series[role].size()));
    builder.Detail(fmt::format("role {} went from {:.1f} MiB by {:+.1f} MiB", role, growth->start,
                               growth->absolute));
  }
  return missing;
}

// Tasks that the stack had accepted and not ended at a moment, as far as the harness had seen.
std::int64_t OpenTasks(const std::vector<LedgerEntry>& ledger, milliseconds at) {
  return std::count_if(ledger.begin(), ledger.end(), [at](const LedgerEntry& entry) {
    if (!entry.Accepted() || entry.answered.value_or(at) >= at) return false;
    for (const EventType end : {EventType::kFinished, EventType::kFailed}) {
      const LedgerEvent* event = entry.First(end);
      if (event != nullptr && event->seen <= at) return false;
    }
    return true;
  });
}

// Keys of open tasks are no leak: a backlog that grows has more of them, and is for others to
// judge.
std::optional<std::string> AddKeys(const LoadRecording& recording,
                                   const std::vector<ResourceSample>& steady,
                                   VerdictBuilder& builder) {
  std::vector<SeriesPoint> series;
  for (const ResourceSample& sample : steady) {
    if (!sample.keys.has_value()) continue;
    const double of_open_tasks = recording.contract.keys_per_open_task *
                                 static_cast<double>(OpenTasks(recording.ledger, sample.at));
    series.push_back({Seconds(sample.at), static_cast<double>(*sample.keys) - of_open_tasks});
  }
  const auto growth = RobustGrowth(series, kFewestPoints);
  if (!growth.has_value()) {
    return fmt::format("{} samples of the number of keys in the steady part, fewer than {}",
                       series.size(), kFewestPoints);
  }
  const std::int64_t finished = steady.back().finished - steady.front().finished;
  if (finished < 1) return "no task finished in the steady part";
  builder.AtMost("keys left per finished task",
                 std::max(growth->absolute, 0.0) / static_cast<double>(finished),
                 recording.contract.max_keys_per_task, "keys", finished);
  return std::nullopt;
}

struct TeamFigures {
  LatencyHistogram response;
  double throughput = 0;  // finished tasks per second, first arrival to last finish
};

TeamFigures Figures(const LoadRecording& recording, const std::string& team) {
  TeamFigures figures;
  milliseconds last{0};
  std::int64_t finished = 0;
  for (const LedgerEntry& entry : recording.ledger) {
    if (entry.task.team != team) continue;
    if (const auto response = entry.ResponseTime()) {
      figures.response.Add(*response);
      last = std::max(last, entry.First(EventType::kFinished)->seen);
      ++finished;
    }
  }
  if (last.count() > 0) figures.throughput = static_cast<double>(finished) / Seconds(last);
  return figures;
}

// max / min; infinite when the smallest is nothing.
double Ratio(double largest, double smallest) {
  return smallest > 0 ? largest / smallest : std::numeric_limits<double>::max();
}

void AddThroughput(const LoadRecording& recording, const std::map<std::string, TeamFigures>& teams,
                   VerdictBuilder& builder) {
  const auto [slowest, fastest] = std::minmax_element(
      teams.begin(), teams.end(),
      [](const auto& a, const auto& b) { return a.second.throughput < b.second.throughput; });
  builder.AtMost("throughput of " + fastest->first + " to that of " + slowest->first,
                 Ratio(fastest->second.throughput, slowest->second.throughput),
                 recording.contract.max_team_throughput_ratio, "ratio",
                 slowest->second.response.count());
}

// A reason when a team finished too few tasks to speak of a percentile.
std::optional<std::string> AddLatency(const LoadRecording& recording,
                                      const std::map<std::string, TeamFigures>& teams,
                                      VerdictBuilder& builder) {
  const microseconds floor = recording.contract.p99_floor;
  std::pair<microseconds, std::string> slowest{microseconds::min(), ""};
  std::pair<microseconds, std::string> fastest{microseconds::max(), ""};
  std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
  for (const auto& [team, figures] : teams) {
    const auto p99 = figures.response.Percentile(0.99, recording.contract.min_tasks_per_team);
    if (!p99.has_value()) {
      return fmt::format("{} finished {} tasks, fewer than {}", team, figures.response.count(),
                         recording.contract.min_tasks_per_team);
    }
    builder.Detail(fmt::format("{}: p99 {:.1f} ms of {} tasks, {:.3f} tasks/s", team,
                               static_cast<double>(p99->count()) / 1000, figures.response.count(),
                               figures.throughput));
    slowest = std::max(slowest, {std::max(*p99, floor), team});
    fastest = std::min(fastest, {std::max(*p99, floor), team});
    fewest = std::min(fewest, figures.response.count());
  }
  builder.AtMost(
      "p99 of " + slowest.second + " to that of " + fastest.second,
      Ratio(static_cast<double>(slowest.first.count()), static_cast<double>(fastest.first.count())),
      recording.contract.max_team_p99_ratio, "ratio", fewest);
  return std::nullopt;
}

}  // namespace

Verdict JudgeGrowth(const LoadRecording& recording) {
  VerdictBuilder builder("L-8", "");
  if (const auto unfit = UnfitReason(recording)) return builder.Inconclusive(*unfit);
  const std::vector<ResourceSample> steady = SteadySamples(recording);
  const auto memory = AddMemory(recording, steady, builder);
  const auto keys = AddKeys(recording, steady, builder);
  if (builder.AllHold()) {
    if (memory.has_value()) return builder.Inconclusive(*memory);
    if (keys.has_value()) return builder.Inconclusive(*keys);
  }
  return builder.Decide(fmt::format(
      "memory of every role and keys per finished task over {} samples of the steady part",
      steady.size()));
}

Verdict JudgeFairness(const LoadRecording& recording) {
  VerdictBuilder builder("L-9", "");
  if (const auto unfit = UnfitReason(recording)) return builder.Inconclusive(*unfit);
  if (recording.teams.size() < 2) {
    return builder.Inconclusive("one team alone has nobody to be compared with");
  }
  std::map<std::string, TeamFigures> teams;
  for (const std::string& team : recording.teams) teams[team] = Figures(recording, team);
  const bool all_idle = std::all_of(teams.begin(), teams.end(), [](const auto& team) {
    return team.second.response.count() == 0;
  });
  if (all_idle) return builder.Inconclusive("no task finished");
  AddThroughput(recording, teams, builder);
  const auto too_few = AddLatency(recording, teams, builder);
  if (too_few.has_value() && builder.AllHold()) return builder.Inconclusive(*too_few);
  return builder.Decide(
      fmt::format("{} teams under the same schedule, compared by throughput and p99 response time",
                  teams.size()));
}

}  // namespace proving_ground
