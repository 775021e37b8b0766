// How long does checking a long history take, and does it grow in step with its length?

#include <benchmark/benchmark.h>

#include "support/faults/downtime.h"
#include "support/faults/history_check.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

// One operation in ten is a write, one in twenty unknown; an outage of 1,000 operations in the
// middle.
History LongHistory(std::int64_t length) {
  History history(static_cast<std::size_t>(length));
  for (std::int64_t i = 0; i < length; ++i) {
    Operation& operation = history[static_cast<std::size_t>(i)];
    operation.kind = i % 10 == 0 ? OperationKind::kWrite : OperationKind::kTask;
    operation.id = "bench-7d1f03a9-" + std::to_string(i);
    operation.issued = Clock::time_point(milliseconds(10 * i));
    operation.settled = operation.issued + milliseconds(1);
    const bool away = i > length / 2 && i < length / 2 + 1'000;
    operation.outcome = away          ? OperationOutcome::kFailed
                        : i % 20 == 7 ? OperationOutcome::kUnknown
                                      : OperationOutcome::kOk;
  }
  return history;
}

// What a stack holds that did all it was asked.
std::vector<Found> Kept(const History& history) {
  std::vector<Found> found;
  found.reserve(history.size());
  for (const Operation& operation : history) {
    if (operation.outcome == OperationOutcome::kFailed) continue;
    const bool task = operation.kind == OperationKind::kTask;
    found.push_back({operation.id, operation.kind, task ? "finished" : operation.id, task ? 1 : 0});
  }
  return found;
}

void CheckLongHistory(benchmark::State& state) {
  const History history = LongHistory(state.range(0));
  const std::vector<Found> found = Kept(history);
  for (auto iteration : state) {
    const HistoryReport report = CheckHistory(history, found, "bench-7d1f03a9-");
    if (!report.lost.empty() || !report.phantom.empty()) state.SkipWithError("not clean");
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(CheckLongHistory)
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Complexity(benchmark::oN)
    ->Unit(benchmark::kMillisecond);

void FindDowntimes(benchmark::State& state) {
  const History history = LongHistory(state.range(0));
  for (auto iteration : state) {
    const auto downtimes = Downtimes(history, OperationKind::kTask, history.front().issued,
                                     history.back().settled, DowntimeRules{});
    if (downtimes.empty()) state.SkipWithError("the outage was not seen");
  }
}
BENCHMARK(FindDowntimes)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace proving_ground

BENCHMARK_MAIN();
