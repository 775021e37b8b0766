// Figures of a run as people read them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/report/html/markup.h"
#include "support/report/run_model.h"

namespace proving_ground::html {

// "96 %", "1.2 s", "34 ms", "12": with the unit that suits the size.
std::string Amount(double value, const std::string& unit);
// "≥ 90 %".
std::string Target(const Measure& measure);
// How far the observed figure stays from the limit: "6 %", "−1.2 s" when it misses it.
std::string Margin(const Measure& measure);
// The margin as a share of the limit, to compare figures with each other; negative: missed.
double RelativeMargin(const Measure& measure);

std::string Milliseconds(std::optional<double> value);  // "-" for none
std::string Seconds(std::optional<double> value);
std::string Bytes(double bytes);
std::string Number(double value, int decimals);
std::string Moment(std::optional<UtcTime> moment);       // "2026-03-31 02:00:05 UTC"
std::string Length(std::chrono::milliseconds duration);  // "6 min 2 s"

// Good, bad, or something that must be looked at: the class of a state's badge.
std::string_view ClassOf(ResultState state);
// A state with a sign that does not depend on colour.
Markup Badge(ResultState state);

// The worst of them: what stands for all. kNotRun for none.
ResultState Worst(const std::vector<const CriterionResult*>& results);
std::vector<const CriterionResult*> ResultsOf(const RunModel& model, std::string_view criterion);

}  // namespace proving_ground::html
