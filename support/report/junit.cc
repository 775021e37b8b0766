#include "support/report/junit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOfName = 250;
constexpr std::size_t kMostOfMessage = 2'000;
constexpr std::size_t kMostOfProperty = 500;
constexpr std::size_t kMostOfText = 60'000;
constexpr const char* kHarness = "harness";

// What the outcome element says.
struct OutcomeElement {
  const char* name = nullptr;  // nullptr: passed
  std::string type;
  std::string message;
};

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  double time = 0;

  void Add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    time += other.time;
  }
};

double SecondsOf(const std::optional<std::chrono::milliseconds>& duration) {
  return duration ? static_cast<double>(duration->count()) / 1000 : 0.0;
}

std::string Opposite(const std::string& relation) { return relation == ">=" ? "<" : ">"; }

// "p99 312 > 250 ms (n=4812)" for each measure that does not hold; else the summary.
std::string MissText(const CriterionResult& result) {
  std::string text;
  for (const Measure& measure : result.measures) {
    if (measure.Holds()) continue;
    text += fmt::format("{}{} {:.6g} {} {:.6g} {} (n={})", text.empty() ? "" : "; ", measure.name,
                        measure.observed, Opposite(measure.relation), measure.limit, measure.unit,
                        measure.samples);
  }
  return text.empty() ? result.summary : text;
}

OutcomeElement ElementOf(const CriterionResult& result, const FailOn& fail_on) {
  const std::string state(StateName(result.state));
  const std::string message = state + ": " + result.summary;
  switch (result.state) {
    case ResultState::kPassed:
      return {};
    case ResultState::kFailed:
      return {"failure", "threshold", MissText(result)};
    case ResultState::kError:
      return {"error", "internal", result.summary};
    case ResultState::kDidNotFinish:
    case ResultState::kNotRun:
      return {"error", "incomplete", message};
    case ResultState::kInconclusive:
    case ResultState::kSkipped:
      break;
  }
  if (fail_on.states.contains(result.state)) return {"error", state, message};
  return {"skipped", "", result.state == ResultState::kSkipped ? result.summary : message};
}

// "at suites.load.LoadTest.WorkersComplete(completion_test.cc:12)": folders in lower case, then the
// name, then the file.
std::string PositionLine(const CriterionResult& result) {
  std::string folders = fs::path(result.file).parent_path().generic_string();
  std::replace(folders.begin(), folders.end(), '/', '.');
  return fmt::format("at {}.{}({}:{})", folders, result.test,
                     fs::path(result.file).filename().string(), std::max(result.line, 1));
}

std::string MeasureText(const Measure& measure) {
  std::ostringstream text;
  text << measure;
  return text.str();
}

std::string BodyOf(const CriterionResult& result) {
  std::string text = result.Name() + ": " + result.claim + "\n" + result.summary + "\n";
  for (const Measure& measure : result.measures) text += MeasureText(measure) + "\n";
  for (const std::string& detail : result.details) text += "- " + detail + "\n";
  for (const std::string& failure : result.failures) text += failure + "\n";
  text = XmlText(text, kMostOfText);
  text += "\n" + PositionLine(result) + "\n";
  for (const std::string& file : result.evidence) text += "see " + file + "\n";
  return text;
}

void SetText(pugi::xml_node node, const std::string& text) {
  node.append_child(pugi::node_pcdata).set_value(text.c_str());
}

void SetAttribute(pugi::xml_node node, const char* name, const std::string& value,
                  std::size_t limit = kMostOfName) {
  node.append_attribute(name).set_value(XmlText(value, limit).c_str());
}

void AddProperty(pugi::xml_node properties, const char* name, const std::string& value) {
  if (value.empty()) return;
  pugi::xml_node property = properties.append_child("property");
  SetAttribute(property, "name", name);
  SetAttribute(property, "value", value, kMostOfProperty);
}

// The measure that decides: the one with the least margin.
const Measure* Decisive(const CriterionResult& result) {
  const auto worst = std::min_element(result.measures.begin(), result.measures.end(),
                                      [](const Measure& one, const Measure& other) {
                                        const auto rank = [](const Measure& m) {
                                          return m.Margin().value_or(m.Holds() ? 1e9 : -1e9);
                                        };
                                        return rank(one) < rank(other);
                                      });
  return worst == result.measures.end() ? nullptr : &*worst;
}

class Writer {
 public:
  Writer(const RunModel& model, const JUnitOptions& options) : model_(model), options_(options) {}

  std::string Write() {
    pugi::xml_node declaration = document_.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    root_ = document_.append_child("testsuites");
    SetAttribute(root_, "name", "proving ground");
    Counts all;
    AddHarness(all);
    for (const std::string& name : SuiteNames()) AddSuite(name, all);
    Close(root_, all);
    SetAttribute(root_, "timestamp", Started());
    std::ostringstream text;
    document_.save(text, "  ", pugi::format_indent, pugi::encoding_utf8);
    return text.str();
  }

 private:
  std::string Started() const { return UtcText(model_.started.value_or(UtcTime())); }

  // "load.sales"; "load" for the whole stack. In the order of the results.
  static std::string SuiteName(const CriterionResult& result) {
    return result.team.empty() ? result.suite : result.suite + "." + result.team;
  }

  std::vector<std::string> SuiteNames() const {
    std::vector<std::string> names;
    for (const CriterionResult& result : model_.results) {
      const std::string name = SuiteName(result);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names;
  }

  pugi::xml_node OpenSuite(const std::string& name) {
    pugi::xml_node suite = root_.append_child("testsuite");
    SetAttribute(suite, "name", name);
    SetAttribute(suite, "id", std::to_string(suites_++));
    SetAttribute(suite, "package", "proving_ground");
    SetAttribute(suite, "hostname",
                 model_.environment.host.empty() ? "unknown" : model_.environment.host);
    return suite;
  }

  static void Close(pugi::xml_node suite, const Counts& counts) {
    suite.append_attribute("tests") = counts.tests;
    suite.append_attribute("failures") = counts.failures;
    suite.append_attribute("errors") = counts.errors;
    suite.append_attribute("skipped") = counts.skipped;
    SetAttribute(suite, "time", fmt::format("{:.3f}", counts.time));
  }

  void AddSuite(const std::string& name, Counts& all) {
    pugi::xml_node suite = OpenSuite(name);
    Counts counts;
    std::optional<UtcTime> started;
    for (const CriterionResult& result : model_.results) {
      if (SuiteName(result) != name) continue;
      AddCase(name, result, suite, counts);
      if (result.started && (!started || *result.started < *started)) started = result.started;
    }
    Close(suite, counts);
    SetAttribute(suite, "timestamp", started ? UtcText(*started) : Started());
    all.Add(counts);
  }

  static pugi::xml_node OpenCase(pugi::xml_node suite, const std::string& class_name,
                                 const std::string& name, double time) {
    pugi::xml_node test = suite.append_child("testcase");
    SetAttribute(test, "classname", class_name);
    SetAttribute(test, "name", name);
    SetAttribute(test, "time", fmt::format("{:.3f}", time));
    return test;
  }

  static void AddOutcome(pugi::xml_node test, const OutcomeElement& element,
                         const std::string& body, Counts& counts) {
    ++counts.tests;
    if (element.name == nullptr) return;
    const std::string name = element.name;
    ++(name == "failure" ? counts.failures : name == "error" ? counts.errors : counts.skipped);
    pugi::xml_node outcome = test.append_child(element.name);
    SetAttribute(outcome, "message", element.message, kMostOfMessage);
    if (!element.type.empty()) SetAttribute(outcome, "type", element.type);
    if (name != "skipped") SetText(outcome, body);
  }

  void AddCase(const std::string& class_name, const CriterionResult& result, pugi::xml_node suite,
               Counts& counts) const {
    std::string name = result.criterion + " " + result.test;
    if (!result.service.empty()) name += " (" + result.service + ")";
    const double time = SecondsOf(result.duration);
    pugi::xml_node test = OpenCase(suite, class_name, name, time);
    SetAttribute(test, "file", result.file);
    if (result.line > 0) SetAttribute(test, "line", std::to_string(result.line));
    if (result.started) SetAttribute(test, "timestamp", UtcText(*result.started));
    AddProperties(result, test);
    AddOutcome(test, ElementOf(result, options_.fail_on), BodyOf(result), counts);
    AddOutput(result, test);
    counts.time += time;
  }

  static void AddProperties(const CriterionResult& result, pugi::xml_node test) {
    pugi::xml_node properties = test.append_child("properties");
    AddProperty(properties, "rule_id", result.criterion);
    AddProperty(properties, "claim", result.claim);
    AddProperty(properties, "team", result.team);
    AddProperty(properties, "service", result.service);
    AddProperty(properties, "outcome", std::string(StateName(result.state)));
    if (const Measure* measure = Decisive(result)) {
      AddProperty(properties, "observed", fmt::format("{:.6g}", measure->observed));
      AddProperty(properties, "limit", fmt::format("{} {:.6g}", measure->relation, measure->limit));
      AddProperty(properties, "unit", measure->unit);
      AddProperty(properties, "samples", std::to_string(measure->samples));
      if (const auto margin = measure->Margin()) {
        AddProperty(properties, "margin", fmt::format("{:.4g}", *margin));
      }
    }
    constexpr std::size_t kMost = 30;
    for (std::size_t i = 0; i < std::min(result.measures.size(), kMost); ++i) {
      AddProperty(properties, "measure", MeasureText(result.measures[i]));
    }
  }

  // What was seen in one sentence, and, of a case that is not good, files for GitLab to attach.
  void AddOutput(const CriterionResult& result, pugi::xml_node test) const {
    std::string text = XmlText(result.summary, kMostOfMessage) + "\n";
    const bool bad = result.state != ResultState::kPassed && result.state != ResultState::kSkipped;
    const fs::path folder = fs::path(model_.folder).lexically_relative(options_.repository);
    const bool inside = !options_.repository.empty() && !folder.empty() && *folder.begin() != "..";
    if (bad && inside) {
      for (const std::string& file : result.evidence) {
        text += "[[ATTACHMENT|" + (folder / file).generic_string() + "]]\n";
      }
    }
    SetText(test.append_child("system-out"), text);
  }

  bool IsOfCase(const HarnessTrouble& error) const {
    return std::any_of(model_.results.begin(), model_.results.end(),
                       [&](const CriterionResult& result) {
                         return error.part.find(result.test) != std::string::npos;
                       });
  }

  // The steps around the cases: without them a run that never got to a case would show nothing.
  void AddHarness(Counts& all) {
    std::vector<HarnessTrouble> errors;
    std::copy_if(model_.errors.begin(), model_.errors.end(), std::back_inserter(errors),
                 [&](const HarnessTrouble& error) { return !IsOfCase(error); });
    for (const std::string& part : model_.unreadable) errors.push_back({"run folder", 5, part});
    if (errors.empty() && model_.steps.empty() && model_.leaks.empty()) return;
    pugi::xml_node suite = OpenSuite(kHarness);
    Counts counts;
    std::vector<std::string> done;
    for (const HarnessStep& step : model_.steps) {
      if (std::find(done.begin(), done.end(), step.name) != done.end()) continue;
      done.push_back(step.name);
      AddStep(step.name, errors, suite, counts);
    }
    for (const HarnessTrouble& error : errors) {
      if (std::find(done.begin(), done.end(), error.part) != done.end()) continue;
      done.push_back(error.part);
      pugi::xml_node test = OpenCase(suite, kHarness, error.part, 0);
      AddOutcome(test, ErrorOf(error), error.message, counts);
    }
    if (!model_.leaks.empty()) {
      pugi::xml_node test = OpenCase(suite, kHarness, "report.secrets", 0);
      AddOutcome(test, {"failure", "leak", model_.leaks.front()},
                 fmt::format("{}", fmt::join(model_.leaks, "\n")), counts);
    }
    Close(suite, counts);
    SetAttribute(suite, "timestamp", Started());
    all.Add(counts);
  }

  static OutcomeElement ErrorOf(const HarnessTrouble& error) {
    const bool environment = error.exit_status == static_cast<int>(ExitCode::kEnvironment);
    const bool usage = error.exit_status == static_cast<int>(ExitCode::kUsage);
    return {"error", environment ? "environment" : usage ? "usage" : "internal", error.message};
  }

  // The last attempt of a step.
  void AddStep(const std::string& name, const std::vector<HarnessTrouble>& errors,
               pugi::xml_node suite, Counts& counts) const {
    const auto step =
        *std::find_if(model_.steps.rbegin(), model_.steps.rend(),
                      [&](const HarnessStep& candidate) { return candidate.name == name; });
    const double time = SecondsOf(step.duration);
    pugi::xml_node test = OpenCase(suite, kHarness, name, time);
    counts.time += time;
    const auto error =
        std::find_if(errors.begin(), errors.end(),
                     [&](const HarnessTrouble& candidate) { return candidate.part == name; });
    if (error != errors.end()) {
      AddOutcome(test, ErrorOf(*error), XmlText(error->message, kMostOfText), counts);
    } else if (!step.duration) {
      AddOutcome(test, {"error", "incomplete", "did not finish: it was killed, or still runs"}, "",
                 counts);
    } else {
      AddOutcome(test, {}, "", counts);
    }
  }

  const RunModel& model_;
  const JUnitOptions& options_;
  pugi::xml_document document_;
  pugi::xml_node root_;
  int suites_ = 0;
};

}  // namespace

std::string JUnitXml(const RunModel& model, const JUnitOptions& options) {
  return Writer(model, options).Write();
}

}  // namespace proving_ground
