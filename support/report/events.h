// The events of a run, as they stand in events.ndjson, and how to read their fields.
//
// Every event has "at" (UTC), "event" and "pid". Beside the names below there are "stack.up",
// "stack.ready", "stack.down", "load.start", "load.end", "verdict" and "error". Renderers of what
// runs at present read the same file while it grows.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "support/base/utc.h"

namespace proving_ground {

// Cases that a process is going to try: "cases", a list of "test" and "subject".
inline constexpr const char* kCasesPlanned = "cases.planned";
// A case begins: "case" (GoogleTest's full name), "test" (without parameters), "subject"
// (parameter;
// "" for none), "file" (repository-relative), "line".
inline constexpr const char* kCaseStart = "case.start";
// It knows how long it is going to take: "duration_ms".
inline constexpr const char* kCaseDuration = "case.duration";
// It has ended: "case", "result" ("passed", "failed", "skipped"), "duration_ms", "failures"
// (texts).
inline constexpr const char* kCaseEnd = "case.end";
// A step around the cases begins: "step" ("stack.up").
inline constexpr const char* kStepStart = "step.start";
// It has ended: "step", "duration_ms", "exit_status".
inline constexpr const char* kStepEnd = "step.end";
// A fault: "fault", "target"; with the effect also "evidence", with the recovery "differences".
inline constexpr const char* kFaultInjected = "fault.injected";
inline constexpr const char* kFaultEffect = "fault.effect";
inline constexpr const char* kFaultHealed = "fault.healed";
inline constexpr const char* kFaultRecovered = "fault.recovered";
// What an earlier run had left broken was mended: "what".
inline constexpr const char* kFaultLeftover = "fault.healed_on_the_way_in";
// How far a load run is, every few seconds: "phase", "elapsed_ms" and "duration_ms" (planned) of
// the load phase, "teams" (a list: "team", "workers", and tasks "planned", "running", "finished",
// "failed"; "p99_ms" once there are enough), "text" (the same in one line, and more).
inline constexpr const char* kLoadProgress = "load.progress";

// Fields of an event or another document that may be damaged: what has another type is absent.
std::string TextOf(const nlohmann::json& object, const char* name);
std::optional<double> NumberOf(const nlohmann::json& object, const char* name);
std::int64_t CountOf(const nlohmann::json& object, const char* name);
std::vector<std::string> TextsOf(const nlohmann::json& object, const char* name);
std::optional<UtcTime> TimeOf(const nlohmann::json& object, const char* name = "at");
// An array; empty when it is none.
const nlohmann::json& ListOf(const nlohmann::json& object, const char* name);

}  // namespace proving_ground
