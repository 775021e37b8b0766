// How the judge puts a verdict together. Private to the judge's files.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "support/load/recording.h"
#include "support/report/verdict.h"

namespace proving_ground {

// Why a recording carries no verdict at all; nullopt when it does.
std::optional<std::string> UnfitReason(const LoadRecording& recording);

class VerdictBuilder {
 public:
  VerdictBuilder(std::string criterion, std::string team) {
    verdict_.criterion = std::move(criterion);
    verdict_.team = std::move(team);
  }

  // A number that must not exceed, or not fall below, its limit.
  void AtMost(const std::string& name, double observed, double limit, const std::string& unit,
              std::int64_t samples) {
    verdict_.measures.push_back({name, observed, "<=", limit, unit, samples});
  }
  void AtLeast(const std::string& name, double observed, double limit, const std::string& unit,
               std::int64_t samples) {
    verdict_.measures.push_back({name, observed, ">=", limit, unit, samples});
  }

  // Something a reader of a failure wants to know; only the first few are kept.
  void Detail(std::string text) {
    constexpr std::size_t kMost = 10;
    if (verdict_.details.size() < kMost) verdict_.details.push_back(std::move(text));
  }

  bool AllHold() const {
    for (const Measure& measure : verdict_.measures) {
      if (!measure.Holds()) return false;
    }
    return true;
  }

  // Passed when there is at least one measure and all of them hold.
  Verdict Decide(std::string summary) {
    if (verdict_.measures.empty()) return Inconclusive("nothing was measured");
    verdict_.outcome = AllHold() ? Outcome::kPassed : Outcome::kFailed;
    verdict_.summary = std::move(summary);
    return std::move(verdict_);
  }

  Verdict Inconclusive(const std::string& reason) {
    verdict_.outcome = Outcome::kInconclusive;
    verdict_.summary = reason;
    return std::move(verdict_);
  }

 private:
  Verdict verdict_;
};

}  // namespace proving_ground
