#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>

#include "support/report/summary.h"

namespace proving_ground {
namespace {

fmt::color ColourOf(ResultState state) {
  return state == ResultState::kPassed   ? fmt::color::green
         : state == ResultState::kFailed ? fmt::color::red
                                         : fmt::color::orange;
}

class Table {
 public:
  Table(const RunModel& model, bool colour) : model_(model), colour_(colour) {
    for (const CriterionResult& result : model.results) {
      width_ = std::max(width_, result.Subject().size());
    }
  }

  std::string Text() {
    text_ = fmt::format("\n{:<5} {:<{}} {:<14} {:<34} {:>10}    {:<10} {:<6} {:>7}\n", "id", "team",
                        width_, "outcome", "measure", "observed", "limit", "unit", "samples");
    for (const CriterionResult& result : model_.results) Add(result);
    for (const std::string& leak : model_.leaks) text_ += leak + "\n";
    for (const HarnessTrouble& error : model_.errors) {
      text_ += fmt::format("{}: {}\n", error.part, error.message);
    }
    for (const std::string& part : model_.unreadable) text_ += part + "\n";
    if (!model_.residue.empty()) text_ += "warning: left behind: " + model_.residue + "\n";
    return text_ + fmt::format("\n{}\n", model_.headline);
  }

 private:
  void Add(const CriterionResult& result) {
    std::string outcome = fmt::format("{:<14}", StateName(result.state));
    if (colour_) outcome = fmt::format(fmt::fg(ColourOf(result.state)), "{}", outcome);
    const std::string subject = result.Subject().empty() ? "-" : result.Subject();
    std::string head = fmt::format("{:<5} {:<{}} {}", result.criterion, subject, width_, outcome);
    for (const Measure& measure : result.measures) {
      text_ += fmt::format("{} {:<34} {:>10.6g} {} {:<10.6g} {:<6} {:>7}\n", head, measure.name,
                           measure.observed, measure.relation, measure.limit, measure.unit,
                           measure.samples);
      head = std::string(width_ + 21, ' ');
    }
    if (result.measures.empty()) text_ += head + "\n";
    if (result.state == ResultState::kPassed || result.state == ResultState::kNotRun) return;
    text_ += fmt::format("      {}\n", result.summary);
    for (const std::string& detail : result.details) text_ += fmt::format("      - {}\n", detail);
  }

  const RunModel& model_;
  const bool colour_;
  std::size_t width_ = 12;  // of the names of teams and services
  std::string text_;
};

}  // namespace

std::string SummaryTable(const RunModel& model, bool colour) { return Table(model, colour).Text(); }

}  // namespace proving_ground
