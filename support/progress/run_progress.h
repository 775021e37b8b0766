// What a run is doing at present, put together from its events as they come.
//
//   RunProgress progress;
//   for (const nlohmann::json& event : tail.Next()) {             // event_tail.h
//     for (const News& news : progress.Apply(event)) Print(news);  // what a log wants to hear
//   }
//   DrawFrame(progress.state(), now, screen);                     // frame.h: what a terminal shows
//
// Events may be damaged, doubled or missing: a run that was killed leaves whatever it wrote. Texts
// come from the stack under test and from processes that it may have upset; OneLine (line_text.h)
// makes them fit for a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/base/utc.h"
#include "support/report/run_model.h"

namespace proving_ground {

// How news is to be taken; a terminal shows it as a colour.
enum class Tone { kPlain, kGood, kBad, kUnsure };

// Something that happened.
struct News {
  UtcTime at;
  std::string text;  // "F-1 sales passed after 12.3 s"
  Tone tone = Tone::kPlain;
  // It tells of something that has just begun, and that a live view shows anyway while it lasts.
  bool passing = false;
};

// What runs: a case, or a step around the cases.
struct Activity {
  std::string name;   // "F-1 sales", "load.run"
  std::string suite;  // of a case; empty: a step
  std::string claim;  // of a case's criterion
  UtcTime since;
  std::int64_t pid = 0;
  std::optional<std::chrono::milliseconds> planned;  // how long it means to take, where it said so
};

struct OpenFault {
  std::string fault;   // "crash"
  std::string target;  // "sales-coordinator"
  UtcTime since;
  bool felt = false;    // its effect was seen
  bool healed = false;  // it was taken back; the stack recovers
};

struct TeamProgress {
  std::string team;
  std::int64_t workers = 0, planned = 0, running = 0, finished = 0, failed = 0;  // tasks
  std::optional<double> p99_ms;
};

// A load run, as it last told of itself.
struct LoadProgress {
  UtcTime at;
  std::string phase;                      // "spawn", "load"
  std::chrono::milliseconds elapsed{0};   // of the load phase
  std::chrono::milliseconds duration{0};  // planned
  std::vector<TeamProgress> teams;
  std::string text;  // one line: sums over teams, latency, resources
};

struct RunState {
  std::optional<UtcTime> started;
  std::string profile;  // of the contract
  std::vector<std::string> teams;
  std::optional<Activity> activity;  // absent: between two cases
  std::vector<OpenFault> faults;     // the oldest first
  std::optional<LoadProgress> load;  // while a load run lasts
  // By criterion and parameter of its case: the last attempt.
  std::map<std::pair<std::string, std::string>, ResultState> judged;
  int planned = 0;     // criteria to judge, one a team or service; 0: not known
  bool ended = false;  // the stack was taken down

  int Count(ResultState state) const;
};

class RunProgress {
 public:
  // What a log wants to hear of it, in order; mostly one line or none.
  std::vector<News> Apply(const nlohmann::json& event);
  // What has become worth telling because time passed: that a case runs which began a while ago.
  std::vector<News> Tick(UtcTime now);
  // Criteria to judge, by the plan.
  void SetPlanned(int planned) { state_.planned = planned; }

  const RunState& state() const { return state_; }

 private:
  void ApplyStep(const std::string& name, const nlohmann::json& event);
  void ApplyStack(const std::string& name, const nlohmann::json& event);
  void ApplyCase(const std::string& name, const nlohmann::json& event);
  void ApplyFault(const std::string& name, const nlohmann::json& event);
  void ApplyLoad(const std::string& name, const nlohmann::json& event);
  void StartStep(const nlohmann::json& event);
  void EndStep(const nlohmann::json& event);
  void StartCase(const nlohmann::json& event);
  void EndCase(const nlohmann::json& event);
  void NoteVerdict(const nlohmann::json& event);
  void LeaveActivity(std::int64_t pid);
  void Tell(std::string text, Tone tone = Tone::kPlain, bool passing = false);
  void TellBegin();

  RunState state_;
  UtcTime at_;                               // of the event that is applied
  std::vector<News> news_;                   // of it
  std::optional<News> begin_;                // of the case that runs, while nobody was told
  std::pair<std::string, std::string> key_;  // of the case that runs
  std::optional<std::pair<ResultState, std::string>> verdict_;  // on it: its outcome and summary
};

// "F-3 sales runs for 34 s; kill of sales-coordinator in effect; 23 of 96 judged, 1 failed": what a
// log is told now and then.
std::string StatusText(const RunState& state, UtcTime now);

}  // namespace proving_ground
