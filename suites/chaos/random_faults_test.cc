#include <fmt/format.h>
#include <gmock/gmock.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "fixtures/failover_test.h"
#include "fixtures/fault_table.h"
#include "fixtures/matchers.h"
#include "fixtures/the_run.h"
#include "support/faults/chaos.h"
#include "support/report/events.h"

namespace proving_ground {
namespace {

class RandomFaults : public TeamFailoverTest {
 protected:
  RandomFaults() : TeamFailoverTest("C-1") {}
};

// C-1: a random sequence of faults under load loses nothing.
TEST_P(RandomFaults, LoseNothing) {
  const auto duration = TheRun::Get().settings().chaos.value_or(limits().chaos);
  const auto steps = ChaosSchedule(RunSeed(), FaultTable().size(), duration);
  std::cout << fmt::format("chaos: {} faults, seed {}", steps.size(), RunSeed()) << std::endl;
  running().run_folder().AppendEvent(kCaseDuration,
                                     nlohmann::json::object({{"duration_ms", duration.count()}}));
  Exercise exercise = Begin();

  std::vector<Outage> outages;
  for (const ChaosStep& step : steps) {
    const NamedFault& fault = FaultTable()[step.fault];
    std::cout << fmt::format("chaos: {} for {} ms", fault.name, step.hold.count()) << std::endl;
    Fault planned = fault.make(running(), faults(), team());
    if (!planned.unavailable.empty()) {
      std::cout << "chaos: left out: " << planned.unavailable << std::endl;
      continue;
    }
    outages.push_back(Break(std::move(planned)));
    exercise.Watch(step.hold);
    Recover(outages.back(), limits().max_redis_recovery);
    exercise.Watch(step.pause);
  }

  std::vector<const Outage*> injected;
  for (const Outage& outage : outages) injected.push_back(&outage);
  const FailoverRecord record = exercise.Finish(injected, limits().max_redis_recovery);
  EXPECT_THAT(Concluded(record, {ServiceBack(record), NothingLost(record)}), Proven());
}

INSTANTIATE_TEST_SUITE_P(Teams, RandomFaults, testing::ValuesIn(TeamsOfLongCases()),
                         [](const auto& info) { return TeamTestName(info.param); });

}  // namespace
}  // namespace proving_ground
