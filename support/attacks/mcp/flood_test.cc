#include "support/attacks/mcp/flood.h"

#include <gmock/gmock.h>

#include "support/attacks/mcp/attack_judge.h"
#include "support/attacks/mcp/testing/scripted_gateway.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

FloodRecord FloodOf(Defect defect, std::chrono::milliseconds duration) {
  const ScriptedGateway gateway(defect);
  std::map<std::string, McpSender> others = gateway.Teams();
  others.erase("sales");
  return Flood("sales", gateway.Team("sales"), others, duration);
}

TEST(FloodTest, AsksFarMoreThanTheOthersDo) {
  const FloodRecord record = FloodOf(Defect::kNone, 1s);
  // The machine itself may be busy: only the counts are judged here.
  const Verdict verdict = JudgeFlood("S-17", record, {.max_p99_ratio = 3.0, .p99_floor = 1s});
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_EQ(record.other, 0);
  EXPECT_EQ(record.others.size(), 2U);
}

TEST(FloodTest, AGatewayThatSlowsEverybodyDownIsFound) {
  const FloodRecord record = FloodOf(Defect::kSlowsAll, 5s);
  const Verdict verdict = JudgeFlood("S-17", record, {.max_p99_ratio = 2.0, .p99_floor = 20ms});
  EXPECT_EQ(verdict.outcome, Outcome::kFailed) << verdict;
}

}  // namespace
}  // namespace proving_ground
