#include "support/faults/probe/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kTask = OperationKind::kTask;
constexpr auto kWrite = OperationKind::kWrite;
constexpr auto kOk = OperationOutcome::kOk;
constexpr auto kFailed = OperationOutcome::kFailed;
constexpr auto kUnknown = OperationOutcome::kUnknown;

ProbeAnswer Answered(int status, const std::string& body = "") {
  return {.status = status, .sent = true, .body = body};
}

TEST(JudgeTest, WhatWasNeverSentFailedAndWhatWasSentIsUnknown) {
  EXPECT_EQ(Judge(kTask, {.sent = false, .reason = "connection refused"}).outcome, kFailed);
  EXPECT_EQ(Judge(kTask, {.sent = true, .reason = "timed out"}).outcome, kUnknown);
  EXPECT_EQ(Judge(kTask, {.sent = true, .reason = "timed out"}).reason, "timed out");
}

TEST(JudgeTest, OnlyAStatusThatSaysSoIsARefusal) {
  for (const int status : {400, 401, 403, 404, 409, 413, 429, 503}) {
    EXPECT_EQ(Judge(kTask, Answered(status)).outcome, kFailed) << status;
    EXPECT_EQ(Judge(kWrite, Answered(status)).outcome, kFailed) << status;
  }
  for (const int status : {302, 408, 500, 502, 504}) {
    EXPECT_EQ(Judge(kTask, Answered(status)).outcome, kUnknown) << status;
    EXPECT_EQ(Judge(kWrite, Answered(status)).outcome, kUnknown) << status;
  }
}

TEST(JudgeTest, ATaskIsAcknowledgedByItsStatus) {
  EXPECT_EQ(Judge(kTask, Answered(202)).outcome, kOk);
  EXPECT_EQ(Judge(kTask, Answered(200, "no JSON")).outcome, kOk);
}

TEST(JudgeTest, AWriteIsAcknowledgedByAResult) {
  EXPECT_EQ(Judge(kWrite, Answered(200, R"({"id":1,"result":{"isError":false}})")).outcome, kOk);
  EXPECT_EQ(Judge(kWrite, Answered(200, R"({"id":1,"result":{}})")).outcome, kOk);
  EXPECT_EQ(Judge(kWrite, Answered(200,
                                   ": hello\n\ndata: {\"method\":\"notifications/progress\"}\n\n"
                                   "event: message\ndata: {\"id\":1,\"result\":{}}\n\n"))
                .outcome,
            kOk);
}

TEST(JudgeTest, AnythingElseInATwoHundredLeavesAWriteUnknown) {
  for (const char* body : {"", "{", "[]", R"({"result":7})", R"({"id":1,"error":{"code":-32603}})",
                           R"({"id":1,"result":{"isError":true}})", "data: {\"error\":{}}\n"}) {
    EXPECT_EQ(Judge(kWrite, Answered(200, body)).outcome, kUnknown) << body;
  }
  EXPECT_EQ(Judge(kWrite, Answered(202, R"({"result":{}})")).outcome, kUnknown);
}

TEST(JudgeTest, ReasonsAreShort) {
  const Judgement judgement = Judge(kTask, Answered(500, std::string(10'000, 'x')));
  EXPECT_THAT(judgement.reason, HasSubstr("HTTP status 500 xxx"));
  EXPECT_THAT(judgement.reason, SizeIs(200));
}

}  // namespace
}  // namespace proving_ground
