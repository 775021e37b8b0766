#include "support/audit/sweep/secrets_verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "support/audit/secrets/base64.h"

namespace proving_ground {
namespace {

constexpr size_t kShown = 10;

// One text of each kind that sets a password.
struct Bait {
  TextKind kind;
  std::string_view text;
};
constexpr std::array<Bait, 9> kBaits = {{
    {TextKind::kComposeFile, "    environment:\n      DB_PASSWORD: "},
    {TextKind::kEnvFile, "DB_PASSWORD="},
    {TextKind::kCommandLine, "redis-cli -a "},
    {TextKind::kEnvironmentEntry, "DB_PASSWORD="},
    {TextKind::kLabel, "com.shop.admin.password="},
    {TextKind::kShellOrConfigFile, "requirepass "},
    {TextKind::kLog, "DEBUG connecting with password="},
    {TextKind::kRedisValue, "smtp_password="},
    {TextKind::kImageHistory, "/bin/sh -c #(nop)  ENV DB_PASSWORD="},
}};

std::string Line(const Finding& finding) {
  return fmt::format("{} {} {}: {}", finding.rule, SeverityName(finding.severity),
                     PlaceText(finding.place), finding.evidence);
}

// The worst first, as many as a reader takes in.
std::vector<std::string> Worst(std::vector<Finding> findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    if (lines.size() == kShown) break;
    lines.push_back(Line(finding));
  }
  if (findings.size() > kShown) {
    lines.push_back(fmt::format("and {} more", findings.size() - kShown));
  }
  return lines;
}

}  // namespace

SweepControl TryControl(const Sweep& sweep, const std::vector<KnownSecret>& known) {
  SweepControl control;
  for (const KnownSecret& secret : known) {
    for (const std::string& form : {secret.value, EncodeBase64("user:" + secret.value + "\n")}) {
      ++control.planted;
      const auto leaks = sweep.known().Find("a log says " + form + " here");
      if (std::any_of(leaks.begin(), leaks.end(),
                      [&](const Leak& leak) { return leak.name == secret.name; })) {
        ++control.found;
      }
    }
  }
  for (const Bait& bait : kBaits) {
    ++control.planted;
    const std::string text = std::string(bait.text) + "sun4flower\n";
    if (sweep.detector().Scan(text, bait.kind).detections.size() == 1) ++control.found;
  }
  return control;
}

Verdict SecretsVerdict(const std::string& criterion, const SweepResult& result,
                       const SweepControl& control,
                       const std::map<std::string, Coverage>& coverage) {
  Verdict verdict{.criterion = criterion};
  std::int64_t places = 0;
  std::int64_t bytes = 0;
  for (const auto& [area, looked] : result.looked) places += looked.places, bytes += looked.bytes;
  const auto serious =
      std::count_if(result.findings.begin(), result.findings.end(),
                    [](const Finding& finding) { return finding.severity >= Severity::kMedium; });
  verdict.measures.push_back(
      {"secrets in clear", static_cast<double>(serious), "<=", 0, "findings", places});
  verdict.measures.push_back({"planted secrets found", static_cast<double>(control.found), ">=",
                              static_cast<double>(control.planted), "secrets", control.planted});
  bool covered = true;
  for (const auto& [what, cover] : coverage) {
    verdict.measures.push_back({what + " looked at", static_cast<double>(cover.looked_at),
                                ">=", static_cast<double>(cover.expected), what, cover.expected});
    covered = covered && cover.expected > 0 && cover.looked_at >= cover.expected;
  }
  verdict.details = Worst(result.findings);
  for (const Unevaluated& missing : result.unevaluated) {
    if (verdict.details.size() > 2 * kShown) break;
    verdict.details.push_back("not looked at: " + PlaceText(missing.place) + ": " + missing.reason);
  }
  const std::string looked =
      fmt::format("{} texts of {:.1f} MiB", places, static_cast<double>(bytes) / (1 << 20));
  if (serious > 0) {
    verdict.outcome = Outcome::kFailed;
    verdict.summary = fmt::format("{} secrets stand in clear, in {}", serious, looked);
  } else if (control.found < control.planted) {
    verdict.outcome = Outcome::kInconclusive;
    verdict.summary = fmt::format("the search found {} of {} planted secrets only", control.found,
                                  control.planted);
  } else if (!result.unevaluated.empty() || !covered) {
    verdict.outcome = Outcome::kInconclusive;
    verdict.summary = "no secret in " + looked + ", but not everything could be looked at";
  } else {
    verdict.outcome = Outcome::kPassed;
    verdict.summary = fmt::format("no secret stands in clear in {}; {} planted ones were found",
                                  looked, control.found);
  }
  return verdict;
}

}  // namespace proving_ground
