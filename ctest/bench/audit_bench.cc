// How long do all configuration rules take, by the number of containers?

#include <benchmark/benchmark.h>

#include "support/audit/audit.h"
#include "support/audit/testing/clean_stack.h"

namespace proving_ground::audit {
namespace {

void AllRules(benchmark::State& state) {
  const AuditInput input = ScaledStack(static_cast<int>(state.range(0)));
  for (auto iteration : state) benchmark::DoNotOptimize(Audit(input).findings.size());
  state.counters["rules"] = static_cast<double>(AllAuditRules().size());
}
BENCHMARK(AllRules)
    ->ArgName("containers")
    ->Arg(7)
    ->Arg(57)
    ->Arg(107)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace proving_ground::audit

BENCHMARK_MAIN();
