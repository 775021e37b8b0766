#include "support/report/html/figures.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace proving_ground::html {
namespace {

// Three significant digits, no exponent, no trailing zeros.
std::string Short(double value) {
  if (!std::isfinite(value)) return "?";
  const double size = std::fabs(value);
  const int decimals = size >= 100 || size == std::floor(size) ? 0
                       : size >= 10                            ? 1
                       : size >= 1                             ? 2
                                                               : 3;
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  if (text.front() == '-') text.replace(0, 1, "\u2212");
  return text;
}

struct Look {
  ResultState state;
  std::string_view css;
  std::string_view sign;
};
constexpr std::array<Look, 7> kLooks = {{
    // From the worst to the best.
    {ResultState::kFailed, "bad", "\u2715"},
    {ResultState::kError, "bad", "!"},
    {ResultState::kDidNotFinish, "bad", "!"},
    {ResultState::kInconclusive, "unsure", "?"},
    {ResultState::kNotRun, "unsure", "\u2013"},
    {ResultState::kSkipped, "unsure", "\u2013"},
    {ResultState::kPassed, "good", "\u2713"},
}};

std::size_t RankOf(ResultState state) {
  return static_cast<std::size_t>(
      std::find_if(kLooks.begin(), kLooks.end(),
                   [&](const Look& look) { return look.state == state; }) -
      kLooks.begin());
}

const Look& LookOf(ResultState state) { return kLooks[std::min(RankOf(state), kLooks.size() - 1)]; }

}  // namespace

std::string Amount(double value, const std::string& unit) {
  if (unit == "ratio") return Short(value * 100) + " %";
  if (unit == "ms" && std::fabs(value) >= 1000) return Short(value / 1000) + " s";
  if (unit == "yes") return value >= 1 ? "yes" : "no";
  if (unit.empty() || unit == "count") return Short(value);
  return Short(value) + " " + unit;
}

std::string Target(const Measure& measure) {
  if (measure.unit == "yes") return "yes";
  if (measure.limit == 0 && measure.relation == "<=") return "none";
  return (measure.relation == ">=" ? "\u2265 " : "\u2264 ") + Amount(measure.limit, measure.unit);
}

std::string Margin(const Measure& measure) {
  if (measure.unit == "yes") return measure.Holds() ? "" : "missed";
  const double sign = measure.relation == ">=" ? 1 : -1;
  return Amount(sign * (measure.observed - measure.limit) + 0.0, measure.unit);  // no minus zero
}

double RelativeMargin(const Measure& measure) {
  const double sign = measure.relation == ">=" ? 1 : -1;
  const double margin = sign * (measure.observed - measure.limit);
  return measure.limit == 0 ? margin : margin / std::fabs(measure.limit);
}

std::string Milliseconds(std::optional<double> value) { return value ? Amount(*value, "ms") : "-"; }

std::string Seconds(std::optional<double> value) {
  return value ? Amount(*value * 1000, "ms") : "-";
}

std::string Bytes(double bytes) {
  constexpr double kMebi = 1024.0 * 1024.0;
  return bytes >= kMebi ? Short(bytes / kMebi) + " MiB" : Short(bytes / 1024) + " KiB";
}

std::string Number(double value, int decimals) { return fmt::format("{:.{}f}", value, decimals); }

std::string Moment(std::optional<UtcTime> moment) {
  if (!moment) return "-";
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(*moment)));
}

std::string Length(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  if (seconds < 10) return Amount(static_cast<double>(duration.count()), "ms");
  if (seconds < 60) return fmt::format("{} s", seconds);
  return fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::string_view ClassOf(ResultState state) { return LookOf(state).css; }

Markup Badge(ResultState state) {
  return H(R"(<span class="badge {}"><span aria-hidden="true">{}</span> {}</span>)", ClassOf(state),
           LookOf(state).sign, StateName(state));
}

ResultState Worst(const std::vector<const CriterionResult*>& results) {
  const auto worst = std::min_element(results.begin(), results.end(), [](auto* a, auto* b) {
    return RankOf(a->state) < RankOf(b->state);
  });
  return worst == results.end() ? ResultState::kNotRun : (*worst)->state;
}

std::vector<const CriterionResult*> ResultsOf(const RunModel& model, std::string_view criterion) {
  std::vector<const CriterionResult*> results;
  for (const CriterionResult& result : model.results) {
    if (result.criterion == criterion) results.push_back(&result);
  }
  return results;
}

}  // namespace proving_ground::html
