#include "support/audit/rules/rule.h"

#include <fmt/format.h>

namespace proving_ground::audit {

std::string_view AreaName(Area area) {
  switch (area) {
    case Area::kIsolation:
      return "isolation";
    case Area::kCrossTeam:
      return "cross-team access";
    case Area::kSecrets:
      return "secrets";
    case Area::kLimits:
      return "limits";
    case Area::kFileSystem:
      return "file system";
    case Area::kPorts:
      return "ports";
    case Area::kRedis:
      return "redis";
    case Area::kImages:
      return "images";
    case Area::kHealth:
      return "health and restart";
    case Area::kTokens:
      return "tokens";
    case Area::kTransport:
      return "transport";
  }
  return "unknown";
}

std::string ServiceField(const Service& service, std::string_view field) {
  return fmt::format("services.{}{}{}", service.name, field.empty() ? "" : ".", field);
}

void Report::Begin(const Rule& rule, const Subject* subject) {
  rule_ = &rule;
  subject_ = subject;
}

Place Report::SubjectPlace(std::string field) const {
  const bool declared = subject_->container == nullptr;
  return {.service = subject_->service.name,
          .object = declared ? "" : subject_->container->name,
          .field = declared ? ServiceField(subject_->service, field) : std::move(field)};
}

void Report::AddSetting(const SettingName& setting, const std::string& evidence) {
  Add(std::string(subject_->container == nullptr ? setting.declared : setting.inspected), evidence);
}

void Report::Add(const std::string& field, const std::string& evidence) {
  AddAt(SubjectPlace(field), evidence);
}

void Report::AddAt(Place place, const std::string& evidence) {
  // Without a service the object tells places apart.
  std::string key = fmt::format("{}\n{}\n{}\n{}", rule_->id, place.service,
                                place.service.empty() ? place.object : "", evidence);
  const auto [at, is_new] = entry_by_key_.try_emplace(std::move(key), entries_.size());
  if (!is_new) {
    if (subject_ != nullptr && subject_->container != nullptr) {
      ++entries_[at->second].more_containers;
    }
    return;
  }
  entries_.push_back({{.rule = std::string(rule_->id),
                       .severity = rule_->severity,
                       .place = std::move(place),
                       .evidence = ShownText(evidence, 300),
                       .remedy = std::string(rule_->remedy)}});
}

void Report::CannotEvaluate(const std::string& reason) {
  CannotEvaluate(subject_ == nullptr ? Place{} : SubjectPlace(""), reason);
}

void Report::CannotEvaluate(Place place, const std::string& reason) {
  std::string key = fmt::format("{}\n{}\n{}", rule_->id, place.service, reason);
  const bool is_new = unevaluated_by_key_.try_emplace(std::move(key), 0).second;
  if (is_new) unevaluated_.push_back({std::string(rule_->id), std::move(place), reason});
}

std::vector<Finding> Report::TakeFindings() {
  std::vector<Finding> findings;
  for (Entry& entry : entries_) {
    // A declared fault is every container's; only where the declaration is sound do numbers matter.
    if (entry.more_containers > 0 && !entry.finding.place.object.empty() &&
        !entry.finding.place.service.empty()) {
      entry.finding.evidence += fmt::format(" (and {} more container{})", entry.more_containers,
                                            entry.more_containers == 1 ? "" : "s");
    }
    findings.push_back(std::move(entry.finding));
  }
  entries_.clear();
  entry_by_key_.clear();
  return findings;
}

std::vector<Unevaluated> Report::TakeUnevaluated() {
  std::vector<Unevaluated> taken;
  taken.swap(unevaluated_);
  unevaluated_by_key_.clear();
  return taken;
}

}  // namespace proving_ground::audit
