#include "support/load/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/load/hand_made_recording.h"
#include "support/load/judge.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;

// A recording in which no field has its default, so that a field that is not kept is seen.
LoadRecording FullRecording() {
  LoadRecording recording = HandMadeRecording();
  recording.complete = false;
  recording.incomplete_reason = "interrupted";
  recording.workers[0].exit_code.reset();
  recording.ledger[0].outcome = SubmitOutcome::kUnknown;
  recording.ledger[0].settled = true;
  recording.ledger[0].reason = "no answer";
  recording.ledger[0].finished_by_record = true;
  recording.ledger[1].submitted.reset();
  recording.ledger[1].outcome = SubmitOutcome::kRefused;
  recording.pings.reconnects = 2;
  recording.pings.gaps = {{1s, 400ms}};
  recording.pings.errors = {"no answer"};
  recording.pings.own_lag = 3ms;
  recording.samples[0].keys.reset();
  recording.evidence[0].findings = {{"r1-sales-1", "no journal entry"}};
  recording.residue.keys = {"team:sales:left"};
  recording.residue.containers = {"stack-sales-worker-3"};
  recording.residue.networks = {"stack_left"};
  recording.residue.reason = "Redis was away";
  return recording;
}

TEST(RecordingTest, SurvivesTheRoundTrip) {
  const json document = ToJson(FullRecording());

  const LoadRecording again = LoadRecordingFromJson(json::parse(document.dump()));

  EXPECT_EQ(ToJson(again), document);
  EXPECT_EQ(again.seed, 7u);
  EXPECT_EQ(again.contract.duration, 20s);
  EXPECT_EQ(again.ledger[0].outcome, SubmitOutcome::kUnknown);
  EXPECT_EQ(again.ledger[0].settled, true);
  EXPECT_EQ(again.ledger[0].events[2].type, EventType::kFinished);
  EXPECT_EQ(again.ledger[1].submitted, std::nullopt);
  EXPECT_EQ(again.workers[0].exit_code, std::nullopt);
  EXPECT_EQ(again.workers[1].exit_code, 0);
  EXPECT_EQ(again.samples[0].keys, std::nullopt);
  EXPECT_EQ(again.samples[1].memory.at("redis").limit, 64.0 * 1024 * 1024);
  EXPECT_EQ(again.pings.gaps[0].length, 400ms);
  EXPECT_EQ(again.evidence[0].findings[0].task, "r1-sales-1");
  EXPECT_EQ(again.FindPhase("stop")->duration, 2s);
  EXPECT_EQ(again.FindPhase("none"), nullptr);
}

TEST(RecordingTest, IsJudgedTheSameAfterTheRoundTrip) {
  const LoadRecording recording = HandMadeRecording();
  const LoadRecording again = LoadRecordingFromJson(ToJson(recording));

  const auto before = JudgeAll(recording);
  const auto after = JudgeAll(again);

  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(ToJson(before[i]), ToJson(after[i]));
  }
}

TEST(RecordingTest, IsSavedAndLoaded) {
  const TemporaryFolder folder("recording-test");
  const auto file = folder.path() / "load.json";
  LoadRecording recording = FullRecording();
  recording.ledger[0].reason = "not UTF-8: \xff";  // as a stack may answer

  SaveRecording(recording, file);

  EXPECT_EQ(LoadRecordingFile(file).ledger.size(), recording.ledger.size());
}

TEST(RecordingTest, RefusalNamesTheField) {
  const auto refusal = [](const json& document) -> std::string {
    try {
      LoadRecordingFromJson(document);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  };
  json other_version = ToJson(HandMadeRecording());
  other_version["version"] = LoadRecording::kVersion + 1;
  json without_pings = ToJson(HandMadeRecording());
  without_pings.erase("pings");
  json strange_event = ToJson(HandMadeRecording());
  strange_event["ledger"][3]["events"][0]["type"] = "vanished";
  json wrong_type = ToJson(HandMadeRecording());
  wrong_type["workers"][0]["id"] = 7;

  EXPECT_THAT(refusal(json::array()), HasSubstr("kind"));
  EXPECT_THAT(refusal(other_version), HasSubstr("version"));
  EXPECT_THAT(refusal(without_pings), HasSubstr("recording.pings is missing"));
  EXPECT_THAT(refusal(strange_event), HasSubstr("recording.ledger[3].events[0].type"));
  EXPECT_THAT(refusal(wrong_type), HasSubstr("recording.workers[0].id"));
}

}  // namespace
}  // namespace proving_ground
