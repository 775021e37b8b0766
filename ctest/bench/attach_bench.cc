// How long does a case wait until it is attached to a running stack?
//
//   attach_bench --session=FILE

#include <benchmark/benchmark.h>

#include <iostream>

#include "fixtures/running_stack.h"
#include "support/base/errors.h"

namespace proving_ground {
namespace {

int Run(int argc, char** argv) {
  Settings settings;
  ReadFlags(argc, argv, settings);
  const std::optional<Session> session = ReadSession(settings.session_file);
  if (!session) throw UsageError("there is no session", "run harness up first");

  benchmark::RegisterBenchmark("Attach", [&](benchmark::State& state) {
    for (auto iteration : state) {
      benchmark::DoNotOptimize(RunningStack::Attach(*session)->contract().teams.size());
    }
  })->Unit(benchmark::kMillisecond)->UseRealTime()->Repetitions(5);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace proving_ground

int main(int argc, char** argv) {
  try {
    return proving_ground::Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return proving_ground::ExitStatus(error);
  }
}
