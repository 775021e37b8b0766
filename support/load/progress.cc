#include "support/load/progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/load/histogram.h"

namespace proving_ground {
namespace {

using std::chrono::microseconds;

constexpr double kKibi = 1024;

std::string Resources(const ResourceSample& sample) {
  std::string text = "memory";
  for (const auto& [role, use] : sample.memory) {
    text += fmt::format(" {} {}", role, BytesText(use.anonymous));
  }
  if (sample.memory.empty()) text += " -";
  text += " | redis ";
  text += sample.redis_used_memory.has_value() ? BytesText(*sample.redis_used_memory) : "-";
  text += ", keys ";
  text += sample.keys.has_value() ? std::to_string(*sample.keys) : "-";
  return text + ", ping " + LatencyText(sample.ping);
}

std::string Header(const LoadStatus& status) {
  return fmt::format("{} {:.0f}/{:.0f} s", status.phase,
                     static_cast<double>(status.elapsed.count()) / 1000,
                     static_cast<double>(status.duration.count()) / 1000);
}

}  // namespace

TeamStatus MakeTeamStatus(const std::string& team, int workers,
                          const std::vector<LedgerEntry>& entries, int minimum_samples) {
  LatencyHistogram histogram;
  for (const LedgerEntry& entry : entries) {
    if (entry.task.team != team) continue;
    if (const auto time = entry.ResponseTime()) histogram.Add(*time);
  }
  return {team, workers, Count(entries, team), histogram.Percentile(0.5, minimum_samples),
          histogram.Percentile(0.99, minimum_samples)};
}

std::string RenderTable(const LoadStatus& status) {
  std::size_t width = 4;
  for (const TeamStatus& team : status.teams) width = std::max(width, team.team.size());
  std::string text = Header(status) + "\n";
  text += fmt::format("{:<{}} {:>7} {:>6} {:>7} {:>5} {:>6} {:>7} {:>7} {:>10} {:>10}\n", "team",
                      width, "workers", "queued", "running", "done", "failed", "refused", "unknown",
                      "p50", "p99");
  for (const TeamStatus& team : status.teams) {
    const LedgerCounts& tasks = team.tasks;
    text +=
        fmt::format("{:<{}} {:>7} {:>6} {:>7} {:>5} {:>6} {:>7} {:>7} {:>10} {:>10}\n", team.team,
                    width, team.workers, tasks.queued, tasks.running, tasks.finished, tasks.failed,
                    tasks.refused, tasks.unknown, LatencyText(team.p50), LatencyText(team.p99));
  }
  return text + Resources(status.resources) + "\n";
}

std::string RenderLine(const LoadStatus& status) {
  int workers = 0;
  LedgerCounts sum;
  std::optional<microseconds> slowest;
  for (const TeamStatus& team : status.teams) {
    workers += team.workers;
    sum.planned += team.tasks.planned;
    sum.queued += team.tasks.queued;
    sum.running += team.tasks.running;
    sum.finished += team.tasks.finished;
    sum.failed += team.tasks.failed;
    if (team.p99.has_value()) slowest = std::max(slowest.value_or(*team.p99), *team.p99);
  }
  return fmt::format("{}: {} workers, {} queued, {} running, {} of {} done, {} failed, p99 {} | {}",
                     Header(status), workers, sum.queued, sum.running, sum.finished, sum.planned,
                     sum.failed, LatencyText(slowest), Resources(status.resources));
}

std::string LatencyText(std::optional<microseconds> latency) {
  if (!latency.has_value()) return "-";
  const auto count = static_cast<double>(latency->count());
  if (count < 1e6) return fmt::format("{:.1f} ms", count / 1e3);
  return fmt::format("{:.2f} s", count / 1e6);
}

std::string BytesText(double bytes) {
  if (bytes < kKibi * kKibi) return fmt::format("{:.1f} KiB", bytes / kKibi);
  return fmt::format("{:.1f} MiB", bytes / kKibi / kKibi);
}

}  // namespace proving_ground
