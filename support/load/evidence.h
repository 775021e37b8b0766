// Evidence of work: did the finishing attempt of each task really do its calls, in order, thinking
// in between? Recomputed from the team's journal, which is read back through the gateway.
//
//   McpJournal journal(client);
//   journal.MarkStart(run_id);                 // before the load
//   const ResultTexts texts = LearnResultTexts(client, run_id);
//   VerifyEvidence(team, finished, journal.ReadSinceMark(), texts)
//
// What the verifier must know of memory_* results it learns by making the calls itself, once: their
// texts depend on key and value only, so no wording of the gateway is written down here.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "support/load/recording.h"
#include "support/load/workload.h"
#include "support/mcp/mcp_client.h"

namespace proving_ground {

// One entry of a team's journal.
struct JournalEntry {
  std::string id;
  std::string text;
  std::int64_t at_ms = 0;  // the stack's clock, Unix milliseconds
};

// The texts a memory call can answer: on a key that is there and on one that is not, since a call
// that is repeated after a lost answer meets the state it made itself. "{key}" and "{value}" stand
// for what was passed.
using ResultTexts = std::map<Call, std::vector<std::string>>;

// A team's journal, as its own client sees it.
class Journal {
 public:
  virtual ~Journal() = default;
  // Writes an entry that names the run; only later entries are read back. Throws EnvironmentError.
  virtual void MarkStart(const std::string& run_id) = 0;
  virtual std::vector<JournalEntry> ReadSinceMark() = 0;
  virtual ResultTexts LearnResultTexts(const std::string& run_id) = 0;
};

// Journal behind the MCP gateway: tools journal_append, journal_read and memory_*.
class McpJournal : public Journal {
 public:
  explicit McpJournal(McpClient& client) : client_(client) {}
  void MarkStart(const std::string& run_id) override;
  std::vector<JournalEntry> ReadSinceMark() override;
  ResultTexts LearnResultTexts(const std::string& run_id) override;

 private:
  McpClient& client_;
  std::string mark_;
};

// Checks each finished task of `team` in `entries`: a start and an end entry of the finishing
// attempt and worker, in order, with the proof the chain must hold there, and at least the task's
// think time between them (`tolerance` forgives timer granularity). When the driver does not tell
// attempt and worker, any attempt will do that holds.
EvidenceRecord VerifyEvidence(const std::string& team, const std::vector<LedgerEntry>& entries,
                              const std::vector<JournalEntry>& journal, const ResultTexts& texts,
                              std::chrono::milliseconds tolerance = std::chrono::milliseconds(20));

}  // namespace proving_ground
