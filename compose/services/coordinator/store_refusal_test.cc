// A change that Redis refuses is not made in part: every script is carried out as a whole or not at
// all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compose/services/coordinator/store_fixture_for_test.h"

namespace platform {
namespace {

class StoreRefusalTest : public StoreFixture {
 protected:
  // One of everything: a task in hand, one in the queue, one that ended, an inbox entry half taken.
  void Populate() {
    Submit("ended");
    Await(store_.Join(epoch_, "w"));
    Finish({"w", "ended", Take("w").attempt});
    claim_ = Running("running", "w");
    Submit("queued");
    Await(store_.Join(epoch_, "idle"));
    server_.Run({"LPUSH", "team:sales:admitting", "entry"});
  }

  // Of all keys and values. It stays the same while nothing is changed, for no deadline passes
  // here.
  std::string Digest() { return server_.Run({"DEBUG", "DIGEST"}); }

  template <typename Operation>
  void ExpectRefused(Operation operation, const std::string& code) {
    const std::string before = Digest();
    try {
      operation();
      ADD_FAILURE() << "not refused";
    } catch (const RedisNotServing& error) {
      EXPECT_EQ(error.code(), code);
    }
    EXPECT_EQ(Digest(), before);
  }

  // What brings in something new.
  void ExpectNothingNew(const std::string& code) {
    ExpectRefused([&] { Submit("new"); }, code);
    ExpectRefused([&] { Await(store_.Admit(epoch_, "entry", {"t", "{}"}, "why")); }, code);
    ExpectRefused([&] { Await(store_.Reject(epoch_, "entry", "why")); }, code);
    ExpectRefused([&] { Finish(claim_); }, code);
    ExpectRefused([&] { Await(store_.Join(epoch_, "new")); }, code);
  }

  // What is not for a store without write access either.
  void ExpectNothingChanges(const std::string& code) {
    ExpectNothingNew(code);
    ExpectRefused([&] { Take("idle"); }, code);
    ExpectRefused([&] { Await(store_.Heartbeat(epoch_, claim_)); }, code);
    ExpectRefused([&] { Await(store_.Collect(epoch_, "ended")); }, code);
    ExpectRefused([&] { Await(store_.Leave(epoch_, "w")); }, code);
    ExpectRefused([&] { Await(store_.Reap(epoch_, 100)); }, code);
    ExpectRefused([&] { Await(store_.Prolong(epoch_)); }, code);
    ExpectRefused([&] { Await(store_.Renew(epoch_, "one", kLeaderLease)); }, code);
    ExpectRefused([&] { Await(store_.Acquire("one", kLeaderLease, 0)); }, code);
    ExpectRefused([&] { Await(store_.Release(epoch_, "one")); }, code);
    EXPECT_EQ(Await(store_.Count()).queued, 1) << "what changes nothing is served";
    EXPECT_EQ(Await(store_.Workers()).size(), 2U);
    EXPECT_EQ(Await(store_.Find("running"))->state, "running");
  }

  Claim claim_;
};

TEST_F(StoreRefusalTest, AReadOnlyStoreChangesNothing) {
  Populate();
  server_.Run({"REPLICAOF", "127.0.0.1", "1"});
  ExpectNothingChanges("READONLY");
  server_.Run({"REPLICAOF", "NO", "ONE"});
  EXPECT_EQ(Finish(claim_), FinishOutcome::kDone);
}

TEST_F(StoreRefusalTest, AStoreWithoutItsReplicasChangesNothing) {
  Populate();
  server_.Run({"CONFIG", "SET", "min-replicas-to-write", "1"});
  ExpectNothingChanges("NOREPLICAS");
  server_.Run({"CONFIG", "SET", "min-replicas-to-write", "0"});
  EXPECT_EQ(Finish(claim_), FinishOutcome::kDone);
}

TEST_F(StoreRefusalTest, AFullStoreTakesNothingNewAndKeepsLeasesAndLeadership) {
  Populate();
  server_.Run({"CONFIG", "SET", "maxmemory", "1"});
  ExpectNothingNew("OOM");
  Await(store_.Renew(epoch_, "one", kLeaderLease));
  EXPECT_EQ(Await(store_.Heartbeat(epoch_, claim_)), HeartbeatOutcome::kOk);
  EXPECT_EQ(Take("idle").task.id, "queued");
  EXPECT_EQ(Await(store_.Leave(epoch_, "idle")), 1);
  EXPECT_EQ(Await(store_.Collect(epoch_, "ended")), CollectOutcome::kCollected) << "makes room";
  server_.Run({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(Finish(claim_), FinishOutcome::kDone);
}

}  // namespace
}  // namespace platform
