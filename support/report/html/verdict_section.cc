#include <algorithm>
#include <array>

#include "support/base/count_text.h"
#include "support/report/html/figures.h"
#include "support/report/html/sections.h"

namespace proving_ground::html {
namespace {

std::string_view ClassOfVerdict(const RunModel& model) {
  if (model.exit_code == ExitCode::kProven) {
    return model.Count(ResultState::kSkipped) > 0 ? "unsure" : "good";
  }
  return model.exit_code == ExitCode::kCriterionFailed ? "bad" : "unsure";
}

Markup Counts(const RunModel& model) {
  Markup items;
  for (const ResultState state :
       {ResultState::kPassed, ResultState::kFailed, ResultState::kInconclusive, ResultState::kError,
        ResultState::kDidNotFinish, ResultState::kNotRun, ResultState::kSkipped}) {
    const int count = model.Count(state);
    if (count > 0) items += H("<li>{} {}</li>", count, Badge(state));
  }
  return H(R"(<ul class="counts">{}</ul>)", items);
}

// A reason names a result ("F-3 sales failed"): then its place on the page is one step away.
Markup Linked(const RunModel& model, const std::string& reason) {
  for (const CriterionResult& result : model.results) {
    if (reason.starts_with(result.Name() + " ") || reason.starts_with(result.Name() + ":")) {
      return H(R"(<a href="#{}">{}</a>)", IdOf("criterion " + result.criterion), reason);
    }
  }
  return H("{}", reason);
}

Markup Reasons(const RunModel& model) {
  constexpr std::size_t kMost = 12;
  Markup items;
  for (std::size_t i = 0; i < std::min(kMost, model.reasons.size()); ++i) {
    items += H("<li>{}</li>", Linked(model, model.reasons[i]));
  }
  if (model.reasons.size() > kMost) {
    items +=
        H(R"(<li>and {} more, <a href="#criteria">below</a></li>)", model.reasons.size() - kMost);
  }
  return items.empty() ? items : H("<h2>Why</h2><ul>{}</ul>", items);
}

// Where to look first, from what the run holds.
Markup WhatToLookAt(const RunModel& model) {
  Markup items;
  const auto add = [&](std::string_view id, const std::string& text) {
    items += H(R"(<li><a href="#{}">{}</a></li>)", id, text);
  };
  if (!model.errors.empty()) add("environment", "what stopped the harness");
  if (!model.logs.empty()) add("logs", "what services logged when it went wrong");
  if (model.audit && !model.audit->result.findings.empty()) {
    add("findings", CountText(model.audit->result.findings.size(), "finding") + " with remedies");
  }
  if (!model.not_proven.empty()) {
    add("not-proven", CountText(model.not_proven.size(), "thing") + " this run does not prove");
  }
  const bool worse = model.comparison &&
                     std::any_of(model.comparison->changes.begin(), model.comparison->changes.end(),
                                 [](const Change& c) { return c.worse; });
  if (worse) add("comparison", "what got worse since the run before");
  return items.empty() ? items : H("<h2>Look at</h2><ul>{}</ul>", items);
}

Markup Facts(const RunModel& model) {
  Markup facts;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) facts += H("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
  };
  add("Run", model.name);
  add("Started", Moment(model.started));
  if (model.started && model.ended) {
    add("Took", Length(std::chrono::duration_cast<std::chrono::milliseconds>(*model.ended -
                                                                             *model.started)));
  }
  add("Profile", model.environment.profile);
  add("Teams", fmt::format("{}", fmt::join(model.environment.teams, ", ")));
  add("Suites", fmt::format("{}", fmt::join(model.Suites(), ", ")));
  return H(R"(<dl class="facts">{}</dl>)", facts);
}

// A row of the readiness tables: what it asks, the criterion that answers, and the figure of it
// that says most.
struct Row {
  std::string_view label;
  std::string_view criterion;
  std::string_view measure;
};
struct Readiness {
  std::string_view title;
  std::string_view suite;
  std::vector<Row> rows;
};

const std::vector<Readiness>& ReadinessTables() {
  static const std::vector<Readiness> tables = {
      {"Load testing",
       "load",
       {{"Workers that complete", "L-1", "complete workers"},
        {"Every team", "L-2", "complete workers"},
        {"Duration", "L-3", "wall clock"},
        {"Redis answers", "L-4", "longest time without an answer"},
        {"Work really done", "L-5", "proven tasks"},
        {"Tasks lost", "L-6", "lost tasks"},
        {"Memory", "L-8", "memory growth"}}},
      {"Failover resilience",
       "failover",
       {{"Coordinator restart", "F-1", "downtime"},
        {"Coordinator crash", "F-2", "downtime"},
        {"Redis connection loss", "F-4", "recovery"},
        {"Redis crash", "F-6", "recovery"},
        {"State persistence", "F-8", ""},
        {"Concurrent operations", "F-9", "operations ok"}}},
      {"Security posture",
       "security",
       {{"Container isolation", "S-1", ""},
        {"Cross-team access", "S-2", ""},
        {"Secret management", "S-3", ""},
        {"Resource limits", "S-4", ""},
        {"File system access", "S-5", ""},
        {"Port exposure", "S-6", ""},
        {"Redis isolation", "S-7", ""}}},
  };
  return tables;
}

struct Telling {
  const CriterionResult* result = nullptr;
  const Measure* measure = nullptr;
};

// The figure that stands for a criterion: of the missed ones the worst; else of those asked for the
// one with the least margin; else the first.
Telling TellingMeasure(const std::vector<const CriterionResult*>& results, std::string_view name) {
  Telling telling;
  const auto rank = [&](const Measure& measure) {
    const bool asked = !name.empty() && measure.name.starts_with(name);
    return std::pair(!measure.Holds() ? 0 : asked ? 1 : 2, RelativeMargin(measure));
  };
  for (const CriterionResult* result : results) {
    for (const Measure& measure : result->measures) {
      if (telling.measure == nullptr || rank(measure) < rank(*telling.measure)) {
        telling = {result, &measure};
      }
    }
  }
  return telling;
}

Markup ReadinessRow(const RunModel& model, const Row& row) {
  const auto results = ResultsOf(model, row.criterion);
  if (results.empty()) return {};
  const Telling telling = TellingMeasure(results, row.measure);
  Markup target = H("-");
  Markup measured = H("{}", results.front()->summary);
  Markup note;
  if (telling.measure != nullptr) {
    target = H(R"({} <small>{}</small>)", Target(*telling.measure), telling.measure->name);
    measured =
        H(R"({} <small>n={}</small>)", Amount(telling.measure->observed, telling.measure->unit),
          telling.measure->samples);
    if (results.size() > 1) {
      note = H("least margin of {}: {}", results.size(), telling.result->Subject());
    }
  }
  return H(R"(<tr><th scope="row"><a href="#{}">{}</a> <small>{}</small></th><td>{}</td>)"
           "<td>{}</td><td>{}</td><td>{}</td></tr>",
           IdOf(std::string("criterion ") + std::string(row.criterion)), row.label, row.criterion,
           target, measured, Badge(Worst(results)), note);
}

}  // namespace

Markup Section(std::string_view id, std::string_view heading, const Markup& content) {
  if (content.empty()) return {};
  return H(R"(<section id="{}" aria-labelledby="{}-h"><h2 id="{}-h">{}</h2>{}</section>)", id, id,
           id, heading, content);
}

Markup Table(std::string_view caption, const std::vector<std::string>& columns,
             const Markup& rows) {
  if (rows.empty()) return {};
  Markup head;
  for (const std::string& column : columns) {
    const bool number = column.starts_with('#');
    head += H(R"(<th scope="col"{}>{}</th>)", Markup::Trusted(number ? R"( class="n")" : ""),
              column.substr(number ? 1 : 0));
  }
  return H(
      R"(<div class="wide" tabindex="0" role="region" aria-label="{}"><table><caption>{}</caption>)"
      "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
      caption, caption, head, rows);
}

Markup VerdictSection(const RunModel& model) {
  Markup warning;
  if (!model.finished) {
    warning += H(
        R"(<p class="warning">This run did not finish: what follows is what it wrote until then.</p>)");
  }
  if (!model.residue.empty()) {
    warning += H(R"(<p class="warning">Left behind: {}</p>)", model.residue);
  }
  for (const std::string& leak : model.leaks) {
    warning += H(R"(<p class="warning">{}</p>)", leak);
  }
  for (const std::string& part : model.unreadable) {
    warning += H(R"(<p class="warning">Cannot be read: {}</p>)", part);
  }
  return H(R"(<header class="verdict {}"><p class="name">Acceptance report</p><h1>{}</h1>{}{}{})"
           R"(<div class="columns"><div>{}</div><div>{}</div></div></header>)",
           ClassOfVerdict(model), model.headline, Counts(model), warning, Facts(model),
           Reasons(model), WhatToLookAt(model));
}

Markup ReadinessSection(const RunModel& model) {
  Markup tables;
  for (const Readiness& readiness : ReadinessTables()) {
    Markup rows;
    for (const Row& row : readiness.rows) rows += ReadinessRow(model, row);
    tables += Table(readiness.title, {"What", "Target", "Measured", "Result", "Note"}, rows);
  }
  return Section("readiness", "Production readiness", tables);
}

}  // namespace proving_ground::html
