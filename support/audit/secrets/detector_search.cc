#include "support/audit/secrets/detector_search.h"

#include <algorithm>
#include <string>

#include "support/audit/secrets/text_kind.h"

namespace proving_ground {
namespace {

// Variables are in capitals, labels are not; text of several lines is a file.
TextKind KindOfValue(std::string_view name, std::string_view value) {
  if (value.find('\n') != std::string_view::npos) return KindOfText(name, value);
  if (name.empty()) return TextKind::kCommandLine;
  return name.find('.') == std::string_view::npos ? TextKind::kEnvironmentEntry : TextKind::kLabel;
}

}  // namespace

std::vector<SecretHit> DetectorSearch::Find(std::string_view name, std::string_view value) const {
  std::vector<SecretHit> hits;
  const TextKind kind = KindOfValue(name, value);
  const bool assigned = kind == TextKind::kEnvironmentEntry || kind == TextKind::kLabel;
  const std::string prefix = assigned ? std::string(name) + "=" : "";
  const std::string text = prefix + std::string(value);
  std::vector<Leak> leaks;
  if (known_ != nullptr) leaks = known_->Find(text);
  for (const Leak& leak : leaks) {
    hits.push_back({"known secret " + leak.name, leak.length, leak.fingerprint, true});
  }
  for (const Detection& found : detector_.Scan(text, kind).detections) {
    const bool known = std::any_of(leaks.begin(), leaks.end(), [&](const Leak& leak) {
      return leak.offset < found.offset + found.length && found.offset < leak.offset + leak.length;
    });
    if (!known && found.offset >= prefix.size()) {
      hits.push_back({found.rule, found.length, found.fingerprint, false});
    }
  }
  return hits;
}

}  // namespace proving_ground
