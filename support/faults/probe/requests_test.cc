#include "support/faults/probe/requests.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "support/base/poll.h"
#include "support/faults/probe/testing/fake_coordinator.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using Mode = FakeCoordinator::Mode;

class RequestsTest : public testing::Test {
 protected:
  void Send(const std::string& id) {
    answer_.reset();
    ProbeRequest request;
    request.url = "http://coordinator:8080/v1/tasks";
    request.route = "coordinator:8080:127.0.0.1:" + std::to_string(stack_.port());
    request.body = R"({"id":")" + id + R"("})";
    request.patience = 5s;
    requests_.Send(std::move(request), [this](const ProbeAnswer& answer) { answer_ = answer; });
  }

  // Until the answer is there, or the time is over.
  void ServeFor(std::chrono::milliseconds time) {
    const Deadline deadline = Within(time);
    while (!answer_ && !deadline.Passed()) requests_.Serve(Clock::now() + 10ms, -1);
  }

  FakeCoordinator stack_;
  Requests requests_;
  std::optional<ProbeAnswer> answer_;
};

// What comes next gets the same handle of libcurl.
TEST_F(RequestsTest, OneThatWasBrokenOffDoesNotSpoilTheNext) {
  Send("first");
  ServeFor(10s);
  ASSERT_TRUE(answer_);
  EXPECT_EQ(answer_->status, 202);

  stack_.Set(Mode::kHanging);
  Send("broken off");
  ServeFor(200ms);
  ASSERT_FALSE(answer_);
  stack_.Set(Mode::kDown);
  ServeFor(10s);
  ASSERT_TRUE(answer_);
  EXPECT_EQ(answer_->status, 0);
  EXPECT_TRUE(answer_->sent) << "it may have been taken";

  stack_.Set(Mode::kServing);
  Send("next");
  ServeFor(10s);
  ASSERT_TRUE(answer_);
  EXPECT_EQ(answer_->status, 202) << answer_->reason;
}

}  // namespace
}  // namespace proving_ground
