// For tests: events as processes of a run write them, at seconds since its beginning.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "support/base/utc.h"
#include "support/report/events.h"

namespace proving_ground {

inline UtcTime AtSecond(double second) {
  return FromUnixMilliseconds(1'767'225'600'000 + static_cast<std::int64_t>(second * 1000));
}

inline nlohmann::json EventAt(double second, const char* name,
                              const nlohmann::json& fields = nlohmann::json::object(),
                              int pid = 1) {
  nlohmann::json event = {{"at", UtcText(AtSecond(second))}, {"event", name}, {"pid", pid}};
  event.update(fields);
  return event;
}

inline nlohmann::json CaseStart(double second, const std::string& test, const std::string& subject,
                                int pid) {
  return EventAt(second, kCaseStart, {{"case", test}, {"test", test}, {"subject", subject}}, pid);
}

inline nlohmann::json CaseEnd(double second, const std::string& test, const std::string& result,
                              int duration_ms, int pid) {
  return EventAt(second, kCaseEnd,
                 {{"case", test},
                  {"result", result},
                  {"duration_ms", duration_ms},
                  {"failures", nlohmann::json::array({"first.cc:1: it broke", "another"})}},
                 pid);
}

inline nlohmann::json VerdictOn(double second, const std::string& criterion,
                                const std::string& team, const std::string& outcome, int pid) {
  return EventAt(second, "verdict",
                 {{"criterion", criterion},
                  {"team", team},
                  {"outcome", outcome},
                  {"summary", "away for 31.2 s"}},
                 pid);
}

inline nlohmann::json FaultEvent(double second, const char* name, int pid) {
  return EventAt(second, name,
                 {{"fault", "kill"},
                  {"target", "sales-coordinator"},
                  {"evidence", "connection refused"},
                  {"differences", nlohmann::json::array()}},
                 pid);
}

// A load run of two teams, `elapsed` seconds into its load phase of 300 s.
inline nlohmann::json LoadAt(double second, const std::string& phase, double elapsed) {
  const auto team = [](const char* name, int finished, int failed) {
    return nlohmann::json{{"team", name},   {"workers", 10},        {"planned", 520},
                          {"running", 2},   {"finished", finished}, {"failed", failed},
                          {"p99_ms", 30.04}};
  };
  return EventAt(
      second, kLoadProgress,
      {{"phase", phase},
       {"elapsed_ms", static_cast<std::int64_t>(elapsed * 1000)},
       {"duration_ms", 300'000},
       {"teams", nlohmann::json::array({team("marketing", 520, 0), team("sales", 130, 3)})},
       {"text", "load 120/300 s: 20 workers, 650 of 1040 done"}});
}

inline constexpr const char* kKillTest = "CoordinatorKill.IsBackOnceAnOperatorHasStartedIt";

}  // namespace proving_ground
