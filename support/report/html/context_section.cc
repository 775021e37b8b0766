#include <algorithm>

#include "support/base/count_text.h"
#include "support/report/html/figures.h"
#include "support/report/html/sections.h"

namespace proving_ground::html {
namespace {

Markup Excerpt(const LogExcerpt& excerpt) {
  Markup lines;
  for (const std::string& line : excerpt.lines) lines += H("{}\n", line);
  const Markup more = excerpt.left_out > 0
                          ? H(" <small>{} left out</small>", CountText(excerpt.left_out, "line"))
                          : Markup();
  return H(
      R"(<details open><summary><b>{}</b>: {}, {} to {}{}</summary>)"
      R"(<pre tabindex="0" role="region" aria-label="Log of {}">{}</pre><p>All of it: <code>{}</code></p></details>)",
      excerpt.result, excerpt.service, Moment(excerpt.from), Moment(excerpt.to), more,
      excerpt.service, lines, excerpt.file);
}

std::string Value(std::optional<double> value, const std::string& unit) {
  return value ? Amount(*value, unit) : "-";
}

Markup ChangeRow(const Change& change) {
  const bool state = change.measure.empty();
  return H(
      R"(<tr{}><th scope="row">{}</th><td>{}</td><td class="n">{}</td><td class="n">{}</td><td>{}</td></tr>)",
      Markup::Trusted(change.worse ? R"( class="worse")" : ""), change.result,
      state ? "result" : change.measure,
      state ? change.state_before : Value(change.before, change.unit),
      state ? change.state_after : Value(change.after, change.unit), change.worse ? "worse" : "");
}

Markup Facts(const RunEnvironment& environment) {
  Markup rows;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) rows += H(R"(<tr><th scope="row">{}</th><td>{}</td></tr>)", name, value);
  };
  add("Host", environment.host);
  if (environment.cores > 0) add("Cores", std::to_string(environment.cores));
  if (environment.memory_bytes > 0) {
    add("Memory", Bytes(static_cast<double>(environment.memory_bytes)));
  }
  add("Operating system", environment.operating_system);
  add("Kernel", environment.kernel);
  add("Engine", environment.engine_version);
  add("Compose", environment.compose_version);
  add("Project", environment.project);
  add("Compose files", fmt::format("{}", fmt::join(environment.compose_files, ", ")));
  add("Their SHA-256", environment.compose_hash);
  add("Harness", environment.harness_version);
  add("Commit", environment.commit);
  if (environment.seed) add("Seed", std::to_string(*environment.seed));
  return Table("Where it ran", {"What", "Value"}, rows);
}

Markup Images(const RunEnvironment& environment) {
  Markup rows;
  for (const ImageOfService& image : environment.images) {
    rows += H(R"(<tr><th scope="row">{}</th><td>{}</td><td><code>{}</code></td></tr>)",
              image.service, image.image, image.digest);
  }
  return Table("Images", {"Service", "Image", "Digest"}, rows);
}

Markup Steps(const RunModel& model) {
  Markup rows;
  for (const HarnessStep& step : model.steps) {
    rows += H(
        R"(<tr><th scope="row">{}</th><td>{}</td><td class="n">{}</td><td class="n">{}</td></tr>)",
        step.name, Moment(step.started), step.duration ? Length(*step.duration) : "did not finish",
        step.exit_status);
  }
  return Table("Steps", {"Step", "Began", "#Took", "#Exit status"}, rows);
}

Markup FaultTable(const RunModel& model) {
  Markup rows;
  for (const FaultPeriod& fault : model.faults) {
    const auto end = fault.recovered ? fault.recovered : fault.healed;
    rows += H(
        R"(<tr><th scope="row">{} of {}</th><td>{} {}</td><td>{}</td><td>{}</td><td>{}</td></tr>)",
        fault.fault, fault.target, fault.criterion, fault.team, Moment(fault.injected),
        end ? Moment(end) : "still open",
        fault.evidence.empty() ? "no effect was seen" : fault.evidence);
  }
  return Table("Faults", {"Fault", "For", "Injected", "Over", "Evidence"}, rows);
}

}  // namespace

Markup LogSection(const RunModel& model) {
  Markup content;
  for (const LogExcerpt& excerpt : model.logs) content += Excerpt(excerpt);
  return Section("logs", "What services logged", content);
}

Markup NotProvenSection(const RunModel& model) {
  Markup rows;
  for (const NotProven& one : model.not_proven) {
    rows += H(R"(<tr><th scope="row">{}</th><td>{}</td></tr>)", one.what, one.why);
  }
  Markup content = Table("Not proven", {"What", "Why"}, rows);
  if (content.empty()) content = H("<p>Everything that the run set out to prove was tried.</p>");
  return Section("not-proven", "What this run does not prove", content);
}

Markup ComparisonSection(const RunModel& model) {
  if (!model.comparison) return {};
  const Comparison& comparison = *model.comparison;
  Markup rows;
  for (const Change& change : comparison.changes) rows += ChangeRow(change);
  Markup content =
      H("<p>Against {}, {}. Worse means: a worse result, or a figure that moved towards its limit "
        "by a "
        "tenth or more.</p>",
        comparison.previous, Moment(comparison.previous_started));
  content += rows.empty()
                 ? H("<p>Nothing changed.</p>")
                 : Table("Changes", {"Criterion", "Measure", "#Before", "#Now", "Trend"}, rows);
  return Section("comparison", "Since the run before", content);
}

Markup EnvironmentSection(const RunModel& model) {
  Markup content;
  for (const HarnessTrouble& error : model.errors) {
    content += H(R"(<p class="warning"><b>{}</b> stopped (exit status {}): {}</p>)", error.part,
                 error.exit_status, error.message);
  }
  content += Facts(model.environment);
  content += Steps(model);
  content += FaultTable(model);
  content += Images(model.environment);
  return Section("environment", "The run and its environment", content);
}

}  // namespace proving_ground::html
