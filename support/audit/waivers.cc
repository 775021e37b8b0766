#include "support/audit/waivers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "support/audit/rules/json_view.h"
#include "support/audit/sweep_rules.h"
#include "support/contract/contract.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;
using std::chrono::sys_days;

constexpr const char* kPath = "x-acceptance.security.waivers";

enum WaiverRule { kIncomplete, kExpired, kUnused, kUnknown, kTooSevere };

void NoCheck(const StackView&, Report&) {}

std::vector<Rule> MakeRules() {
  using enum Severity;
  using enum Area;
  constexpr std::string_view kSource = "acceptance contract";
  return {
      {"WAV-01", kSource, kMedium, kIsolation, "A waiver lacks its reason, owner or expiry",
       "Say why the finding is accepted, by whom, and until when (expires: 2027-03-31).", NoCheck},
      {"WAV-02", kSource, kMedium, kIsolation, "A waiver has expired",
       "Mend what it was for, or decide anew.", NoCheck},
      {"WAV-03", kSource, kLow, kIsolation, "A waiver is not needed", "Remove it.", NoCheck},
      {"WAV-04", kSource, kMedium, kIsolation, "A waiver names a rule that does not exist",
       "Correct the rule's id.", NoCheck},
      {"WAV-05", kSource, kMedium, kIsolation, "A waiver is for a finding too severe to be waived",
       "Mend the finding: critical and high ones cannot be accepted.", NoCheck},
  };
}

[[noreturn]] void Reject(const std::string& field, const std::string& expected) {
  throw ContractError(fmt::format("{} is not {}", field, expected),
                      "a waiver has the texts rule, service, reason, owner and expires");
}

Waiver ReadWaiver(const json& entry, const std::string& field) {
  if (!entry.is_object()) Reject(field, "a mapping");
  Waiver waiver{.field = field};
  const std::map<std::string_view, std::string*> known = {{"rule", &waiver.rule},
                                                          {"service", &waiver.service},
                                                          {"reason", &waiver.reason},
                                                          {"owner", &waiver.owner},
                                                          {"expires", &waiver.expires}};
  for (const auto& [name, value] : entry.items()) {
    const auto found = known.find(name);
    const std::string path = fmt::format("{}.{}", field, ShownText(name, 40));
    if (found == known.end()) Reject(path, "a field of a waiver");
    if (!value.is_string() && !value.is_null()) Reject(path, "a text");
    *found->second = Text(&value);
  }
  return waiver;
}

// "2027-03-31", also with a time of day behind it, as YAML's dates are rendered.
std::optional<sys_days> ParseDate(std::string_view text) {
  if (text.size() > 10 && text[10] == 'T') text = text.substr(0, 10);
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = -1;
    if (text.size() != 10) return value;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + length, value);
    return error == std::errc() && end == text.data() + at + length ? value : -1;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (year < 0 || month < 0 || day < 0 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

Finding About(const Waiver& waiver, WaiverRule which, const std::string& evidence) {
  const Rule& rule = WaiverRules()[which];
  return {.rule = std::string(rule.id),
          .severity = rule.severity,
          .place = {.service = waiver.service, .field = waiver.field},
          .evidence = fmt::format("{} for {}: {}", ShownText(waiver.rule, 20),
                                  ShownText(waiver.service, 60), evidence),
          .remedy = std::string(rule.remedy)};
}

bool IsBlank(const std::string& text) {
  return text.find_first_not_of(" \t\n") == std::string::npos;
}

// What is wrong with a waiver, whatever there is to waive; nullopt: it holds.
std::optional<Finding> Fault(const Waiver& waiver, std::chrono::system_clock::time_point now) {
  if (FindReportedRule(waiver.rule) == nullptr) return About(waiver, kUnknown, "no such rule");
  const std::initializer_list<std::pair<const char*, const std::string&>> needed = {
      {"service", waiver.service},
      {"reason", waiver.reason},
      {"owner", waiver.owner},
      {"expires", waiver.expires}};
  for (const auto& [name, text] : needed) {
    if (IsBlank(text)) return About(waiver, kIncomplete, fmt::format("no {}", name));
  }
  const auto last_day = ParseDate(waiver.expires);
  if (!last_day) return About(waiver, kIncomplete, "expires is no date like 2027-03-31");
  // In days: the clock's nanoseconds end in 2262.
  if (std::chrono::floor<std::chrono::days>(now) > *last_day) {
    return About(waiver, kExpired, "expired after " + ShownText(waiver.expires, 10));
  }
  return std::nullopt;
}

bool Covers(const Waiver& waiver, const Finding& finding) {
  const Place& place = finding.place;
  return waiver.rule == finding.rule &&
         waiver.service == (place.service.empty() ? place.object : place.service);
}

}  // namespace

const std::vector<Rule>& WaiverRules() {
  static const std::vector<Rule> kRules = MakeRules();
  return kRules;
}

bool CanBeWaived(Severity severity) { return severity <= Severity::kMedium; }

std::vector<Waiver> ReadWaivers(const json& model) {
  std::vector<Waiver> waivers;
  const json* list = Path(model, {"x-acceptance", "security", "waivers"});
  if (list == nullptr) return waivers;
  if (!list->is_array()) Reject(kPath, "a list");
  for (std::size_t i = 0; i < list->size(); ++i) {
    waivers.push_back(ReadWaiver((*list)[i], fmt::format("{}[{}]", kPath, i)));
  }
  return waivers;
}

WaiverBook::WaiverBook(std::vector<Waiver> waivers, std::chrono::system_clock::time_point now) {
  for (Waiver& waiver : waivers) {
    if (auto fault = Fault(waiver, now)) {
      faults_.push_back(std::move(*fault));
    } else {
      std::string rule = waiver.rule;
      held_.emplace(std::move(rule), Held{std::move(waiver)});
    }
  }
}

WaiverOutcome WaiverBook::Apply(std::vector<Finding> findings) {
  WaiverOutcome outcome;
  for (Finding& finding : findings) {
    const auto [begin, end] = held_.equal_range(finding.rule);
    const auto found = std::find_if(
        begin, end, [&](const auto& entry) { return Covers(entry.second.waiver, finding); });
    if (found == end) {
      outcome.findings.push_back(std::move(finding));
      continue;
    }
    Held& held = found->second;
    held.used = true;
    if (CanBeWaived(finding.severity)) {
      outcome.waived.push_back({std::move(finding), held.waiver});
      continue;
    }
    if (!std::exchange(held.too_weak, true)) {
      faults_.push_back(
          About(held.waiver, kTooSevere, std::string(SeverityName(finding.severity))));
    }
    outcome.findings.push_back(std::move(finding));
  }
  return outcome;
}

WaiverOutcome WaiverBook::ApplyLast(std::vector<Finding> findings) {
  WaiverOutcome outcome = Apply(std::move(findings));
  outcome.findings.insert(outcome.findings.begin(), faults_.begin(), faults_.end());
  for (const auto& [rule, held] : held_) {
    if (!held.used) outcome.findings.push_back(About(held.waiver, kUnused, "nothing to waive"));
  }
  return outcome;
}

}  // namespace proving_ground::audit
