// The parts of the page, in its order. A part that has nothing to show is empty.
#pragma once

#include "support/report/html/chart.h"
#include "support/report/html/markup.h"
#include "support/report/run_model.h"

namespace proving_ground::html {

Markup VerdictSection(const RunModel& model);
Markup ReadinessSection(const RunModel& model);
Markup CriteriaSection(const RunModel& model);
Markup LoadSection(const RunModel& model, Charts& charts);
Markup FailoverSection(const RunModel& model, Charts& charts);
Markup AttackSection(const RunModel& model);
Markup FindingSection(const RunModel& model);
Markup LogSection(const RunModel& model);
Markup NotProvenSection(const RunModel& model);
Markup ComparisonSection(const RunModel& model);
Markup EnvironmentSection(const RunModel& model);

// A section with its heading; empty when `content` is.
Markup Section(std::string_view id, std::string_view heading, const Markup& content);

// A table in a box that scrolls when it is wider than the screen. `columns` that begin with '#'
// hold numbers.
Markup Table(std::string_view caption, const std::vector<std::string>& columns, const Markup& rows);

}  // namespace proving_ground::html
