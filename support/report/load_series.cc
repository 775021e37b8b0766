#include "support/report/load_series.h"

#include <algorithm>
#include <cmath>

#include "support/load/histogram.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// Some sixty points show the course of a run, whatever its length.
constexpr double kPoints = 60;
// What a percentile needs at least, so that single tasks do not make it.
constexpr std::int64_t kFewestForP95 = 20;
constexpr std::int64_t kFewestForP99 = 100;

double Seconds(milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

std::optional<double> Milliseconds(std::optional<microseconds> duration) {
  if (!duration) return std::nullopt;
  return static_cast<double>(duration->count()) / 1000;
}

Latencies Summarized(const LatencyHistogram& histogram, std::int64_t for_p95,
                     std::int64_t for_p99) {
  Latencies latencies;
  latencies.samples = histogram.count();
  latencies.p50 = Milliseconds(histogram.Percentile(0.50, 1));
  latencies.p95 = Milliseconds(histogram.Percentile(0.95, for_p95));
  latencies.p99 = Milliseconds(histogram.Percentile(0.99, for_p99));
  if (histogram.count() > 0) latencies.max = Milliseconds(histogram.maximum());
  return latencies;
}

class TeamSeries {
 public:
  TeamSeries(const LoadRecording& recording, std::string team, double duration, double every)
      : recording_(recording), duration_(duration), every_(every) {
    load_.team = std::move(team);
    load_.points.resize(static_cast<std::size_t>(std::ceil(duration / every)));
    for (std::size_t i = 0; i < load_.points.size(); ++i) {
      load_.points[i].at = static_cast<double>(i) * every;
    }
    responses_.resize(load_.points.size());
  }

  TeamLoad Make() {
    CountWorkers();
    for (const LedgerEntry& entry : recording_.ledger) {
      if (entry.task.team == load_.team) Count(entry);
    }
    for (std::size_t i = 0; i < responses_.size(); ++i) {
      load_.points[i].response = Summarized(responses_[i], kFewestForP95, kFewestForP99);
    }
    // The criterion of fairness compares p99 from so many tasks on.
    const std::int64_t fewest = recording_.contract.min_tasks_per_team;
    load_.response = Summarized(response_, fewest, fewest);
    load_.service = Summarized(service_, fewest, fewest);
    if (duration_ > 0) load_.throughput = load_.finished / duration_;
    return std::move(load_);
  }

 private:
  void CountWorkers() {
    load_.workers = recording_.contract.workers_per_team;
    if (!recording_.worker_events) return;
    load_.complete_workers = static_cast<int>(std::count_if(
        recording_.workers.begin(), recording_.workers.end(), [&](const WorkerRecord& worker) {
          return worker.team == load_.team && Shortcoming(worker).empty();
        }));
  }

  // nullptr: outside the load phase.
  LoadPoint* PointAt(milliseconds moment) {
    const double position = Seconds(moment) / every_;
    if (position < 0 || position >= static_cast<double>(load_.points.size())) return nullptr;
    return &load_.points[static_cast<std::size_t>(position)];
  }

  void Count(const LedgerEntry& entry) {
    ++load_.planned;
    LoadPoint* submitted = entry.submitted ? PointAt(*entry.submitted) : nullptr;
    if (submitted != nullptr) ++submitted->submitted;
    if (entry.Accepted()) {
      ++load_.accepted;
      if (submitted != nullptr) ++submitted->accepted;
      if (!entry.Finished()) ++load_.unfinished;
    } else if (entry.submitted && entry.outcome == SubmitOutcome::kRefused) {
      ++load_.refused;
      if (submitted != nullptr) ++submitted->refused;
    }
    if (entry.Finished()) CountFinished(entry);
  }

  void CountFinished(const LedgerEntry& entry) {
    ++load_.finished;
    const LedgerEvent* finish = entry.First(EventType::kFinished);
    LoadPoint* point = finish == nullptr ? nullptr : PointAt(finish->seen);
    if (point != nullptr) ++point->finished;
    if (const auto response = entry.ResponseTime()) {
      response_.Add(*response);
      if (point != nullptr)
        responses_[static_cast<std::size_t>(point - &load_.points[0])].Add(*response);
    }
    if (const auto service = entry.ServiceTime()) service_.Add(*service);
  }

  const LoadRecording& recording_;
  const double duration_;
  const double every_;
  TeamLoad load_;
  LatencyHistogram response_;
  LatencyHistogram service_;
  std::vector<LatencyHistogram> responses_;  // by point
};

ResourcePoint PointOf(const ResourceSample& sample) {
  ResourcePoint point;
  point.at = Seconds(sample.at);
  for (const auto& [role, use] : sample.memory) point.memory_bytes[role] = use.anonymous;
  point.redis_bytes = sample.redis_used_memory;
  if (sample.keys) point.keys = static_cast<double>(*sample.keys);
  point.ping_ms = Milliseconds(sample.ping);
  return point;
}

}  // namespace

LoadSeries MakeLoadSeries(const LoadRecording& recording) {
  LoadSeries series;
  series.run_id = recording.run_id;
  series.seed = recording.seed;
  series.started = ParseUtc(recording.started_utc);
  series.complete = recording.complete;
  series.incomplete_reason = recording.incomplete_reason;
  const Phase* load = recording.FindPhase("load");
  series.duration = Seconds(load == nullptr ? recording.contract.duration : load->duration);
  series.every = std::max(1.0, std::ceil(series.duration / kPoints));
  for (const Phase& phase : recording.phases) {
    series.phases.push_back({phase.name, Seconds(phase.start), Seconds(phase.duration)});
  }
  for (const std::string& team : recording.teams) {
    series.teams.push_back(TeamSeries(recording, team, series.duration, series.every).Make());
  }
  for (const ResourceSample& sample : recording.samples) {
    series.resources.push_back(PointOf(sample));
  }
  for (const PingGap& gap : recording.pings.gaps) {
    series.ping_gaps.push_back({"", Seconds(gap.at), Seconds(gap.length)});
  }
  series.pings_sent = recording.pings.sent;
  series.pings_answered = recording.pings.answered;
  series.longest_ping_gap_ms = static_cast<double>(recording.pings.longest.length.count());
  return series;
}

}  // namespace proving_ground
