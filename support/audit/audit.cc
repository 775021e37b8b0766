#include "support/audit/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "support/audit/compose_lines.h"
#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"
#include "support/contract/contract.h"

namespace proving_ground::audit {
namespace {

// Name under which trouble with the input itself is reported.
constexpr const char* kInput = "INPUT";
// A hostile model has no end of unreadable fields; the first ones of each subject tell enough.
constexpr std::size_t kMostUnreadable = 20;

void CheckModel(const nlohmann::json& model) {
  if (IsObject(Member(model, "services"))) return;
  throw ContractError("the compose model has no mapping \"services\"",
                      "give the output of docker compose config --format json");
}

void AddUnreadable(const Service& service, const Container* container, const Settings& settings,
                   std::vector<Unevaluated>& unevaluated) {
  std::size_t count = 0;
  std::string last;
  for (const Item& item : settings.unreadable) {
    if (item.field == last) continue;  // read for two purposes
    last = item.field;
    if (++count > kMostUnreadable) return;
    unevaluated.push_back(
        {kInput,
         {.service = service.name,
          .object = container == nullptr ? "" : container->name,
          .field = container == nullptr ? ServiceField(service, item.field) : item.field},
         "is not " + item.value});
  }
}

bool Runs(const Service& service) {
  return std::any_of(service.containers.begin(), service.containers.end(),
                     [](const Container& container) { return container.running; });
}

// Declared, and not with zero replicas.
bool IsWanted(const Service& service) {
  return service.model != nullptr &&
         Integer(Path(*service.model, {"deploy", "replicas"})).value_or(1) != 0;
}

void AddInputTrouble(const StackView& stack, std::vector<Unevaluated>& unevaluated) {
  for (const Unavailable& lost : stack.input().unavailable) {
    unevaluated.push_back({kInput, {.object = lost.object}, ShownText(lost.reason, 200)});
  }
  for (const Service& service : stack.services()) {
    if (!service.selected) continue;
    if (stack.input().inspected && IsWanted(service) && !Runs(service)) {
      unevaluated.push_back({kInput, {.service = service.name}, "none of its containers runs"});
    }
    AddUnreadable(service, nullptr, service.declared, unevaluated);
    for (const Container& container : service.containers) {
      AddUnreadable(service, &container, container.settings, unevaluated);
    }
  }
}

// A field of a container is placed at its service.
void FindPlace(const ComposeLines& lines, Place& place) {
  if (!place.file.empty()) return;
  const bool in_model =
      place.field.starts_with("services.") || place.field.starts_with("networks.") ||
      place.field.starts_with("volumes.") || place.field.starts_with("secrets.") ||
      place.field.starts_with("configs.") || place.field.starts_with("x-acceptance");
  const std::string field = in_model                ? place.field
                            : place.service.empty() ? ""
                                                    : "services." + place.service;
  const ComposeLine line = field.empty() ? ComposeLine{} : lines.Find(field);
  place.file = line.file;
  place.line = line.line;
}

// Findings about services whose team takes no part in this run.
void DropUnselected(const StackView& stack, std::vector<Finding>& findings) {
  std::erase_if(findings, [&](const Finding& finding) {
    const Service* service = stack.FindService(finding.place.service);
    return service != nullptr && !service->selected;
  });
}

}  // namespace

AuditVerdict AuditResult::Verdict() const {
  if (std::any_of(findings.begin(), findings.end(), FailsRun)) return AuditVerdict::kFailed;
  return unevaluated.empty() ? AuditVerdict::kPassed : AuditVerdict::kInconclusive;
}

bool FailsRun(const Finding& finding) { return finding.severity >= Severity::kMedium; }

const std::vector<Rule>& AllAuditRules() {
  static const std::vector<Rule> kRules = [] {
    std::vector<Rule> rules = RuleTable();
    for (const Rule& rule : WaiverRules()) rules.push_back(rule);
    return rules;
  }();
  return kRules;
}

Area AreaOf(std::string_view rule) {
  static const auto kAreas = [] {
    std::map<std::string_view, Area> areas;
    for (const Rule& each : AllAuditRules()) areas[each.id] = each.area;
    return areas;
  }();
  const auto found = kAreas.find(rule);
  return found == kAreas.end() ? Area::kIsolation : found->second;
}

AuditResult Audit(const AuditInput& input) {
  CheckModel(input.model);
  WaiverBook waivers(ReadWaivers(input.model), input.now);
  return Audit(input, waivers);
}

AuditResult Audit(const AuditInput& input, WaiverBook& waivers) {
  CheckModel(input.model);
  const StackView stack(input);
  Report report;
  ApplyRules(stack, report);

  std::vector<Finding> findings = report.TakeFindings();
  DropUnselected(stack, findings);
  WaiverOutcome outcome = waivers.ApplyLast(std::move(findings));
  AuditResult result{std::move(outcome.findings), std::move(outcome.waived),
                     report.TakeUnevaluated()};
  AddInputTrouble(stack, result.unevaluated);

  const ComposeLines lines(input.compose_files);
  for (Finding& finding : result.findings) FindPlace(lines, finding.place);
  for (WaivedFinding& waived : result.waived) FindPlace(lines, waived.finding.place);
  for (Unevaluated& one : result.unevaluated) FindPlace(lines, one.place);
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  return result;
}

void FindPlaces(const std::vector<ComposeText>& files, std::vector<Finding>& findings) {
  const ComposeLines lines(files);
  for (Finding& finding : findings) FindPlace(lines, finding.place);
}

}  // namespace proving_ground::audit
