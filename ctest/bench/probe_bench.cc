// What does the probe cost, and how exact is it? Against a coordinator in this process, on
// loopback:
//
//   Steady          CPU time as a share of one core, and the noise floor, with nothing wrong
//   DowntimeError   measured minus true downtime, when connections are refused for half a second

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <thread>

#include "support/base/files.h"
#include "support/compose/command.h"
#include "support/faults/downtime.h"
#include "support/faults/probe/probe_config.h"
#include "support/faults/probe/probe_record.h"
#include "support/faults/probe/testing/fake_coordinator.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

double Milliseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

double ChildrenCpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto in_seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

// Runs the program for that long, at 100 tasks and 20 writes a second.
void RunProbe(const FakeCoordinator& stack, seconds time, ProbeRecord& record) {
  ProbeConfig config;
  config.coordinator = {"127.0.0.1", stack.port()};
  config.id_prefix = "bench";
  config.steps = {{{"think_ms", 1}}};
  config.every = milliseconds(10);
  config.patience = milliseconds(1'000);
  config.drain = milliseconds(1'000);
  config.longest_life = milliseconds(120'000);
  config.writes = ProbeWrites{{"127.0.0.1", stack.port()}, "/mcp", "none", milliseconds(50)};
  const TemporaryFolder folder("probe-bench");
  WriteFileAtomically(folder.path() / "config", ToJson(config).dump(), 0600);
  // In the foreground: else the whole group gets a second SIGTERM, which ends the probe at once.
  const CommandResult result =
      RunCommand({{"timeout", "--foreground", "--preserve-status", std::to_string(time.count()),
                   PROBE_PROGRAM, folder.path() / "config"}},
                 Within(time + seconds(30)));
  std::istringstream lines(result.standard_output);
  for (std::string line; std::getline(lines, line);) record.Add(line);
}

void Steady(benchmark::State& state) {
  constexpr seconds kTime{20};
  for (auto iteration : state) {
    FakeCoordinator stack;
    ProbeRecord record("bench");
    const double before = ChildrenCpuSeconds();
    RunProbe(stack, kTime, record);
    const double used = ChildrenCpuSeconds() - before;
    const History history = record.All();
    if (history.empty() || !record.ended()) return state.SkipWithError("the probe did not run");
    state.counters["core_%"] = 100 * used / kTime.count();
    state.counters["operations"] = static_cast<double>(history.size());
    state.counters["noise_floor_ms"] = Milliseconds(
        LongestGap(history, OperationKind::kTask, history.front().settled, history.back().issued));
    state.counters["lag_p99_ms"] = Milliseconds(record.ended()->p99_lag);
    state.counters["lag_worst_ms"] = Milliseconds(record.ended()->worst_lag);
  }
}
BENCHMARK(Steady)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();

void DowntimeError(benchmark::State& state) {
  constexpr int kOutages = 10;
  for (auto iteration : state) {
    FakeCoordinator stack;
    ProbeRecord record("bench");
    std::vector<std::pair<Clock::time_point, Clock::time_point>> outages;
    std::jthread probe([&] { RunProbe(stack, seconds(2 * kOutages + 3), record); });
    Clock::time_point next = Clock::now() + seconds(2);
    for (int i = 0; i < kOutages; ++i, next += seconds(2)) {
      PauseUntil(next);
      const Clock::time_point down = stack.Set(FakeCoordinator::Mode::kDown);
      PauseUntil(down + milliseconds(500));
      outages.emplace_back(down, stack.Set(FakeCoordinator::Mode::kServing));
    }
    probe.join();
    std::vector<double> errors;
    for (const auto& [down, up] : outages) {
      const auto downtimes = Downtimes(record.All(), OperationKind::kTask, down, up, {});
      errors.push_back(std::abs(Milliseconds(Total(downtimes, up) - (up - down))));
    }
    std::sort(errors.begin(), errors.end());
    state.counters["error_median_ms"] = errors[errors.size() / 2];
    state.counters["error_worst_ms"] = errors.back();
  }
}
BENCHMARK(DowntimeError)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();

}  // namespace
}  // namespace proving_ground

BENCHMARK_MAIN();
