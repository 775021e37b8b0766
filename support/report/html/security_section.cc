#include <algorithm>

#include "support/report/html/figures.h"
#include "support/report/html/sections.h"

namespace proving_ground::html {
namespace {

// A cell says by word, sign and colour what came of the attempts.
Markup Cell(const AttackCell* cell) {
  if (cell == nullptr) return H(R"(<td class="cell none">-</td>)");
  std::string_view css = "held";
  std::string text = fmt::format("\u2713 {}", cell->tried);
  if (cell->breached > 0) {
    css = "breached";
    text = fmt::format("\u2715 {} of {} got through", cell->breached, cell->tried);
  } else if (cell->missing > 0) {
    css = "missing";
    text = fmt::format("! {} not served", cell->missing);
  } else if (cell->allowed > 0) {
    css = "allowed";
    text = fmt::format("\u25CB {} served", cell->allowed);
  }
  const Markup note = cell->note.empty() ? Markup() : H(R"( <small>{}</small>)", cell->note);
  return H(R"(<td class="cell {}">{}{}</td>)", css, text, note);
}

Markup Matrix(const AttackMatrix& matrix) {
  Markup rows;
  for (std::size_t row = 0; row < matrix.rows.size(); ++row) {
    Markup cells;
    for (std::size_t column = 0; column < matrix.columns.size(); ++column) {
      const auto cell =
          std::find_if(matrix.cells.begin(), matrix.cells.end(), [&](const AttackCell& candidate) {
            return candidate.row == row && candidate.column == column;
          });
      cells += Cell(cell == matrix.cells.end() ? nullptr : &*cell);
    }
    rows += H(R"(<tr><th scope="row">{}</th>{}</tr>)", matrix.rows[row], cells);
  }
  std::vector<std::string> columns = {"From"};
  columns.insert(columns.end(), matrix.columns.begin(), matrix.columns.end());
  std::int64_t tried = 0;
  std::int64_t breached = 0;
  for (const AttackCell& cell : matrix.cells) {
    tried += cell.tried;
    breached += cell.breached;
  }
  return H(
      R"(<details class="matrix"{}><summary><b>{}</b> {}: {} tried, {} got through</summary>{}</details>)",
      Markup::Trusted(breached > 0 ? " open" : ""), matrix.criterion, matrix.title, tried, breached,
      Table(matrix.title, columns, rows));
}

Markup Neighbours(const RunModel& model) {
  Markup rows;
  for (const NeighbourTimes& times : model.neighbours) {
    rows += H(R"(<tr><th scope="row">{}</th><td>{}</td><td class="n">{}</td><td class="n">{}</td>)"
              R"(<td class="n">{}</td><td class="n">{}</td><td class="n">{}</td></tr>)",
              times.team, times.attack, times.before, times.during, times.failed,
              Amount(times.p99_before_ms, "ms"), Amount(times.p99_during_ms, "ms"));
  }
  return Table("Answers that the others got meanwhile",
               {"Team", "During", "#Answers before", "#Meanwhile", "#Failed", "#p99 before",
                "#p99 meanwhile"},
               rows);
}

// Findings that differ in their service alone are one line: the same file says the same of many.
struct FindingGroup {
  const Finding* first = nullptr;
  std::vector<std::string> places;
};

std::vector<FindingGroup> Grouped(const std::vector<Finding>& findings) {
  std::vector<FindingGroup> groups;
  for (const Finding& finding : findings) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const FindingGroup& group) {
      return group.first->rule == finding.rule && group.first->remedy == finding.remedy &&
             group.first->evidence == finding.evidence && group.first->severity == finding.severity;
    });
    FindingGroup& group = same == groups.end() ? groups.emplace_back() : *same;
    if (group.first == nullptr) group.first = &finding;
    group.places.push_back(PlaceText(finding.place));
  }
  return groups;
}

constexpr std::size_t kMostPlaces = 8;

Markup PlacesOf(const FindingGroup& group) {
  Markup places;
  for (std::size_t i = 0; i < std::min(group.places.size(), kMostPlaces); ++i) {
    places += H("<code>{}</code> ", group.places[i]);
  }
  if (group.places.size() > kMostPlaces) {
    places += H("and {} more", group.places.size() - kMostPlaces);
  }
  return places;
}

std::string_view ClassOf(Severity severity) {
  if (severity >= Severity::kHigh) return "bad";
  return severity == Severity::kMedium ? "unsure" : "plain";
}

Markup FindingTable(const std::vector<Finding>& findings) {
  Markup rows;
  for (const FindingGroup& group : Grouped(findings)) {
    const Finding& finding = *group.first;
    rows += H(
        R"(<tr><th scope="row">{}</th><td><span class="badge {}">{}</span></td><td>{}</td><td>{}</td><td>{}</td></tr>)",
        finding.rule, ClassOf(finding.severity), SeverityName(finding.severity), PlacesOf(group),
        finding.evidence, finding.remedy);
  }
  return Table("Findings", {"Rule", "Severity", "Where", "What was seen", "What to do"}, rows);
}

Markup WaiverTable(const std::vector<audit::WaivedFinding>& waived) {
  Markup rows;
  for (const audit::WaivedFinding& one : waived) {
    rows += H(
        R"(<tr><th scope="row">{}</th><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>)",
        one.finding.rule, PlaceText(one.finding.place), one.waiver.reason, one.waiver.owner,
        one.waiver.expires);
  }
  return Table("Accepted for a time", {"Rule", "Where", "Why", "Owner", "Until"}, rows);
}

}  // namespace

Markup AttackSection(const RunModel& model) {
  Markup content;
  for (const AttackMatrix& matrix : model.attacks) content += Matrix(matrix);
  if (!content.empty()) {
    content =
        H("<p>\u2713 refused as it should be, \u25CB served as it should be (controls and what is "
          "allowed), \u2715 got through, ! a control was not served.</p>{}",
          content);
  }
  content += Neighbours(model);
  return Section("attacks", "Attacks", content);
}

Markup FindingSection(const RunModel& model) {
  if (!model.audit) return {};
  Markup content = FindingTable(model.audit->result.findings);
  content += WaiverTable(model.audit->result.waived);
  if (content.empty()) content = H("<p>No rule of the configuration audit found anything.</p>");
  return Section("findings", "Findings", content);
}

}  // namespace proving_ground::html
