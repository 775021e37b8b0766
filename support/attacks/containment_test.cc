#include "support/attacks/containment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr std::int64_t kMebibyte = 1 << 20;

ContainmentTrial Contained() {
  ContainmentTrial trial;
  trial.limits = {.services = {"redis"}, .memory = 64 * kMebibyte, .processes = 32};
  trial.memory_tried = 80 * kMebibyte;
  trial.spawns_tried = 40;
  trial.half_was_given = trial.memory_contained = trial.killed = true;
  trial.spawned = 31;
  trial.spawn_refusal = "Resource temporarily unavailable";
  return trial;
}

const Vitals kVitals = {{"redis-1", "running since 7"}};

Verdict Judge(const std::vector<ContainmentTrial>& trials, const Vitals& after = kVitals) {
  return JudgeContainment("S-16", trials, kVitals, after);
}

TEST(ContainmentTest, LimitsInForceAreProven) {
  EXPECT_EQ(Judge({Contained()}).outcome, Outcome::kPassed) << Judge({Contained()});
}

TEST(ContainmentTest, MemoryThatIsGivenIsFound) {
  ContainmentTrial trial = Contained();
  trial.memory_contained = trial.killed = false;
  trial.escaped = true;
  EXPECT_EQ(Judge({Contained(), trial}).outcome, Outcome::kFailed);
  EXPECT_THAT(Judge({trial}).details, Contains(HasSubstr("got 80 MiB")));
}

TEST(ContainmentTest, AKillThatTheEngineHasNotHeardOfIsOne) {
  const std::string half = R"({"touched": 41943040})";
  ContainmentTrial trial = {.memory_tried = 80 * kMebibyte};
  NoteEnd({half}, /*out_of_memory=*/false, /*exit_code=*/137, trial);
  EXPECT_TRUE(trial.killed && trial.memory_contained);

  ContainmentTrial escaped = {.memory_tried = 80 * kMebibyte};
  NoteEnd({half, R"({"touched": 83886080, "escaped": true})"}, false, 137, escaped);
  EXPECT_FALSE(escaped.memory_contained);

  ContainmentTrial crashed = {.memory_tried = 80 * kMebibyte};
  NoteEnd({half}, false, 139, crashed);
  EXPECT_FALSE(crashed.memory_contained);
}

TEST(ContainmentTest, ProcessesThatAreStartedAreFound) {
  ContainmentTrial trial = Contained();
  trial.spawned = 40;
  trial.spawn_refusal.clear();
  EXPECT_EQ(Judge({trial}).outcome, Outcome::kFailed);
}

TEST(ContainmentTest, AServiceWithoutALimitIsFoundAndNotTried) {
  ContainmentTrial trial = {.limits = {.services = {"gateway"}, .memory = 0, .processes = 32}};
  EXPECT_EQ(Judge({trial}).outcome, Outcome::kFailed);
  EXPECT_THAT(Judge({trial}).details, Contains(HasSubstr("gateway")));
}

TEST(ContainmentTest, ANeighbourThatFellIsFound) {
  EXPECT_EQ(Judge({Contained()}, {{"redis-1", "running since 9"}}).outcome, Outcome::kFailed);
  EXPECT_EQ(Judge({Contained()}, {}).outcome, Outcome::kFailed);
}

TEST(ContainmentTest, ATrialThatCouldNotBeMadeIsInconclusive) {
  ContainmentTrial trial = Contained();
  trial.not_tried = "the machine has no memory to spare";
  EXPECT_EQ(Judge({Contained(), trial}).outcome, Outcome::kInconclusive);
  trial = Contained();
  trial.half_was_given = false;
  EXPECT_EQ(Judge({trial}).outcome, Outcome::kInconclusive);
  trial = Contained();
  trial.memory_contained = trial.killed = false;  // a crash, say
  EXPECT_EQ(Judge({trial}).outcome, Outcome::kInconclusive);
  EXPECT_EQ(Judge({}).outcome, Outcome::kInconclusive);
}

TEST(ContainmentTest, ATrialThatTellsNothingHidesNoOtherThatEscaped) {
  ContainmentTrial crashed = Contained();
  crashed.memory_contained = crashed.killed = false;
  ContainmentTrial spawns = Contained();
  spawns.spawned = 40;
  spawns.spawn_refusal.clear();
  EXPECT_EQ(Judge({crashed, spawns}).outcome, Outcome::kFailed);
}

TEST(ContainmentTest, TriesALittleMoreThanTheLimit) {
  ServiceLimits limits = {.memory = 64 * kMebibyte, .processes = 32};
  EXPECT_EQ(MemoryToTry(limits, 0), 80 * kMebibyte);
  EXPECT_EQ(MemoryToTry(limits, 1'000 * kMebibyte), 144 * kMebibyte)
      << "twice, where there is swap";
  limits.memory_and_swap = limits.memory;
  EXPECT_EQ(MemoryToTry(limits, 1'000 * kMebibyte), 80 * kMebibyte);
  EXPECT_EQ(ProcessesToTry(limits), 40);
  EXPECT_EQ(MemoryToTry({}, 0), std::nullopt);
  EXPECT_EQ(ProcessesToTry({.processes = -1}), 0);
}

}  // namespace
}  // namespace proving_ground
