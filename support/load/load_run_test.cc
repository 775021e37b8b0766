#include "support/load/load_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/load/fake_stack.h"
#include "support/load/judge.h"
#include "support/redis/private_redis.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double kMebi = 1024.0 * 1024.0;

// A run of about a second against a stack in memory.
class LoadRunTest : public testing::Test {
 protected:
  LoadRunTest() {
    options_.contract.teams = {"marketing", "sales"};
    LoadContract& load = options_.contract.load;
    load.workers_per_team = 4;
    load.duration = 1000ms;
    load.status_every = 200ms;
    load.think_min = 20ms;
    load.think_max = 60ms;
    load.max_wall_clock = 10s;
    load.redis_ping_every = 10ms;
    load.sample_every = 25ms;
    options_.run_id = "run-1";
    options_.recording_file = folder_.path() / "load.json";
    options_.residue_within = 200ms;
  }

  LoadRecording Execute(FakeFaults faults = {}) {
    for (const std::string& team : options_.contract.teams) {
      teams_[team] = std::make_unique<FakeTeam>(team, faults);
      needs_.drivers[team] = teams_[team].get();
      needs_.journals[team] = teams_[team].get();
    }
    fleet_ = std::make_unique<FakeFleet>(teams_, faults);
    needs_.fleet = fleet_.get();
    needs_.redis_probe.redis = redis_.options();
    needs_.redis_probe.every = options_.contract.load.redis_ping_every;
    needs_.redis_keys = [this] { return Keys(); };
    needs_.read_redis = [this] {
      return RedisReading{kMebi, static_cast<std::int64_t>(Keys().size())};
    };
    needs_.read_memory = [] {
      return std::map<std::string, MemoryUse>{{"worker", {.anonymous = 10 * kMebi}}};
    };
    needs_.on_status = [this](const LoadStatus& status) { statuses_.push_back(status); };
    needs_.on_progress = [this](const LoadStatus& status) { progress_.push_back(status); };
    return LoadRun(options_, needs_).Execute();
  }

  std::set<std::string> Keys() {
    std::set<std::string> keys;
    for (auto& [name, team] : teams_) keys.merge(team->Keys());
    return keys;
  }

  static std::set<std::string> NotPassed(const LoadRecording& recording) {
    std::set<std::string> criteria;
    for (const Verdict& verdict : JudgeAll(recording)) {
      if (verdict.outcome != Outcome::kPassed) criteria.insert(verdict.criterion);
    }
    return criteria;
  }

  TemporaryFolder folder_{"load-run-test"};
  PrivateRedis redis_;
  LoadRunOptions options_;
  LoadRunDependencies needs_;
  std::map<std::string, std::unique_ptr<FakeTeam>> teams_;
  std::unique_ptr<FakeFleet> fleet_;
  std::vector<LoadStatus> statuses_;
  std::vector<LoadStatus> progress_;
};

using Set = std::set<std::string>;

TEST_F(LoadRunTest, GoodStackPassesAllCriteria) {
  const LoadRecording recording = Execute();

  for (const Verdict& verdict : JudgeAll(recording)) {
    EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  }
  EXPECT_TRUE(recording.complete);
  EXPECT_EQ(recording.workers.size(), 8u);
  EXPECT_GT(recording.ledger.size(), 60u);
  for (const LedgerEntry& entry : recording.ledger) EXPECT_TRUE(entry.collected) << entry.task.id;
  std::vector<std::string> names;
  for (const Phase& phase : recording.phases) names.push_back(phase.name);
  EXPECT_THAT(names,
              ElementsAre("warm-up", "spawn", "load", "drain", "stop", "cleanup", "evidence"));
  EXPECT_NEAR(static_cast<double>(recording.FindPhase("load")->start.count()), 0, 120);
  EXPECT_LT(recording.FindPhase("spawn")->start, 0ms);
  EXPECT_LT(recording.generator.cpu_share, 0.5);
  EXPECT_EQ(LoadRecordingFile(options_.recording_file).ledger.size(), recording.ledger.size());
}

TEST_F(LoadRunTest, ReportsStatusWhileItRuns) {
  Execute();

  ASSERT_GE(statuses_.size(), 4u);
  EXPECT_EQ(statuses_[1].phase, "load");
  EXPECT_EQ(statuses_[1].teams.size(), 2u);
  EXPECT_EQ(statuses_[1].teams[0].workers, 4);
  EXPECT_EQ(statuses_[1].resources.memory.count("worker"), 1u);
  EXPECT_GT(statuses_.back().teams[0].tasks.finished, 20);
  EXPECT_TRUE(statuses_.back().teams[0].p99.has_value());
}

TEST_F(LoadRunTest, TellsThoseWhoLookOnOfEveryPhase) {
  options_.progress_every = 100ms;
  Execute();

  std::vector<std::string> phases;
  for (const LoadStatus& status : progress_) {
    if (phases.empty() || phases.back() != status.phase) phases.push_back(status.phase);
  }
  EXPECT_THAT(phases,
              ElementsAre("warm-up", "spawn", "load", "drain", "stop", "cleanup", "evidence"));
  EXPECT_GT(progress_.size(), statuses_.size());
  EXPECT_EQ(progress_.front().elapsed, 0ms);
  EXPECT_EQ(progress_.front().duration, options_.contract.load.duration);
  EXPECT_EQ(progress_.front().teams.size(), 2u);
  EXPECT_GT(progress_.back().teams[0].tasks.finished, 20);
}

TEST_F(LoadRunTest, SameSeedOffersTheSameLoad) {
  const LoadRecording first = Execute();
  const LoadRecording second = Execute();

  ASSERT_EQ(first.ledger.size(), second.ledger.size());
  EXPECT_EQ(first.ledger[7].task.arrival, second.ledger[7].task.arrival);
}

TEST_F(LoadRunTest, LostTaskDoesNotMakeTheRunLateAndIsFoundLost) {
  FakeFaults faults;
  faults.lose = 5;
  options_.contract.load.max_wall_clock = 4s;

  const LoadRecording recording = Execute(faults);

  EXPECT_EQ(NotPassed(recording), Set{"L-6"});
  EXPECT_EQ(recording.ledger[4].last_state, "nowhere");
}

TEST_F(LoadRunTest, WaitsForOneWarmUpTaskOnlyOfATeamThatNobodyWorksFor) {
  FakeFaults faults;
  faults.nobody_registers = true;
  options_.warm_up_within = 300ms;
  options_.contract.load.max_wall_clock = 4s;

  const LoadRecording recording = Execute(faults);

  EXPECT_EQ(teams_.at("sales")->WarmUpTasks(), 1);
  EXPECT_EQ(NotPassed(recording).count("L-1"), 1u);
}

TEST_F(LoadRunTest, DoubleFinishIsFound) {
  FakeFaults faults;
  faults.finish_twice = 5;

  EXPECT_EQ(NotPassed(Execute(faults)), Set{"L-6"});
}

TEST_F(LoadRunTest, FakedWorkIsFound) {
  FakeFaults faults;
  faults.fake_work = 5;

  EXPECT_EQ(NotPassed(Execute(faults)), Set{"L-5"});
}

TEST_F(LoadRunTest, UnknownOutcomesAreSettledByReading) {
  FakeFaults faults;
  faults.unknown_kept = 5;
  faults.unknown_gone = 6;
  faults.refuse = 7;
  options_.contract.load.max_wall_clock = 30s;

  const LoadRecording recording = Execute(faults);

  EXPECT_EQ(NotPassed(recording), Set{});
  EXPECT_EQ(recording.ledger[4].settled, true);
  EXPECT_TRUE(recording.ledger[4].Finished());
  EXPECT_TRUE(recording.ledger[4].collected);
  EXPECT_EQ(recording.ledger[5].settled, false);
  EXPECT_EQ(recording.ledger[6].outcome, SubmitOutcome::kRefused);
  EXPECT_GE(recording.FindPhase("drain")->duration, 2s) << "it may have been on its way";
  EXPECT_LT(recording.FindPhase("drain")->duration, 8s) << "half of the wall clock is for others";
}

TEST_F(LoadRunTest, KeyLeftBehindIsFoundAfterWaitingForIt) {
  FakeFaults faults;
  faults.leave_key = true;

  const LoadRecording recording = Execute(faults);

  EXPECT_EQ(NotPassed(recording), Set{"L-7"});
  EXPECT_THAT(recording.residue.keys, ElementsAre("team:marketing:left", "team:sales:left"));
}

TEST_F(LoadRunTest, KilledWorkerIsFound) {
  FakeFaults faults;
  faults.kill_worker = true;

  const LoadRecording recording = Execute(faults);

  EXPECT_EQ(NotPassed(recording), (Set{"L-1", "L-2"}));
  EXPECT_LT(recording.FindPhase("stop")->duration, 3s) << "waited for its goodbye";
}

TEST_F(LoadRunTest, FrozenRedisIsFound) {
  std::jthread freezer([this] {
    PauseUntil(Clock::now() + 300ms);
    redis_.Freeze();
    PauseUntil(Clock::now() + 500ms);
    redis_.Thaw();
  });
  options_.contract.load.max_redis_gap = 400ms;

  EXPECT_EQ(NotPassed(Execute()), Set{"L-4"});
}

TEST_F(LoadRunTest, FailureOfAThreadEndsTheRunWithAPartialRecording) {
  std::atomic<int> looks = 0;
  FakeFaults faults;
  faults.on_events = [&] {
    if (++looks == 100) throw EnvironmentError("the feed is garbled", "look into it");
  };

  EXPECT_THROW(Execute(faults), EnvironmentError);

  const LoadRecording partial = LoadRecordingFile(options_.recording_file);
  EXPECT_FALSE(partial.complete);
  EXPECT_THAT(partial.incomplete_reason, HasSubstr("the feed is garbled"));
  EXPECT_FALSE(partial.ledger.empty());
  EXPECT_GT(partial.pings.answered, 0);
  EXPECT_EQ(NotPassed(partial).size(), 9u) << "nothing is judged from it";
}

TEST_F(LoadRunTest, StackWithoutGatewayHasNoEvidence) {
  needs_.no_journal_reason = "the stack has no gateway";
  Execute();
  needs_.journals.clear();

  const LoadRecording recording = LoadRun(options_, needs_).Execute();

  EXPECT_EQ(NotPassed(recording), Set{"L-5"});
  EXPECT_EQ(recording.evidence[0].reason, "the stack has no gateway");
}

TEST_F(LoadRunTest, RefusesToStartWithoutWhatItNeeds) {
  EXPECT_THROW(LoadRun(options_, {}), UsageError);
  options_.run_id = "Not An Id";
  EXPECT_THROW(LoadRun(options_, {}), UsageError);
}

}  // namespace
}  // namespace proving_ground
