#include "support/audit/sweep/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "support/audit/sweep_rules.h"

namespace proving_ground {
namespace {

// Longer texts are seldom the same twice.
constexpr size_t kRemembered = 16 * 1024;  // bytes

struct AreaRule {
  std::string_view name;
  std::string_view rule;
};

constexpr std::array<AreaRule, 9> kAreas = {{
    {"environment", "SEC-01"},
    {"command line", "SEC-02"},
    {"label", "SEC-12"},
    {"health check", "SEC-13"},
    {"image", "IMG-03"},
    {"log", "SEC-03"},
    {"Redis value", "SEC-26"},
    {"project file", "SEC-27"},
    {"report", "SEC-28"},
}};

const audit::Rule& RuleOf(Area area) {
  return *audit::FindReportedRule(kAreas.at(static_cast<size_t>(area)).rule);
}

// A value that may be none is no reason to fail a run where the text is nobody's choice.
Severity SeverityOf(Area area, bool known, Confidence confidence) {
  if (known) return Severity::kCritical;
  if (confidence != Confidence::kLow) return RuleOf(area).severity;
  return area == Area::kLog || area == Area::kRedisValue ? Severity::kLow : Severity::kMedium;
}

}  // namespace

std::string_view AreaName(Area area) { return kAreas.at(static_cast<size_t>(area)).name; }

Sweep::Sweep(const SecretDetector& detector, const KnownSecrets& known)
    : detector_(detector), known_(known) {}

void Sweep::Search(Area area, const Place& place, std::string_view text, TextKind kind,
                   const std::string& team) {
  Count(area, place, text);
  if (text.size() > SecretDetector::kMaxText) {
    CannotSearch(area, place,
                 fmt::format("only the first {} bytes of {} were searched",
                             SecretDetector::kMaxText, text.size()));
  }
  for (const Hit& hit : HitsOnce(text, kind)) Report(area, place, team, hit);
}

void Sweep::SearchKnown(Area area, const Place& place, std::string_view bytes) {
  Count(area, place, bytes);
  for (const Leak& leak : known_.Find(bytes)) {
    Report(area, place, "",
           {fmt::format("known secret {} ({}), {} bytes", leak.name, leak.encoding, leak.length),
            leak.fingerprint, 0, true, Confidence::kHigh});
  }
}

void Sweep::CannotSearch(Area area, const Place& place, const std::string& reason) {
  result_.unevaluated.push_back({std::string(RuleOf(area).id), place, reason});
}

void Sweep::LeaveOut(const Place& place, const std::string& reason) {
  const audit::Rule& rule = *audit::FindReportedRule("SEC-30");
  result_.findings.push_back(
      {std::string(rule.id), rule.severity, place, reason, std::string(rule.remedy)});
}

void Sweep::Merge(SweepResult other) {
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(result_.findings, other.findings);
  append(result_.unevaluated, other.unevaluated);
  append(result_.owned, other.owned);
  const auto add = [](auto& to, const auto& from) {
    for (const auto& [key, looked] : from) {
      to[key].places += looked.places;
      to[key].bytes += looked.bytes;
    }
  };
  add(result_.looked, other.looked);
  add(result_.services, other.services);
}

void Sweep::Count(Area area, const Place& place, std::string_view text) {
  for (Looked* looked : {&result_.looked[area], &result_.services[place.service]}) {
    ++looked->places;
    looked->bytes += static_cast<std::int64_t>(text.size());
  }
}

SweepResult Sweep::Take() {
  seen_.clear();
  reported_.clear();
  return std::exchange(result_, {});
}

std::vector<Sweep::Hit> Sweep::Hits(std::string_view text, TextKind kind) const {
  std::vector<Hit> hits;
  const std::vector<Leak> leaks = known_.Find(text);
  for (const Leak& leak : leaks) {
    hits.push_back(
        {fmt::format("known secret {} ({}), {} bytes", leak.name, leak.encoding, leak.length),
         leak.fingerprint, leak.line, true, Confidence::kHigh});
  }
  for (const Detection& found : detector_.Scan(text, kind).detections) {
    const bool known = std::any_of(leaks.begin(), leaks.end(), [&](const Leak& leak) {
      return leak.offset < found.offset + found.length && found.offset < leak.offset + leak.length;
    });
    if (known) continue;
    hits.push_back({fmt::format("{}, {} bytes", found.rule, found.length), found.fingerprint,
                    found.line, false, found.confidence});
  }
  return hits;
}

std::vector<Sweep::Hit> Sweep::HitsOnce(std::string_view text, TextKind kind) {
  if (text.size() > kRemembered) return Hits(text, kind);
  std::string key(1, static_cast<char>('0' + static_cast<int>(kind)));
  key += text;
  const auto known = seen_.find(key);
  if (known != seen_.end()) return known->second;
  return seen_.emplace(std::move(key), Hits(text, kind)).first->second;
}

// Fifty workers of a service show the same: that is one finding.
void Sweep::Report(Area area, const Place& place, const std::string& team, const Hit& hit) {
  Place where = place;
  if (!where.file.empty() && where.line == 0) where.line = hit.line;
  if (!team.empty()) {
    result_.owned.push_back({team, PlaceText(where), hit.fingerprint});
  }
  const std::string key = fmt::format("{}|{}|{}|{}", static_cast<int>(area), PlaceText(where),
                                      hit.what, hit.fingerprint);
  if (!reported_.emplace(key, true).second) return;
  result_.findings.push_back(
      {std::string(RuleOf(area).id), SeverityOf(area, hit.known, hit.confidence), where,
       fmt::format("in the {}: {}, fingerprint {}", AreaName(area), hit.what, hit.fingerprint),
       std::string(RuleOf(area).remedy)});
}

}  // namespace proving_ground
