#include "support/report/redaction.h"

#include <algorithm>

#include "support/audit/sweep/declared_secrets.h"
#include "support/base/files.h"

namespace proving_ground {

namespace {

constexpr const char* kWithheld = "[withheld]";
constexpr std::size_t kLongestSecret = 16'384;  // bytes; longer files hold other things

// From the last to the first, so that offsets before stay true.
template <typename Places>
std::string Without(std::string text, Places places) {
  std::reverse(places.begin(), places.end());
  std::size_t end = text.size();
  for (const auto& place : places) {
    if (place.offset + place.length > end) continue;  // within one that was withheld already
    text.replace(place.offset, place.length, kWithheld);
    end = place.offset;
  }
  return text;
}

}  // namespace

Redactor::Redactor(const std::vector<std::string>& secret_files) {
  std::vector<KnownSecret> secrets;
  for (const std::string& file : secret_files) {
    try {
      const std::string content = ReadFile(file);
      if (content.size() > kLongestSecret) continue;
      for (KnownSecret& secret : KnownValues(file, content)) secrets.push_back(std::move(secret));
    } catch (const EnvironmentError&) {
      // removed since, or on another machine
    }
  }
  if (!secrets.empty()) known_.emplace(std::move(secrets), Fingerprinter());
}

std::string Redactor::Cleaned(const std::string& text) const {
  std::string cleaned = known_ ? Without(text, known_->Find(text)) : text;
  return Without(cleaned, detector_.Scan(cleaned, TextKind::kLog).detections);
}

void Redactor::Clean(RunModel& model) const {
  const auto clean = [this](std::string& text) { text = Cleaned(text); };
  for (CriterionResult& result : model.results) {
    clean(result.summary);
    std::for_each(result.details.begin(), result.details.end(), clean);
    std::for_each(result.failures.begin(), result.failures.end(), clean);
  }
  for (HarnessTrouble& error : model.errors) clean(error.message);
  clean(model.residue);
  std::for_each(model.unreadable.begin(), model.unreadable.end(), clean);
  for (FaultPeriod& fault : model.faults) {
    clean(fault.evidence);
    std::for_each(fault.differences.begin(), fault.differences.end(), clean);
  }
  for (LogExcerpt& excerpt : model.logs) {
    std::for_each(excerpt.lines.begin(), excerpt.lines.end(), clean);
  }
}

}  // namespace proving_ground
