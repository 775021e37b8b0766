#include "support/attacks/mcp/attack_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace proving_ground {
namespace {

constexpr std::size_t kMostDetails = 10;
// Fewer say nothing about a 99th percentile.
constexpr std::int64_t kFewestSamples = 30;
// A flood asks at least so many times as often as a neighbour does.
constexpr std::int64_t kFloodAtLeast = 5;
// Share of the neighbours' requests that must be served while they are attacked.
constexpr double kNeighboursServed = 0.99;
// Share of its memory limit that a hostile client may drive the gateway to: above it the kernel
// takes the process away at the next request.
constexpr double kMemoryShare = 0.9;

void Detail(Verdict& verdict, const std::string& text) {
  if (verdict.details.size() < kMostDetails) verdict.details.push_back(text);
}

void AtMost(Verdict& verdict, const std::string& name, double observed, double limit,
            const std::string& unit, std::int64_t samples) {
  verdict.measures.push_back({name, observed, "<=", limit, unit, samples});
}
void AtLeast(Verdict& verdict, const std::string& name, double observed, double limit,
             const std::string& unit, std::int64_t samples) {
  verdict.measures.push_back({name, observed, ">=", limit, unit, samples});
}

// None of these may be.
void None(Verdict& verdict, const std::string& name, const std::vector<std::string>& offences,
          std::int64_t samples) {
  AtMost(verdict, name, static_cast<double>(offences.size()), 0, "attempts", samples);
  for (const std::string& offence : offences) Detail(verdict, name + ": " + offence);
}

Verdict Decided(Verdict verdict, const std::string& summary) {
  const bool holds = std::all_of(verdict.measures.begin(), verdict.measures.end(),
                                 [](const Measure& measure) { return measure.Holds(); });
  verdict.outcome = holds ? Outcome::kPassed : Outcome::kFailed;
  verdict.summary = summary;
  return verdict;
}

Verdict Inconclusive(Verdict verdict, const std::string& reason) {
  verdict.outcome = Outcome::kInconclusive;
  verdict.summary = reason;
  return verdict;
}

// Any miss is a miss, even where the rest cannot be told: only a clean record needs to be complete.
Verdict Unless(const std::optional<std::string>& unfit, Verdict verdict) {
  if (!unfit || verdict.outcome == Outcome::kFailed) return verdict;
  return Inconclusive(std::move(verdict), *unfit);
}

std::string Told(const Attempt& attempt) {
  return fmt::format("{} ({}{}{})", attempt.attack, ReplyName(attempt.reply),
                     attempt.status == 0 ? "" : fmt::format(", status {}", attempt.status),
                     attempt.effect ? ", it was done" : "");
}

// Why the controls carry no verdict.
std::optional<std::string> UnfitControls(const std::vector<Attempt>& controls) {
  if (controls.empty()) return "nothing shows that a rightful request is served";
  for (const Attempt& control : controls) {
    if (control.reply != Reply::kServed || !control.effect) {
      return "the control was not served: " + Told(control) +
             (control.effect ? "" : ", without effect");
    }
  }
  return std::nullopt;
}

std::int64_t Count(const std::vector<Attempt>& attempts) {
  return static_cast<std::int64_t>(attempts.size());
}

// Without any the verdict is inconclusive, which is told elsewhere; it is not a miss.
void AddControls(Verdict& verdict, const std::vector<Attempt>& controls) {
  if (controls.empty()) return;
  AtLeast(verdict, "controls", static_cast<double>(controls.size()), 1, "requests",
          Count(controls));
}

template <typename Predicate>
std::vector<std::string> Those(const std::vector<Attempt>& attempts, Predicate predicate) {
  std::vector<std::string> told;
  for (const Attempt& attempt : attempts) {
    if (predicate(attempt)) told.push_back(Told(attempt));
  }
  return told;
}

bool Let(const Attempt& attempt) {
  return attempt.effect || attempt.reply == Reply::kServed || attempt.reply == Reply::kToolError ||
         (attempt.reply == Reply::kAccepted && !attempt.may_be_accepted);
}

// Adds the neighbours' share served and their slow-down; returns why they say nothing.
std::optional<std::string> AddNeighbours(Verdict& verdict,
                                         const std::vector<NeighbourFigures>& others,
                                         const NeighbourLimits& limits) {
  if (others.empty()) return "there is no other team to watch";
  for (const NeighbourFigures& each : others) {
    if (each.before < kFewestSamples || each.during < kFewestSamples) {
      return fmt::format("{} was asked too little to tell: {} times before, {} times during",
                         each.team, each.before, each.during);
    }
    const double served = 1.0 - static_cast<double>(each.failed) / static_cast<double>(each.during);
    const auto floored = [&](std::chrono::microseconds time) {
      return std::chrono::duration<double, std::milli>(
                 std::max<std::chrono::microseconds>(time, limits.p99_floor))
          .count();
    };
    AtLeast(verdict, each.team + " served", served, kNeighboursServed, "ratio", each.during);
    AtMost(verdict, each.team + " p99 against before",
           floored(each.p99_during) / floored(each.p99_before), limits.max_p99_ratio, "ratio",
           each.during);
    Detail(verdict, fmt::format("{}: p99 {:.1f} ms before, {:.1f} ms during", each.team,
                                static_cast<double>(each.p99_before.count()) / 1e3,
                                static_cast<double>(each.p99_during.count()) / 1e3));
  }
  return std::nullopt;
}

// Adds the memory that a refused request leaves behind; returns why it cannot be told.
std::optional<std::string> AddGrowth(Verdict& verdict, const RefusalGrowth& refusals,
                                     std::int64_t limit) {
  const auto rounds = static_cast<std::int64_t>(refusals.growth.size());
  const std::optional<double> growth = refusals.PerRequest();
  if (!growth) {
    return fmt::format("what refused requests leave behind cannot be told by {} rounds of {}",
                       rounds, refusals.per_round);
  }
  AtMost(verdict, "growth per refused request", *growth, static_cast<double>(limit), "bytes",
         rounds * refusals.per_round);
  return std::nullopt;
}

}  // namespace

Verdict JudgeRefusals(const std::string& criterion, const AttackRecord& record) {
  Verdict verdict{.criterion = criterion};
  const std::int64_t tried = Count(record.attempts);
  const auto let = Those(record.attempts, Let);
  const auto broken =
      Those(record.attempts, [](const Attempt& each) { return each.reply == Reply::kBroken; });
  const auto open = Those(record.attempts, [](const Attempt& each) {
    return each.reply == Reply::kSilent || each.reply == Reply::kLimited;
  });
  None(verdict, "let through", let, tried);
  None(verdict, "failed rather than refused", broken, tried);
  std::vector<std::string> repeated =
      Those(record.attempts, [](const Attempt& each) { return each.repeated; });
  None(verdict, "token repeated in the answer", repeated, tried);
  const auto refused = tried - static_cast<std::int64_t>(let.size() + broken.size() + open.size());
  AddControls(verdict, record.controls);
  std::optional<std::string> unfit = UnfitControls(record.controls);
  if (!unfit && tried == 0) unfit = "nothing was tried";
  if (!unfit && !open.empty()) unfit = "no answer that tells anything to: " + open.front();
  if (!unfit) unfit = record.unfit;
  return Unless(unfit, Decided(verdict, fmt::format("{} of {} attempts refused, {} controls",
                                                    refused, tried, Count(record.controls))));
}

Verdict JudgeCrossTeam(const std::string& criterion, const CrossTeamRecord& record) {
  Verdict verdict{.criterion = criterion, .team = record.attacker};
  const auto cells = static_cast<std::int64_t>(record.cells.size());
  None(verdict, "tools of others listed", record.listed, cells);
  None(verdict, "tools of others told of", record.told, record.tried);
  None(verdict, "tools of others run", record.granted, record.tried);
  None(verdict, "refused otherwise than an unknown tool", record.distinguishable, record.tried);
  None(verdict, "notes of others read", record.leaked, record.tried);
  None(verdict, "written outside the team's own keys", record.written, record.tried);
  None(verdict, "denials missing in the log", record.not_audited, record.audited);
  AddControls(verdict, record.controls);
  std::optional<std::string> unfit = UnfitControls(record.controls);
  if (!unfit) unfit = record.unfit;
  Detail(verdict, fmt::format("a tool of others is refused in {} us, an unknown one in {} us",
                              record.forbidden_takes.count(), record.unknown_takes.count()));
  return Unless(
      unfit,
      Decided(verdict, fmt::format("{} requests for {} pairs of team and tool, {} of them "
                                   "for tools of others and refused; {} controls",
                                   record.tried, cells, record.refused, Count(record.controls))));
}

Verdict JudgeHostileInput(const std::string& criterion, const HostileRecord& record,
                          const HostileLimits& limits) {
  Verdict verdict{.criterion = criterion};
  const std::int64_t unbounded = Count(record.unbounded.attempts);
  const std::int64_t injected = Count(record.injected.attempts);
  None(verdict, "not refused",
       Those(record.unbounded.attempts,
             [](const Attempt& each) {
               return each.reply != Reply::kRefused && each.reply != Reply::kClosed;
             }),
       unbounded);
  None(verdict, "not answered",
       Those(record.injected.attempts,
             [](const Attempt& each) {
               return each.reply == Reply::kBroken || each.reply == Reply::kSilent;
             }),
       injected);
  None(verdict, "outside the team's own keys", record.outside, injected);
  None(verdict, "keys made of what callers say, refused by the store alone", record.fenced,
       injected);
  AtMost(verdict,
         fmt::format(
             "slow clients still held after {} s",
             std::chrono::duration_cast<std::chrono::seconds>(record.max_slow_request).count()),
         static_cast<double>(record.slow - record.slow_ended), 0, "clients", record.slow);
  AtMost(verdict, "restarts of the gateway", record.restarted ? 1 : 0, 0, "restarts", 1);
  std::optional<std::string> unfit = AddNeighbours(verdict, record.others, limits.neighbours);
  const std::optional<std::string> unmeasured =
      AddGrowth(verdict, record.refusals, limits.max_growth_per_refusal);
  if (!unfit) unfit = unmeasured;
  if (record.memory_limit > 0) {
    AtMost(verdict, "memory at most, of its limit",
           static_cast<double>(record.memory_peak) / static_cast<double>(record.memory_limit),
           kMemoryShare, "ratio", record.memory_samples);
  } else if (!unfit) {
    unfit = "the gateway has no memory limit to be judged by";
  }
  if (!unfit) unfit = UnfitControls(record.unbounded.controls);
  if (!unfit) unfit = record.unfit;
  if (!unfit && (unbounded == 0 || injected == 0)) unfit = "nothing was tried";
  Detail(verdict, fmt::format("{} of {} slow clients hung up on; memory {} KiB before, {} at most",
                              record.slow_ended, record.slow, record.memory_before / 1024,
                              record.memory_peak / 1024));
  return Unless(unfit, Decided(verdict, fmt::format("{} requests without bounds, {} hostile names, "
                                                    "{} slow clients",
                                                    unbounded, injected, record.slow)));
}

Verdict JudgeFlood(const std::string& criterion, const FloodRecord& record,
                   const NeighbourLimits& limits) {
  Verdict verdict{.criterion = criterion, .team = record.flooder};
  std::optional<std::string> unfit = AddNeighbours(verdict, record.others, limits);
  std::int64_t most = 0;
  for (const NeighbourFigures& each : record.others) most = std::max(most, each.during);
  // What nobody answered has cost the gateway nothing.
  if (!unfit && record.Answered() < kFloodAtLeast * most) {
    unfit = fmt::format("no flood: {} answers, where a neighbour asked {} times", record.Answered(),
                        most);
  }
  Detail(verdict, record.limited > 0
                      ? fmt::format("throttled: {} of {} requests", record.limited, record.Sent())
                      : "nothing was throttled: that the others were served is all that is shown");
  return Unless(
      unfit, Decided(verdict,
                     fmt::format("{} requests within {} ms ({} served, {} limited, {} unanswered)",
                                 record.Sent(), record.lasted.count(), record.served,
                                 record.limited, record.other)));
}

}  // namespace proving_ground
