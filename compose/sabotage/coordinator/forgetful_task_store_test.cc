#include "compose/sabotage/coordinator/forgetful_task_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compose/services/coordinator/store_fixture_for_test.h"

namespace platform {
namespace {

class ForgetfulTaskStoreTest : public StoreFixture {
 protected:
  // What the tasks are to a coordinator that starts now with this store.
  void Restart(TaskStore& store) { epoch_ = Await(store.Acquire("one", kLeaderLease, 0)).epoch; }
};

TEST_F(ForgetfulTaskStoreTest, ForgetsEveryTaskAtItsStartOnly) {
  Finish(Running("ended", "w"));
  const Claim claim = Running("running", "w");
  Submit("queued");
  Restart(store_);
  EXPECT_EQ(Await(store_.Count()).queued, 1) << "the store of production keeps them";

  ForgetfulTaskStore forgetful(commands_, blocking_, {.team = "sales"});
  Restart(forgetful);
  for (const char* task : {"ended", "running", "queued"}) {
    EXPECT_EQ(Await(forgetful.Find(task)), std::nullopt) << task;
  }
  const Totals totals = Await(forgetful.Count());
  EXPECT_EQ(totals.queued + totals.running, 0);
  EXPECT_EQ(totals.workers, 1);
  EXPECT_EQ(Finish(claim), FinishOutcome::kStale);
  EXPECT_EQ(Take("w").kind, Lease::Kind::kNothing);
  Submit("later");
  Restart(forgetful);
  EXPECT_EQ(Take("w").task.id, "later") << "it works like any other until it starts again";
}

}  // namespace
}  // namespace platform
