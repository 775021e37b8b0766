#include "support/audit/audit_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "support/base/count_text.h"
#include "support/base/errors.h"

namespace proving_ground::audit {
namespace {

constexpr const char* kRest = "S-18";
constexpr std::size_t kMostDetails = 12;

// Trouble with what the audit was given concerns all areas.
constexpr std::string_view kInput = "INPUT";

// Whether a place belongs to a verdict.
using Belongs = std::function<bool(const std::string& rule, const Place& place)>;

bool IsAudited(const AuditRecord& record, const std::string& service) {
  return std::any_of(record.services.begin(), record.services.end(),
                     [&](const AuditedService& one) { return one.name == service; });
}

std::string Line(const Finding& finding) {
  return fmt::format("{} {} {}: {} ({})", SeverityName(finding.severity), finding.rule,
                     PlaceText(finding.place), finding.evidence, finding.remedy);
}

// How much of the table can lead to a finding in this verdict.
std::int64_t RulesOf(std::string_view criterion) {
  const auto& rules = AllAuditRules();
  return std::count_if(rules.begin(), rules.end(),
                       [&](const Rule& rule) { return CriterionOf(rule.id) == criterion; });
}

std::vector<std::string> Details(const AuditRecord& record, const Belongs& belongs) {
  std::vector<std::string> lines;
  for (const Finding& finding : record.result.findings) {  // the most severe first
    if (belongs(finding.rule, finding.place)) lines.push_back(Line(finding));
  }
  for (const WaivedFinding& waived : record.result.waived) {
    if (belongs(waived.finding.rule, waived.finding.place)) {
      lines.push_back(
          fmt::format("waived until {}: {}", waived.waiver.expires, Line(waived.finding)));
    }
  }
  for (const Unevaluated& one : record.result.unevaluated) {
    if (belongs(one.rule, one.place)) {
      lines.push_back(
          fmt::format("not evaluated: {} {}: {}", one.rule, PlaceText(one.place), one.reason));
    }
  }
  if (lines.size() > kMostDetails) {
    const std::size_t more = lines.size() - kMostDetails;
    lines.resize(kMostDetails);
    lines.push_back(fmt::format("and {} more (audit.json in the run folder)", more));
  }
  return lines;
}

Verdict Judge(const AuditRecord& record, const std::string& criterion, const std::string& service,
              std::int64_t containers, const Belongs& belongs) {
  std::int64_t failing = 0;
  std::int64_t reported = 0;
  for (const Finding& finding : record.result.findings) {
    if (belongs(finding.rule, finding.place)) ++(FailsRun(finding) ? failing : reported);
  }
  const Unevaluated* open = nullptr;
  for (const Unevaluated& one : record.result.unevaluated) {
    if (open == nullptr && belongs(one.rule, one.place)) open = &one;
  }
  const std::int64_t rules = RulesOf(criterion);
  Verdict verdict{.criterion = criterion, .team = service};
  verdict.measures = {
      {"findings", static_cast<double>(failing), "<=", 0, "findings", rules},
      {"containers looked at", static_cast<double>(containers), ">=", 1, "containers", containers}};
  verdict.details = Details(record, belongs);
  if (failing > 0) {
    verdict.outcome = Outcome::kFailed;
    verdict.summary =
        fmt::format("{} too severe to pass, and {}, by {}", CountText(failing, "finding"),
                    CountText(reported, "lesser one"), CountText(rules, "rule"));
  } else if (open != nullptr || containers == 0) {
    verdict.outcome = Outcome::kInconclusive;
    verdict.summary = open == nullptr
                          ? "no running container was looked at"
                          : fmt::format("{} could not be evaluated: {}", open->rule, open->reason);
  } else {
    verdict.outcome = Outcome::kPassed;
    verdict.summary =
        fmt::format("nothing too severe in {}, by {}; {}", CountText(containers, "container"),
                    CountText(rules, "rule"), CountText(reported, "lesser finding"));
  }
  return verdict;
}

}  // namespace

std::string_view CriterionOf(std::string_view rule) {
  if (rule.starts_with("WAV-")) return kRest;
  const Area area = AreaOf(rule);
  if (area == Area::kPorts || area == Area::kTransport || rule.starts_with("NET-")) return "S-6";
  switch (area) {
    case Area::kIsolation:
      return "S-1";
    case Area::kLimits:
      return "S-4";
    case Area::kFileSystem:
      return "S-5";
    case Area::kImages:
      return "S-9";
    case Area::kHealth:
      return "S-10";
    default:
      return kRest;
  }
}

Verdict JudgeService(const AuditRecord& record, std::string_view criterion,
                     const std::string& service) {
  const auto found = std::find_if(record.services.begin(), record.services.end(),
                                  [&](const AuditedService& one) { return one.name == service; });
  if (found == record.services.end()) {
    throw UsageError("service " + service + " was not audited",
                     "audit anew: the stack or the teams of the run have changed");
  }
  return Judge(record, std::string(criterion), service, found->containers,
               [&](const std::string& rule, const Place& place) {
                 // What is about no service may be about this one.
                 if (rule == kInput) return place.service.empty() || place.service == service;
                 return place.service == service && CriterionOf(rule) == criterion;
               });
}

Verdict JudgeRest(const AuditRecord& record) {
  std::int64_t containers = 0;
  for (const AuditedService& service : record.services) containers += service.containers;
  return Judge(record, kRest, "", containers, [&](const std::string& rule, const Place& place) {
    return rule == kInput || CriterionOf(rule) == kRest || !IsAudited(record, place.service);
  });
}

}  // namespace proving_ground::audit
