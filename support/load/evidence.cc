#include "support/load/evidence.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>

#include "support/base/errors.h"
#include "support/load/proof.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

constexpr int kPageSize = 500;
constexpr int kMostPages = 1'000;  // more than the stack keeps entries for

std::string CallOrThrow(McpClient& client, const std::string& tool,
                        const nlohmann::json& arguments) {
  const ToolResult result = client.CallTool(tool, arguments);
  if (!result.is_error) return result.text;
  throw EnvironmentError("tool " + tool + " of the gateway failed: " + result.text,
                         "look into the log of the gateway");
}

std::string Replace(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// An entry a worker wrote: "<task> <attempt> <worker> <call> <proof>".
struct WorkEntry {
  std::size_t position = 0;  // in the journal
  std::string id;
  milliseconds at{0};
  int attempt = 0;
  std::string worker;
  int call = 0;
  std::string proof;
};

// Entries by task; what is no work entry belongs to somebody else.
std::map<std::string, std::vector<WorkEntry>> ParseJournal(
    const std::vector<JournalEntry>& journal) {
  std::map<std::string, std::vector<WorkEntry>> tasks;
  for (std::size_t i = 0; i < journal.size(); ++i) {
    std::istringstream fields(journal[i].text);
    std::string task;
    WorkEntry entry;
    if (!(fields >> task >> entry.attempt >> entry.worker >> entry.call >> entry.proof)) continue;
    entry.position = i;
    entry.id = journal[i].id;
    entry.at = milliseconds(journal[i].at_ms);
    tasks[task].push_back(std::move(entry));
  }
  return tasks;
}

// Where a chain can stand after some calls. There is more than one possibility only when a call was
// repeated after a lost answer.
struct Link {
  std::string proof;
  const WorkEntry* last = nullptr;  // last journal entry of the chain

  bool operator<(const Link& other) const {
    return std::tie(proof, last) < std::tie(other.proof, other.last);
  }
};
using Links = std::set<Link>;

// Follows the chain of one attempt.
class ChainWalk {
 public:
  ChainWalk(const Task& task, std::vector<const WorkEntry*> entries, const ResultTexts& texts,
            milliseconds tolerance)
      : task_(task), entries_(std::move(entries)), texts_(texts), tolerance_(tolerance) {}

  // What is wrong with the chain; nullopt: it holds. `reported` is the last proof as the worker
  // told it to the coordinator, empty when unknown.
  std::optional<std::string> Problem(const std::string& reported) {
    Links links = {{FirstProof(task_.nonce), nullptr}};
    const std::vector<Call> calls = CallsOf(task_);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (i > 0) thought_ += task_.gaps[i - 1];
      links = calls[i] == Call::kJournalAppend ? AfterJournal(links, static_cast<int>(i))
                                               : AfterMemory(links, calls[i]);
      if (links.empty()) return problem_;
    }
    const bool as_reported = std::any_of(links.begin(), links.end(), [&](const Link& link) {
      return reported.empty() || link.proof == reported;
    });
    if (!as_reported) return "the worker reported another proof than its journal entries lead to";
    return std::nullopt;
  }

 private:
  Links AfterMemory(const Links& links, Call call) {
    Links after;
    const auto known = texts_.find(call);
    if (known == texts_.end()) {
      problem_ = "it is not known what the gateway answers to this call";
      return after;
    }
    for (const std::string& text : known->second) {
      const std::string answer = Replace(Replace(text, "{key}", task_.id), "{value}", task_.nonce);
      for (const Link& link : links) after.insert({NextProof(link.proof, answer), link.last});
    }
    return after;
  }

  Links AfterJournal(const Links& links, int call) {
    const std::string name = "call " + std::to_string(call);
    problem_ = "no journal entry for " + name;
    Links after;
    for (const WorkEntry* entry : entries_) {
      if (entry->call != call) continue;
      for (const Link& link : links) {
        if (entry->proof != link.proof) {
          problem_ = "wrong proof in the journal entry for " + name;
        } else if (link.last != nullptr && entry->position <= link.last->position) {
          problem_ = "the journal entry for " + name + " comes before its predecessor";
        } else if (link.last != nullptr && entry->at - link.last->at < thought_ - tolerance_) {
          problem_ = "only " + std::to_string((entry->at - link.last->at).count()) + " ms before " +
                     name + ", of which " + std::to_string(thought_.count()) +
                     " ms were to be spent thinking";
        } else {
          after.insert({NextProof(entry->proof, entry->id), entry});
        }
      }
    }
    thought_ = milliseconds(0);
    return after;
  }

  const Task& task_;
  const std::vector<const WorkEntry*> entries_;
  const ResultTexts& texts_;
  const milliseconds tolerance_;
  milliseconds thought_{0};  // think time since the last journal entry
  std::string problem_;
};

using Attempt = std::pair<int, std::string>;  // number and worker

// The attempt that finished the task; all that left entries when the driver does not tell.
std::set<Attempt> AttemptsToCheck(const LedgerEntry& entry, const std::vector<WorkEntry>& work) {
  const LedgerEvent* finish = entry.First(EventType::kFinished);
  if (finish != nullptr && finish->attempt > 0) return {{finish->attempt, finish->worker}};
  std::set<Attempt> attempts;
  for (const WorkEntry& item : work) attempts.insert({item.attempt, item.worker});
  return attempts;
}

std::optional<std::string> ProblemOf(const LedgerEntry& entry, const std::vector<WorkEntry>& work,
                                     const ResultTexts& texts, milliseconds tolerance) {
  std::string problem = "no journal entry at all";
  if (work.empty()) return problem;
  for (const Attempt& attempt : AttemptsToCheck(entry, work)) {
    std::vector<const WorkEntry*> own;
    for (const WorkEntry& item : work) {
      if (Attempt{item.attempt, item.worker} == attempt) own.push_back(&item);
    }
    const auto found = ChainWalk(entry.task, std::move(own), texts, tolerance).Problem(entry.proof);
    if (!found.has_value()) return std::nullopt;
    problem = "attempt " + std::to_string(attempt.first) + " of " + attempt.second + ": " + *found;
  }
  return problem;
}

}  // namespace

void McpJournal::MarkStart(const std::string& run_id) {
  mark_ = CallOrThrow(client_, "journal_append", {{"entry", "start of run " + run_id}});
}

std::vector<JournalEntry> McpJournal::ReadSinceMark() {
  std::vector<JournalEntry> entries;
  std::string after = mark_;
  for (int page = 0; page < kMostPages; ++page) {
    const std::string text =
        CallOrThrow(client_, "journal_read", {{"after", after}, {"limit", kPageSize}});
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("entries")) {
      throw EnvironmentError("journal_read answered no page of entries: " + text.substr(0, 200),
                             "check the version of the gateway");
    }
    for (const auto& item : json["entries"]) {
      entries.push_back({item.at("id").get<std::string>(), item.at("entry").get<std::string>(),
                         item.at("at_ms").get<std::int64_t>()});
    }
    if (json["entries"].empty() || entries.back().id == after) return entries;
    after = entries.back().id;
  }
  throw EnvironmentError("the journal does not end", "use a stack of its own for the run");
}

ResultTexts McpJournal::LearnResultTexts(const std::string& run_id) {
  const std::string key = "key-of-" + run_id;
  const std::string value = "value-of-" + run_id;
  ResultTexts texts;
  const auto learn = [&](Call call, const char* tool, const nlohmann::json& arguments) {
    const ToolResult result = client_.CallTool(tool, arguments);
    if (result.is_error) return;  // then no finished task met this state
    texts[call].push_back(Replace(Replace(result.text, value, "{value}"), key, "{key}"));
  };
  learn(Call::kMemoryPut, "memory_put", {{"key", key}, {"value", value}});
  learn(Call::kMemoryPut, "memory_put", {{"key", key}, {"value", value}});
  learn(Call::kMemoryGet, "memory_get", {{"key", key}});
  learn(Call::kMemoryDelete, "memory_delete", {{"key", key}});
  learn(Call::kMemoryDelete, "memory_delete", {{"key", key}});
  return texts;
}

EvidenceRecord VerifyEvidence(const std::string& team, const std::vector<LedgerEntry>& entries,
                              const std::vector<JournalEntry>& journal, const ResultTexts& texts,
                              milliseconds tolerance) {
  EvidenceRecord record;
  record.team = team;
  record.read = true;
  record.entries = static_cast<std::int64_t>(journal.size());
  auto tasks = ParseJournal(journal);
  for (const LedgerEntry& entry : entries) {
    if (entry.task.team != team || !entry.Finished()) continue;
    ++record.checked;
    const auto problem = ProblemOf(entry, tasks[entry.task.id], texts, tolerance);
    if (problem.has_value()) {
      record.findings.push_back({entry.task.id, *problem});
    } else {
      ++record.proven;
    }
  }
  return record;
}

}  // namespace proving_ground
