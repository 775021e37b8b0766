#include "support/audit/sweep/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace proving_ground {
namespace {

// Longer texts are seldom the same twice.
constexpr size_t kRemembered = 16 * 1024;  // bytes

constexpr std::string_view kUseFile =
    "declare it under secrets and read the file; then renew it, for it has been seen";

struct AreaRule {
  std::string_view name;
  std::string_view rule;
  Severity severity;
  std::string_view remedy;
};

constexpr std::array<AreaRule, 9> kAreas = {{
    {"environment", "SEC-01", Severity::kHigh, kUseFile},
    {"command line", "SEC-02", Severity::kHigh, kUseFile},
    {"label", "SEC-12", Severity::kHigh, kUseFile},
    {"health check", "SEC-13", Severity::kHigh, kUseFile},
    {"image", "IMG-03", Severity::kCritical,
     "build with a secret mount, and renew the secret: whoever has the image has it"},
    {"log", "SEC-03", Severity::kHigh, "leave it out of what is logged, and renew it"},
    {"Redis value", "SEC-26", Severity::kHigh,
     "keep it out of the store, or encrypted; and renew it"},
    {"project file", "SEC-27", Severity::kHigh,
     "move it to a file that git ignores and only its owner can read; and renew it"},
    {"report", "SEC-28", Severity::kHigh,
     "a fault of this harness: report it, and renew the secret"},
}};

const AreaRule& RuleOf(Area area) { return kAreas.at(static_cast<size_t>(area)); }

// A value that may be none is no reason to fail a run where the text is nobody's choice.
Severity SeverityOf(Area area, bool known, Confidence confidence) {
  if (known) return Severity::kCritical;
  if (confidence != Confidence::kLow) return RuleOf(area).severity;
  return area == Area::kLog || area == Area::kRedisValue ? Severity::kLow : Severity::kMedium;
}

}  // namespace

std::string_view AreaName(Area area) { return RuleOf(area).name; }

Sweep::Sweep(const SecretDetector& detector, const KnownSecrets& known)
    : detector_(detector), known_(known) {}

void Sweep::Search(Area area, const Place& place, std::string_view text, TextKind kind,
                   const std::string& team) {
  Looked& looked = result_.looked[area];
  ++looked.places;
  looked.bytes += static_cast<std::int64_t>(text.size());
  if (text.size() > SecretDetector::kMaxText) {
    CannotSearch(area, place,
                 fmt::format("only the first {} bytes of {} were searched",
                             SecretDetector::kMaxText, text.size()));
  }
  for (const Hit& hit : HitsOnce(text, kind)) Report(area, place, team, hit);
}

void Sweep::SearchKnown(Area area, const Place& place, std::string_view bytes) {
  Looked& looked = result_.looked[area];
  ++looked.places;
  looked.bytes += static_cast<std::int64_t>(bytes.size());
  for (const Leak& leak : known_.Find(bytes)) {
    Report(area, place, "",
           {fmt::format("known secret {} ({}), {} bytes", leak.name, leak.encoding, leak.length),
            leak.fingerprint, 0, true, Confidence::kHigh});
  }
}

void Sweep::CannotSearch(Area area, const Place& place, const std::string& reason) {
  result_.unevaluated.push_back({std::string(RuleOf(area).rule), place, reason});
}

void Sweep::Merge(SweepResult other) {
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(result_.findings, other.findings);
  append(result_.unevaluated, other.unevaluated);
  append(result_.owned, other.owned);
  for (const auto& [area, looked] : other.looked) {
    result_.looked[area].places += looked.places;
    result_.looked[area].bytes += looked.bytes;
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
      {std::string(RuleOf(area).rule), SeverityOf(area, hit.known, hit.confidence), where,
       fmt::format("in the {}: {}, fingerprint {}", RuleOf(area).name, hit.what, hit.fingerprint),
       std::string(RuleOf(area).remedy)});
}

}  // namespace proving_ground
