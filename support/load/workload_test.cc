#include "support/load/workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "support/base/errors.h"
#include "support/load/proof.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;

TEST(ProofTest, IsTheChainOfThePublishedDigests) {
  // FIPS 180-4 example "abc"; the chain value was computed with sha256sum.
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(FirstProof("abc"), Sha256Hex("abc"));
  EXPECT_EQ(NextProof(FirstProof("abc"), "1-0"), Sha256Hex(Sha256Hex("abc") + "\n1-0"));
}

TEST(WorkloadTest, EveryTeamMeetsTheSameSchedule) {
  const auto first = TeamTasks({}, 7, "r1", "marketing");
  const auto second = TeamTasks({}, 7, "r1", "finance");

  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].arrival, second[i].arrival);
    EXPECT_EQ(first[i].gaps, second[i].gaps);
    EXPECT_NE(first[i].id, second[i].id);
    EXPECT_NE(first[i].nonce, second[i].nonce);
  }
}

TEST(WorkloadTest, ScheduleFollowsTheSeed) {
  const auto first = TeamTasks({}, 7, "r1", "marketing");
  const auto again = TeamTasks({}, 7, "r1", "marketing");
  const auto other = TeamTasks({}, 8, "r1", "marketing");

  EXPECT_EQ(first.front().arrival, again.front().arrival);
  EXPECT_EQ(first.back().gaps, again.back().gaps);
  EXPECT_NE(first.front().arrival, other.front().arrival);
}

TEST(WorkloadTest, OffersTheAgreedLoadAndEndsInTime) {
  LoadContract contract;
  contract.duration = 1000s;
  contract.think_min = 1s;
  contract.think_max = 3s;

  const auto tasks = TeamTasks(contract, 1, "r1", "marketing");

  // 0.5 * 10 workers / 2 s = 2.5 a second.
  EXPECT_NEAR(static_cast<double>(tasks.size()), 2500, 10);
  std::chrono::milliseconds sum{0};
  std::set<std::string> ids;
  for (const Task& task : tasks) {
    EXPECT_THAT(task.gaps, Each(Ge(0ms)));
    EXPECT_GE(ThinkTime(task), contract.think_min);
    EXPECT_LE(ThinkTime(task), contract.think_max);
    EXPECT_LE(task.arrival + ThinkTime(task), contract.duration);
    sum += ThinkTime(task);
    ids.insert(task.id);
  }
  EXPECT_EQ(ids.size(), tasks.size());
  EXPECT_NEAR(static_cast<double>(sum.count()) / static_cast<double>(tasks.size()), 2000, 50);
  EXPECT_TRUE(std::is_sorted(tasks.begin(), tasks.end(),
                             [](const Task& a, const Task& b) { return a.arrival < b.arrival; }));
}

TEST(WorkloadTest, FullProfileOffersEnoughToJudge) {
  const LoadContract contract;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    EXPECT_GE(TeamTasks(contract, seed, "r1", "marketing").size(),
              static_cast<std::size_t>(contract.min_tasks_per_team));
  }
}

TEST(WorkloadTest, PayloadIsTheStepProtocol) {
  Task task = WarmUpTask({}, "r1", "sales");
  task.gaps = {100ms, 0ms, 50ms};

  const auto payload = TaskPayload(task);

  EXPECT_EQ(payload["id"], task.id);
  EXPECT_EQ(payload["nonce"], task.nonce);
  ASSERT_EQ(payload["steps"].size(), 6u) << payload.dump(1);
  EXPECT_EQ(payload["steps"][0]["tool"], "journal_append");
  EXPECT_EQ(payload["steps"][0]["arguments"]["entry"], "${task} ${attempt} ${worker} 0 ${proof}");
  EXPECT_EQ(payload["steps"][1]["think_ms"], 100);
  EXPECT_EQ(payload["steps"][2]["tool"], "memory_put");
  EXPECT_EQ(payload["steps"][3]["tool"], "memory_delete");
  EXPECT_EQ(payload["steps"][4]["think_ms"], 50);
  EXPECT_EQ(payload["steps"][5]["arguments"]["entry"], "${task} ${attempt} ${worker} 3 ${proof}");
}

TEST(WorkloadTest, MoreCallsReadTheMemoryValue) {
  Task task;
  task.gaps.resize(4);

  EXPECT_THAT(CallsOf(task), ElementsAre(Call::kJournalAppend, Call::kMemoryPut, Call::kMemoryGet,
                                         Call::kMemoryDelete, Call::kJournalAppend));
}

TEST(WorkloadTest, RefusesContractsWithoutATask) {
  LoadContract no_time;
  no_time.duration = 1s;
  LoadContract three_calls;
  three_calls.calls_per_task = 3;

  EXPECT_THROW(TeamTasks(no_time, 1, "r1", "sales"), UsageError);
  EXPECT_THROW(TeamTasks(three_calls, 1, "r1", "sales"), UsageError);
  EXPECT_THROW(TeamTasks({}, 1, std::string(70, 'r'), "sales"), UsageError);
}

}  // namespace
}  // namespace proving_ground
