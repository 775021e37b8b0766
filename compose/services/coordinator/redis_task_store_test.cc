#include "compose/services/coordinator/redis_task_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compose/services/coordinator/store_fixture_for_test.h"

namespace platform {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using RedisTaskStoreTest = StoreFixture;

TEST_F(RedisTaskStoreTest, TaskIsStoredOnce) {
  EXPECT_EQ(Submit("t", "{\"a\":1}").outcome, SubmitOutcome::kAccepted);
  EXPECT_EQ(Submit("t", "{\"a\":1}").outcome, SubmitOutcome::kKnown);
  EXPECT_EQ(Submit("t", "{\"a\":2}").outcome, SubmitOutcome::kConflict);
  EXPECT_EQ(Await(store_.Count()).queued, 1);
  EXPECT_EQ(Await(store_.Count()).accepted, 1);
}

TEST_F(RedisTaskStoreTest, SubmissionRepeatedAfterTheEndStartsNothing) {
  Finish(Running("t", "w"));
  const Submission again = Submit("t");
  EXPECT_EQ(again.outcome, SubmitOutcome::kKnown);
  EXPECT_EQ(again.state, "finished");
  EXPECT_EQ(Take("w").kind, Lease::Kind::kNothing);
}

TEST_F(RedisTaskStoreTest, TasksAreTakenInOrder) {
  Await(store_.Join(epoch_, "v"));
  Await(store_.Join(epoch_, "w"));
  Submit("first");
  Submit("second");
  EXPECT_EQ(Take("v").task.id, "first");
  EXPECT_EQ(Take("w").task.id, "second");
}

TEST_F(RedisTaskStoreTest, LeaseRepeatedGivesTheSameAttempt) {
  const Claim claim = Running("t", "w");
  Submit("other");
  const Lease again = Take("w");
  EXPECT_EQ(again.task.id, "t");
  EXPECT_EQ(again.attempt, claim.attempt);
  EXPECT_TRUE(again.resumed);
}

TEST_F(RedisTaskStoreTest, TaskIsFinishedExactlyOnce) {
  const Claim claim = Running("t", "w");
  EXPECT_EQ(Finish(claim), FinishOutcome::kDone);
  EXPECT_EQ(Finish(claim), FinishOutcome::kRepeated);
  EXPECT_EQ(Await(store_.Finish(epoch_, claim, "failed", "{}")), FinishOutcome::kStale);
  EXPECT_EQ(Await(store_.Count()).finished, 1);
  EXPECT_THAT(EventTypes(), ElementsAre("registered", "accepted", "started", "finished"));
}

TEST_F(RedisTaskStoreTest, OnlyTheHolderOfTheAttemptFinishes) {
  const Claim claim = Running("t", "w");
  EXPECT_EQ(Finish({"v", "t", claim.attempt}), FinishOutcome::kStale);
  EXPECT_EQ(Finish({"w", "t", claim.attempt + 1}), FinishOutcome::kStale);
  EXPECT_EQ(Finish({"w", "absent", 1}), FinishOutcome::kStale);
  EXPECT_EQ(Await(store_.Find("t"))->state, "running");
}

TEST_F(RedisTaskStoreTest, ExpiredLeaseGoesToAnotherWorkerAndTheFirstIsRefused) {
  const Claim first = Running("t", "w");
  Await(store_.Join(epoch_, "v"));
  Expire("leases", "t");
  EXPECT_EQ(Await(store_.Reap(epoch_, 100)).requeued, 1);
  EXPECT_EQ(Finish(first), FinishOutcome::kStale) << "it waits in the queue again";

  const Lease second = Take("v");
  EXPECT_EQ(second.task.id, "t");
  EXPECT_EQ(second.attempt, 2);
  EXPECT_EQ(Await(store_.Heartbeat(epoch_, first)), HeartbeatOutcome::kLeaseLost);
  EXPECT_EQ(Finish(first), FinishOutcome::kStale);
  EXPECT_EQ(Finish({"v", "t", 2}), FinishOutcome::kDone);
}

TEST_F(RedisTaskStoreTest, DeadWorkerIsForgottenAndItsTaskPutBack) {
  const Claim claim = Running("t", "w");
  Expire("workers", "w");
  const Reaped reaped = Await(store_.Reap(epoch_, 100));
  EXPECT_EQ(reaped.requeued, 1);
  EXPECT_EQ(reaped.expired, 1);
  EXPECT_EQ(Await(store_.Heartbeat(epoch_, claim)), HeartbeatOutcome::kUnregistered);
  EXPECT_EQ(Take("w").kind, Lease::Kind::kUnregistered);
  EXPECT_THAT(Await(store_.Workers()), IsEmpty());
}

TEST_F(RedisTaskStoreTest, HeartbeatKeepsTheLease) {
  const Claim claim = Running("t", "w");
  Expire("leases", "t");
  Expire("workers", "w");
  EXPECT_EQ(Await(store_.Heartbeat(epoch_, claim)), HeartbeatOutcome::kOk);
  EXPECT_EQ(Await(store_.Reap(epoch_, 100)).requeued, 0);
}

TEST_F(RedisTaskStoreTest, GraceKeepsExpiredLeases) {
  const Claim claim = Running("t", "w");
  Expire("leases", "t");
  Expire("workers", "w");
  Await(store_.Prolong(epoch_));
  const Reaped reaped = Await(store_.Reap(epoch_, 100));
  EXPECT_EQ(reaped.requeued + reaped.expired, 0);
  EXPECT_EQ(Finish(claim), FinishOutcome::kDone);
}

TEST_F(RedisTaskStoreTest, TaskOfASilentWorkerIsTakenBackBeforeTheWorkerCountsAsLost) {
  Running("t", "w");
  const auto deadline = [this](const std::string& set, const std::string& member) {
    return std::stoll(server_.Run({"ZSCORE", "team:sales:" + set, member}));
  };
  const milliseconds lease = RedisTaskStore::Options().worker_lease;
  EXPECT_EQ(deadline("workers", "w") - deadline("leases", "t"), lease.count());
}

TEST_F(RedisTaskStoreTest, EventsCarryTheEpochOfTheirWriter) {
  Submit("first");
  epoch_ = Await(store_.Acquire("one", kLeaderLease, 0)).epoch;
  Submit("second");
  const std::vector<Event> events = Await(store_.EventsAfter("0-0", 10));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].epoch, epoch_ - 1);
  EXPECT_EQ(events[1].epoch, epoch_);
}

TEST_F(RedisTaskStoreTest, LeavingWorkerReturnsItsTaskToTheHead) {
  Running("t", "w");
  Submit("later");
  EXPECT_EQ(Await(store_.Leave(epoch_, "w")), 1);
  Await(store_.Join(epoch_, "v"));
  EXPECT_EQ(Take("v").task.id, "t");
  EXPECT_EQ(Await(store_.Leave(epoch_, "unknown")), 0);
}

TEST_F(RedisTaskStoreTest, RegistrationRepeatedKeepsTheTask) {
  const Claim claim = Running("t", "w");
  EXPECT_FALSE(Await(store_.Join(epoch_, "w")));
  EXPECT_EQ(Await(store_.Workers()).at(0).task, "t");
  EXPECT_EQ(Finish(claim), FinishOutcome::kDone);
}

TEST_F(RedisTaskStoreTest, SupersededInstanceChangesNothing) {
  const Claim claim = Running("t", "w");
  server_.Run({"DEL", "team:sales:leader"});  // its lease has run out while it was paused
  const Acquisition successor = Await(store_.Acquire("two", kLeaderLease, 0));
  EXPECT_GT(successor.epoch, epoch_);
  const std::string before = server_.Run({"HGETALL", "team:sales:task:t"});

  EXPECT_THROW(Finish(claim), Fenced);
  EXPECT_THROW(Submit("new"), Fenced);
  EXPECT_THROW(Await(store_.Heartbeat(epoch_, claim)), Fenced);
  EXPECT_THROW(Take("w"), Fenced);
  EXPECT_THROW(Await(store_.Reap(epoch_, 100)), Fenced);
  EXPECT_THROW(Await(store_.Prolong(epoch_)), Fenced);
  EXPECT_THROW(Await(store_.Leave(epoch_, "w")), Fenced);
  EXPECT_THROW(Await(store_.Join(epoch_, "w")), Fenced);
  EXPECT_THROW(Await(store_.Collect(epoch_, "t")), Fenced);
  EXPECT_THROW(Await(store_.Admit(epoch_, "{}", {"t", "{}"}, "")), Fenced);
  EXPECT_THROW(Await(store_.Reject(epoch_, "{}", "")), Fenced);
  EXPECT_THROW(Await(store_.Renew(epoch_, "one", kLeaderLease)), Fenced);
  EXPECT_THROW(Await(store_.Release(epoch_, "one")), Fenced);
  EXPECT_EQ(server_.Run({"HGETALL", "team:sales:task:t"}), before);
  EXPECT_EQ(server_.Run({"GET", "team:sales:leader"}), "two");
}

TEST_F(RedisTaskStoreTest, LeadershipIsHeldUntilItsLeaseEnds) {
  const Acquisition other = Await(store_.Acquire("two", kLeaderLease, 0));
  EXPECT_EQ(other.epoch, 0U);
  EXPECT_GT(other.held_for, milliseconds(0));
  Await(store_.Renew(epoch_, "one", kLeaderLease));
  EXPECT_EQ(Await(store_.Acquire("one", kLeaderLease, 0)).epoch, epoch_ + 1)
      << "the same instance, restarted, need not wait";
}

// As after an outage of Redis: the command to reap lay in its socket meanwhile.
TEST_F(RedisTaskStoreTest, NothingExpiresWhileThereIsNoLeader) {
  const Claim claim = Running("t", "w");
  Expire("leases", "t");
  Expire("workers", "w");
  server_.Run({"DEL", "team:sales:leader"});
  const Reaped without_leader = Await(store_.Reap(epoch_, 100));
  EXPECT_EQ(without_leader.requeued + without_leader.expired, 0);

  Await(store_.Renew(epoch_, "one", kLeaderLease));
  const Reaped renewed = Await(store_.Reap(epoch_, 100));
  EXPECT_EQ(renewed.requeued + renewed.expired, 0)
      << "the leases were prolonged with the leadership";
  EXPECT_EQ(Finish(claim), FinishOutcome::kDone);
}

TEST_F(RedisTaskStoreTest, WhoeverTakesOverProlongsAllLeases) {
  Running("t", "w");
  Expire("leases", "t");
  Expire("workers", "w");
  server_.Run({"DEL", "team:sales:leader"});
  epoch_ = Await(store_.Acquire("two", kLeaderLease, 0)).epoch;
  const Reaped reaped = Await(store_.Reap(epoch_, 100));
  EXPECT_EQ(reaped.requeued + reaped.expired, 0);
}

TEST_F(RedisTaskStoreTest, EpochGrowsThoughRedisLostIt) {
  server_.Run({"FLUSHALL"});
  EXPECT_EQ(Await(store_.Acquire("one", kLeaderLease, 41)).epoch, 42U);
}

TEST_F(RedisTaskStoreTest, EntryIsAdmittedOnce) {
  server_.Run({"LPUSH", "team:sales:inbox", "entry"});
  EXPECT_EQ(Await(store_.TakeFromInbox(milliseconds(1000))), "entry");
  EXPECT_EQ(Await(store_.OldestTaken()), "entry") << "a crash here leaves it to be found";
  EXPECT_EQ(Await(store_.Admit(epoch_, "entry", {"t", "{}"}, "")).outcome,
            SubmitOutcome::kAccepted);
  EXPECT_EQ(Await(store_.Admit(epoch_, "entry", {"t2", "{}"}, "")).outcome, SubmitOutcome::kGone);
  EXPECT_EQ(Await(store_.OldestTaken()), std::nullopt);
  EXPECT_EQ(Await(store_.Count()).queued, 1);
}

TEST_F(RedisTaskStoreTest, EntryThatConflictsIsKeptForPeople) {
  Submit("t", "{\"a\":1}");
  server_.Run({"LPUSH", "team:sales:admitting", "entry"});
  const Submission submission = Await(store_.Admit(epoch_, "entry", {"t", "{}"}, "why"));
  EXPECT_EQ(submission.outcome, SubmitOutcome::kConflict);
  EXPECT_EQ(server_.Run({"LRANGE", "team:sales:rejected", "0", "-1"}), "why");
}

TEST_F(RedisTaskStoreTest, EndedTaskIsRetainedForAWhileAndCanBeCollected) {
  const Claim claim = Running("t", "w");
  EXPECT_EQ(Await(store_.Collect(epoch_, "t")), CollectOutcome::kUnfinished);
  EXPECT_EQ(server_.Run({"PTTL", "team:sales:task:t"}), "-1");
  Finish(claim);
  EXPECT_GT(std::stoll(server_.Run({"PTTL", "team:sales:task:t"})), 3'500'000);
  EXPECT_EQ(Await(store_.Collect(epoch_, "t")), CollectOutcome::kCollected);
  EXPECT_EQ(Await(store_.Collect(epoch_, "t")), CollectOutcome::kAbsent);
  EXPECT_EQ(Await(store_.Find("t")), std::nullopt);
}

TEST_F(RedisTaskStoreTest, EventsComeInOrderAndCanBeContinued) {
  Finish(Running("t", "w"));
  const std::vector<Event> first = Await(store_.EventsAfter("0-0", 2));
  ASSERT_EQ(first.size(), 2U);
  const std::vector<Event> rest = Await(store_.EventsAfter(first.back().seq, 100));
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[0].type, "started");
  EXPECT_EQ(rest[0].worker, "w");
  EXPECT_EQ(rest[0].attempt, "1");
  EXPECT_EQ(rest[0].epoch, epoch_);
  EXPECT_EQ(rest[1].type, "finished");
  EXPECT_EQ(Await(store_.LastEvent()), rest[1].seq);
}

}  // namespace
}  // namespace platform
