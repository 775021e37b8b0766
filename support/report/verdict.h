// What a suite found out about one criterion.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace proving_ground {

enum class Outcome {
  kPassed,
  kFailed,        // the criterion was tried and missed
  kInconclusive,  // too little evidence to say either
  kSkipped,       // not tried: the stack or the run lacks what it takes, and says so
};

std::string_view OutcomeName(Outcome outcome);
std::ostream& operator<<(std::ostream& out, Outcome outcome);

// One number of a verdict beside its limit.
struct Measure {
  std::string name;  // "completed workers", "longest gap"; with the team or role it is about
  double observed = 0;
  std::string relation;  // "<=" or ">=": how `observed` must stand to `limit`
  double limit = 0;
  std::string unit;  // "ratio", "ms", "s", "tasks", …
  std::int64_t samples = 0;

  bool Holds() const;
  // How far `observed` is on the good side of `limit`, as a share of it; negative beyond it.
  // nullopt for a limit of zero.
  std::optional<double> Margin() const;
};

// "completed workers 0.98 >= 0.9 ratio (n=50)"
std::ostream& operator<<(std::ostream& out, const Measure& measure);

struct Verdict {
  std::string criterion;  // id: "L-1"
  std::string team;       // empty: the whole stack
  Outcome outcome = Outcome::kInconclusive;
  std::string summary;  // one sentence: what was observed, against what, from how much
  std::vector<Measure> measures;
  std::vector<std::string> details;  // the worst offenders, the first few
};

// Outcome, summary and details: what a failing case prints.
std::ostream& operator<<(std::ostream& out, const Verdict& verdict);

nlohmann::json ToJson(const Verdict& verdict);

// Throws EnvironmentError when the text is not a verdict (a damaged run folder).
Verdict VerdictFromJson(const nlohmann::json& json);

}  // namespace proving_ground
