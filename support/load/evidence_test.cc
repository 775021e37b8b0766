#include "support/load/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/load/proof.h"
#include "support/mcp/scripted_server.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const ResultTexts kTexts = {{Call::kMemoryPut, {"stored {key}"}},
                            {Call::kMemoryGet, {"{value}"}},
                            {Call::kMemoryDelete, {"deleted", "nothing to delete"}}};

// Does a task as a worker does, and keeps its journal.
class EvidenceTest : public testing::Test {
 protected:
  EvidenceTest() {
    entry_.task.id = "r1-sales-1";
    entry_.task.team = "sales";
    entry_.task.nonce = "nonce";
    entry_.task.gaps = {100ms, 200ms, 0ms, 100ms};
    entry_.outcome = SubmitOutcome::kAccepted;
    Finish(1, "w1");
  }

  void Finish(int attempt, const std::string& worker) {
    entry_.events = {{EventType::kFinished, worker, attempt, 0, 0ms}};
  }

  std::string Append(int attempt, const std::string& worker, int call, const std::string& proof) {
    const std::string id = std::to_string(now_ms_) + "-0";
    journal_.push_back({id,
                        entry_.task.id + " " + std::to_string(attempt) + " " + worker + " " +
                            std::to_string(call) + " " + proof,
                        now_ms_});
    return id;
  }

  // All calls; returns the last proof.
  std::string Work(int attempt, const std::string& worker, const std::string& deleted = "deleted") {
    std::string proof = FirstProof("nonce");
    proof = NextProof(proof, Append(attempt, worker, 0, proof));
    now_ms_ += 100;
    proof = NextProof(proof, "stored r1-sales-1");
    now_ms_ += 200;
    proof = NextProof(proof, "nonce");
    proof = NextProof(proof, deleted);
    now_ms_ += 100;
    return NextProof(proof, Append(attempt, worker, 4, proof));
  }

  EvidenceRecord Verify() const { return VerifyEvidence("sales", {entry_}, journal_, kTexts); }

  std::string Problem() const {
    const EvidenceRecord record = Verify();
    return record.findings.empty() ? "" : record.findings[0].problem;
  }

  LedgerEntry entry_;
  std::vector<JournalEntry> journal_;
  std::int64_t now_ms_ = 1'700'000'000'000;
};

TEST_F(EvidenceTest, HonestWorkIsProven) {
  entry_.proof = Work(1, "w1");

  const EvidenceRecord record = Verify();

  EXPECT_EQ(record.checked, 1);
  EXPECT_EQ(record.proven, 1);
  EXPECT_EQ(record.entries, 2);
  EXPECT_THAT(record.findings, IsEmpty());
}

TEST_F(EvidenceTest, TheFinishingAttemptCountsAndNoOther) {
  Append(1, "w1", 0, FirstProof("nonce"));  // the first attempt died here
  now_ms_ += 5000;
  Work(2, "w2");
  Finish(2, "w2");
  EXPECT_EQ(Problem(), "");

  Finish(1, "w1");
  EXPECT_THAT(Problem(), HasSubstr("no journal entry for call 4"));
  Finish(2, "w1");
  EXPECT_THAT(Problem(), HasSubstr("no journal entry for call 0"));
}

TEST_F(EvidenceTest, AnyAttemptWillDoWhenTheDriverDoesNotTell) {
  Append(1, "w1", 0, FirstProof("nonce"));
  Work(2, "w2");
  Finish(0, "");

  EXPECT_EQ(Problem(), "");
}

TEST_F(EvidenceTest, RepeatedCallsOfOneAttemptAreForgiven) {
  // The answer to the first append was lost: the worker repeats it and goes on with the second id.
  Append(1, "w1", 0, FirstProof("nonce"));
  ++now_ms_;
  Work(1, "w1", "nothing to delete");

  EXPECT_EQ(Problem(), "");
}

TEST_F(EvidenceTest, NothingWrittenIsNoWork) { EXPECT_EQ(Problem(), "no journal entry at all"); }

TEST_F(EvidenceTest, SkippedThinkingIsSeen) {
  std::string proof = FirstProof("nonce");
  proof = NextProof(proof, Append(1, "w1", 0, proof));
  for (const char* text : {"stored r1-sales-1", "nonce", "deleted"}) proof = NextProof(proof, text);
  now_ms_ += 379;  // 400 ms less 20 ms of tolerance less one
  Append(1, "w1", 4, proof);

  EXPECT_THAT(Problem(), HasSubstr("only 379 ms"));
}

TEST_F(EvidenceTest, LeftOutCallIsSeen) {
  std::string proof = FirstProof("nonce");
  proof = NextProof(proof, Append(1, "w1", 0, proof));
  now_ms_ += 400;
  proof = NextProof(proof, "stored r1-sales-1");  // neither read nor deleted
  Append(1, "w1", 4, proof);

  EXPECT_THAT(Problem(), HasSubstr("wrong proof in the journal entry for call 4"));
}

TEST_F(EvidenceTest, ReversedOrderIsSeen) {
  Work(1, "w1");
  std::swap(journal_[0], journal_[1]);

  EXPECT_THAT(Problem(), HasSubstr("comes before its predecessor"));
}

TEST_F(EvidenceTest, ReportedProofMustFit) {
  Work(1, "w1");
  entry_.proof = "made up";

  EXPECT_THAT(Problem(), HasSubstr("another proof"));
}

TEST_F(EvidenceTest, OnlyFinishedTasksOfTheTeamAreChecked) {
  LedgerEntry other = entry_;
  other.task.team = "finance";
  LedgerEntry unfinished = entry_;
  unfinished.events.clear();

  EXPECT_EQ(VerifyEvidence("sales", {other, unfinished}, journal_, kTexts).checked, 0);
}

// A gateway with a journal and a memory, in one function.
class McpJournalTest : public testing::Test {
 protected:
  HttpResult Answer(const HttpRequest& request) {
    const json body = json::parse(request.body);
    const json& arguments = body["params"]["arguments"];
    const json text = {{"type", "text"}, {"text", DoCall(body["params"]["name"], arguments)}};
    return {200,
            {{"content-type", "application/json"}},
            json{{"jsonrpc", "2.0"}, {"id", body["id"]}, {"result", {{"content", {text}}}}}.dump()};
  }

  std::string DoCall(const std::string& tool, const json& arguments) {
    if (tool == "journal_append") {
      entries_.push_back(arguments["entry"]);
      return std::to_string(entries_.size()) + "-0";
    }
    if (tool == "journal_read") {
      json page = {{"entries", json::array()}, {"next", nullptr}};
      for (std::size_t i = std::stoul(arguments["after"].get<std::string>());
           i < entries_.size() && page["entries"].size() < 2; ++i) {
        page["entries"].push_back(
            {{"id", std::to_string(i + 1) + "-0"}, {"entry", entries_[i]}, {"at_ms", 1000 + i}});
      }
      return page.dump();
    }
    const std::string key = arguments["key"];
    if (tool == "memory_put") return memory_.insert_or_assign(key, arguments["value"]), "stored";
    if (tool == "memory_get") return key + "=" + memory_.at(key);
    return memory_.erase(key) > 0 ? "deleted " + key : "nothing";
  }

  std::vector<std::string> entries_ = {"of an earlier run"};
  std::map<std::string, std::string> memory_;
  ScriptedServer server_{[this](const HttpRequest& request) { return Answer(request); }};
  McpClient client_{{.url = server_.url(), .token_file = ""}};
  McpJournal journal_{client_};
};

TEST_F(McpJournalTest, ReadsAllPagesSinceTheMark) {
  journal_.MarkStart("r1");
  for (const char* text : {"a", "b", "c", "d", "e"}) entries_.push_back(text);

  const auto entries = journal_.ReadSinceMark();

  ASSERT_EQ(entries.size(), 5u);
  EXPECT_EQ(entries[0].text, "a");
  EXPECT_EQ(entries[4].id, "7-0");
  EXPECT_EQ(entries[4].at_ms, 1006);
}

TEST_F(McpJournalTest, LearnsWhatMemoryCallsAnswerAndLeavesNothing) {
  const ResultTexts texts = journal_.LearnResultTexts("r1");

  EXPECT_THAT(texts.at(Call::kMemoryPut), ElementsAre("stored", "stored"));
  EXPECT_THAT(texts.at(Call::kMemoryGet), ElementsAre("{key}={value}"));
  EXPECT_THAT(texts.at(Call::kMemoryDelete), ElementsAre("deleted {key}", "nothing"));
  EXPECT_THAT(memory_, IsEmpty());
}

}  // namespace
}  // namespace proving_ground
