#include "compose/sabotage/coordinator/broken_stores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compose/services/coordinator/store_fixture_for_test.h"

namespace platform {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BrokenStoresTest : public StoreFixture {
 protected:
  // The store of a coordinator that starts now.
  std::unique_ptr<TaskStore> Started(const std::string& defect) {
    auto store = AllBrokenStores().at(defect)(commands_, blocking_, {.team = "sales"});
    epoch_ = Await(store->Acquire("one", kLeaderLease, 0)).epoch;
    return store;
  }

  SubmitOutcome SubmitTo(TaskStore& store, const std::string& id) {
    return Await(store.Submit(epoch_, {id, "{}"})).outcome;
  }
};

TEST_F(BrokenStoresTest, DropsTasksItHasAccepted) {
  const auto store = Started("drops-tasks");
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(SubmitTo(*store, "t" + std::to_string(i)), SubmitOutcome::kAccepted);
  }
  EXPECT_EQ(Await(store_.Count()).queued, 9);
}

TEST_F(BrokenStoresTest, ForgetsTheQueueAtItsStart) {
  Submit("queued");
  const auto store = Started("forgets-queue");
  EXPECT_EQ(Await(store_.Count()).queued, 0);
}

TEST_F(BrokenStoresTest, ForgetsTasksInHandAtItsStart) {
  Running("running", "w");
  const auto store = Started("forgets-tasks-in-hand");
  EXPECT_EQ(Await(store_.Find("running")), std::nullopt);
}

TEST_F(BrokenStoresTest, RefusesWhatWaitsAtItsStart) {
  Submit("queued");
  const auto store = Started("refuses-afterwards");
  EXPECT_EQ(Await(store_.Find("queued"))->state, "failed");
  EXPECT_THAT(EventTypes(), Contains("failed"));
}

TEST_F(BrokenStoresTest, TakesTasksBackAtItsStart) {
  Running("running", "w");
  const auto store = Started("takes-tasks-back");
  EXPECT_EQ(Await(store_.Find("running"))->state, "queued");
}

TEST_F(BrokenStoresTest, FinishesTwice) {
  const auto store = Started("finishes-twice");
  for (int i = 0; i < 5; ++i) {
    const Claim claim = Running("t" + std::to_string(i), "w");
    Await(store->Finish(epoch_, claim, "finished", "{}"));
  }
  const auto types = EventTypes();
  EXPECT_EQ(std::count(types.begin(), types.end(), "finished"), 6);
}

TEST_F(BrokenStoresTest, FinishesAgainAfterARestart) {
  Finish(Running("t", "w"));
  const auto store = Started("finishes-again-after-restart");
  const auto types = EventTypes();
  EXPECT_EQ(std::count(types.begin(), types.end(), "finished"), 2);
}

TEST_F(BrokenStoresTest, LeasesTheSameTaskTwice) {
  const auto store = Started("leases-twice");
  for (const char* worker : {"a", "b"}) Await(store->Join(epoch_, worker));
  SubmitTo(*store, "t");
  EXPECT_EQ(Await(store->Take(epoch_, "a", true)).task.id, "t");
  EXPECT_EQ(Await(store->Take(epoch_, "b", true)).task.id, "t");
}

TEST_F(BrokenStoresTest, CountsEpochsDown) {
  const auto store = Started("counts-epochs-down");
  const Epoch first = epoch_;
  const auto next = Started("counts-epochs-down");
  EXPECT_LT(epoch_, first);
  EXPECT_EQ(SubmitTo(*next, "t"), SubmitOutcome::kAccepted) << "otherwise it works";
}

TEST_F(BrokenStoresTest, WritesInTheNameOfItsSuccessor) {
  const auto store = Started("ignores-successors");
  const Epoch stale = epoch_;
  Await(store_.Release(epoch_, "one"));
  Await(store_.Acquire("two", kLeaderLease, 0));
  EXPECT_EQ(Await(store->Submit(stale, {"t", "{}"})).outcome, SubmitOutcome::kAccepted);
  Await(store->Release(Await(store_.Acquire("two", kLeaderLease, 0)).epoch, "two"));
}

TEST_F(BrokenStoresTest, NeverTakesTasksBack) {
  const auto store = Started("never-takes-back");
  Running("t", "w");
  Expire("leases", "t");
  EXPECT_EQ(Await(store->Reap(epoch_, 10)).requeued, 0);
  EXPECT_EQ(Await(store_.Reap(epoch_, 10)).requeued, 1) << "the store of production does";
}

TEST_F(BrokenStoresTest, LeavesKeysBehind) {
  const auto store = Started("leaves-task-keys");
  const Claim claim = Running("t", "w");
  Await(store->Finish(epoch_, claim, "finished", "{}"));
  EXPECT_EQ(server_.Run({"EXISTS", "team:sales:seen:t"}), "1");
  const auto other = Started("leaves-worker-keys");
  Await(other->Leave(epoch_, "w"));
  EXPECT_EQ(server_.Run({"EXISTS", "team:sales:former:w"}), "1");
}

TEST_F(BrokenStoresTest, LosesResults) {
  const auto store = Started("loses-results");
  for (int i = 0; i < 10; ++i) {
    const Claim claim = Running("t" + std::to_string(i), "w");
    EXPECT_EQ(Await(store->Finish(epoch_, claim, "finished", "{}")), FinishOutcome::kDone);
  }
  EXPECT_EQ(Await(store_.Find("t9"))->state, "running");
}

TEST_F(BrokenStoresTest, StarvesTheWorkerThatCameLast) {
  const auto store = Started("starves-one-worker");
  for (const char* worker : {"a", "b"}) Await(store->Join(epoch_, worker));
  SubmitTo(*store, "t");
  EXPECT_EQ(Await(store->Take(epoch_, "b", true)).kind, Lease::Kind::kNothing);
  EXPECT_EQ(Await(store->Take(epoch_, "a", true)).kind, Lease::Kind::kTask);
}

}  // namespace
}  // namespace platform
