#include <algorithm>

#include "support/base/count_text.h"
#include "support/report/html/figures.h"
#include "support/report/html/sections.h"

namespace proving_ground::html {
namespace {

// Bars are drawn as SVG with attributes, so that they show where styles are blocked.
constexpr double kBarWidth = 220;
constexpr int kBarHeight = 14;

// "F-1 sales": what an exercise and its result are named by.
std::string NameOf(const FailoverExercise& exercise) {
  return exercise.team.empty() ? exercise.criterion : exercise.criterion + " " + exercise.team;
}

std::string FaultsText(const FailoverExercise& exercise) {
  std::string text;
  for (const ExerciseFault& fault : exercise.faults) {
    text += (text.empty() ? "" : ", ") + fault.fault + " of " + fault.target;
  }
  return text;
}

// Downtime against its limit, and the noise floor in it: what the probe saw with nothing broken.
Markup Bar(const FailoverExercise& exercise, double scale) {
  if (scale <= 0 || !exercise.downtime_s) return {};
  const auto width = [&](double seconds) {
    return Number(std::min(seconds / scale, 1.0) * kBarWidth, 1);
  };
  const double downtime = *exercise.downtime_s;
  const bool missed = exercise.limit_s && downtime > *exercise.limit_s;
  Markup marks;
  if (exercise.noise_floor_s) {
    marks += H(R"(<rect class="floor" width="{}" height="{}" fill="#777"/>)",
               width(*exercise.noise_floor_s), kBarHeight);
  }
  if (exercise.limit_s) {
    marks += H(R"(<rect class="limit" x="{}" width="2" height="{}" fill="#777"/>)",
               width(*exercise.limit_s), kBarHeight);
  }
  return H(
      R"(<svg class="bar" width="{}" height="{}" aria-hidden="true"><rect class="{}" width="{}" height="{}" fill="{}"/>{}</svg>)",
      Number(kBarWidth + 4, 0), kBarHeight, missed ? "missed" : "held", width(downtime), kBarHeight,
      missed ? "#b3261e" : "#2563eb", marks);
}

double ScaleOf(const RunModel& model) {
  double scale = 0;
  for (const FailoverExercise& exercise : model.failover) {
    scale = std::max({scale, exercise.downtime_s.value_or(0), exercise.limit_s.value_or(0)});
  }
  return scale;
}

Markup DowntimeTable(const RunModel& model) {
  const double scale = ScaleOf(model);
  Markup rows;
  for (const FailoverExercise& exercise : model.failover) {
    rows += H(
        R"(<tr><th scope="row"><a href="#{}">{}</a></th><td>{}</td><td>{}</td><td class="n">{}</td>)"
        R"(<td class="n">{}</td><td class="n">{}</td><td>{}</td></tr>)",
        IdOf("exercise " + NameOf(exercise)), NameOf(exercise), FaultsText(exercise),
        Bar(exercise, scale), Seconds(exercise.downtime_s), Seconds(exercise.limit_s),
        Seconds(exercise.noise_floor_s), exercise.steady_after ? "yes" : "no");
  }
  Markup table = Table("Downtime of each exercise",
                       {"Exercise", "Broken", "Downtime, with its limit", "#Downtime", "#Limit",
                        "#Noise floor", "Service back"},
                       rows);
  if (table.empty()) return table;
  table +=
      H("<p>Downtime lasts from the first operation that did not succeed to the first of a steady "
        "row that did. The noise floor is the longest time without a success with nothing broken: "
        "shorter downtimes cannot be told from it.</p>");
  return table;
}

std::vector<Window> WindowsOf(const FailoverExercise& exercise) {
  std::vector<Window> windows;
  for (const ExerciseFault& fault : exercise.faults) {
    if (!fault.injected) continue;
    windows.push_back({fault.fault + " of " + fault.target, *fault.injected,
                       fault.healed.value_or(fault.recovered.value_or(exercise.duration))});
  }
  return windows;
}

Markup Times(const FailoverExercise& exercise) {
  Markup rows;
  for (const ExerciseFault& fault : exercise.faults) {
    rows += H(
        R"(<tr><th scope="row">{} of {}</th><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td>)"
        R"(<td class="n">{}</td><td>{}</td></tr>)",
        fault.fault, fault.target, Seconds(fault.injected), Seconds(fault.effect),
        Seconds(fault.healed), Seconds(fault.recovered),
        fault.evidence.empty() ? "no effect was seen" : fault.evidence);
  }
  return Table("Faults of " + NameOf(exercise),
               {"Fault", "#Injected at", "#Felt at", "#Taken back at", "#Recovered at", "Evidence"},
               rows);
}

Markup Figures(const FailoverExercise& exercise, Charts& charts) {
  if (exercise.every <= 0) return {};
  Line ok{"succeeded", {}};
  Line failed{"failed", {}};
  Line unknown{"unknown", {}};
  Line answers{"answer, longest", {}};
  for (const ProbePoint& point : exercise.points) {
    ok.points.emplace_back(point.at, point.ok / exercise.every);
    failed.points.emplace_back(point.at, point.failed / exercise.every);
    unknown.points.emplace_back(point.at, point.unknown / exercise.every);
    answers.points.emplace_back(point.at, point.answers.max);
  }
  const std::string id = IdOf("exercise " + NameOf(exercise));
  const std::string time = "seconds since the exercise began";
  const std::vector<Window> windows = WindowsOf(exercise);
  Markup figures = charts.Add({id + "-operations",
                               "Operations of " + NameOf(exercise),
                               "a second",
                               time,
                               {ok, failed, unknown},
                               windows});
  figures += charts.Add(
      {id + "-answers", "Answer times of " + NameOf(exercise), "ms", time, {answers}, windows});
  return figures.empty() ? figures : H(R"(<div class="charts">{}</div>)", figures);
}

Markup Exercise(const RunModel& model, const FailoverExercise& exercise, Charts& charts) {
  const auto result = std::find_if(
      model.results.begin(), model.results.end(), [&](const CriterionResult& candidate) {
        return candidate.criterion == exercise.criterion && candidate.team == exercise.team;
      });
  const bool judged = result != model.results.end();
  const bool good = judged && result->state == ResultState::kPassed;
  Markup more;
  if (!exercise.steady_after && !exercise.unsteady_reason.empty()) {
    more += H(R"(<p class="warning">{}</p>)", exercise.unsteady_reason);
  }
  more +=
      H("<p>The probe was at most {} late and left out {}.</p>",
        Amount(exercise.probe_worst_lag_ms, "ms"), CountText(exercise.probe_left_out, "operation"));
  return H(
      R"(<details class="exercise" id="{}"{}><summary><b>{}</b> {} {}</summary>{}{}{}</details>)",
      IdOf("exercise " + NameOf(exercise)), Markup::Trusted(good ? "" : " open"), NameOf(exercise),
      judged ? Badge(result->state) : Markup(), FaultsText(exercise), Times(exercise),
      Figures(exercise, charts), more);
}

}  // namespace

Markup FailoverSection(const RunModel& model, Charts& charts) {
  Markup content = DowntimeTable(model);
  for (const FailoverExercise& exercise : model.failover) {
    content += Exercise(model, exercise, charts);
  }
  return Section("failover", "Failover", content);
}

}  // namespace proving_ground::html
