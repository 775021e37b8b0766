#include "support/audit/sweep/secrets_verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "support/audit/secrets/base64.h"
#include "support/base/count_text.h"
#include "support/base/errors.h"

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

// What of the record one verdict is about.
class Share {
 public:
  Share(const SecretsRecord& record, const std::string& name) : record_(record), name_(name) {
    for (const SweptService& service : record.services) {
      if (service.name == name) service_ = &service;
    }
    if (service_ != nullptr) return;
    throw UsageError("service " + name + " was not searched for secrets",
                     "search anew: the stack or the teams of the run have changed");
  }

  bool Has(const Place& place) const {
    if (!name_.empty()) return place.service == name_;
    return std::none_of(record_.services.begin(), record_.services.end(),
                        [&](const SweptService& service) {
                          return !service.name.empty() && service.name == place.service;
                        });
  }
  std::int64_t Serious() const {
    return std::count_if(record_.findings.begin(), record_.findings.end(),
                         [&](const Finding& finding) {
                           return finding.severity >= Severity::kMedium && Has(finding.place);
                         });
  }
  bool EverythingWasLookedAt() const {
    return std::none_of(record_.unevaluated.begin(), record_.unevaluated.end(),
                        [&](const Unevaluated& missing) { return Has(missing.place); }) &&
           !service_->coverage.empty() &&
           std::all_of(service_->coverage.begin(), service_->coverage.end(), [](const auto& cover) {
             return cover.second.expected > 0 && cover.second.looked_at >= cover.second.expected;
           });
  }
  const SweptService& service() const { return *service_; }

  // The worst first, as many as a reader takes in.
  std::vector<std::string> Details() const {
    std::vector<Finding> findings;
    for (const Finding& finding : record_.findings) {
      if (Has(finding.place)) findings.push_back(finding);
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    std::vector<std::string> lines;
    for (const Finding& finding : findings) lines.push_back(Line(finding));
    if (lines.size() > kShown) {
      lines.resize(kShown);
      lines.push_back(
          fmt::format("and {} more (secrets.json in the run folder)", findings.size() - kShown));
    }
    for (const audit::WaivedFinding& waived : record_.waived) {
      if (!Has(waived.finding.place) || lines.size() > 2 * kShown) continue;
      lines.push_back(
          fmt::format("waived until {}: {}", waived.waiver.expires, Line(waived.finding)));
    }
    for (const Unevaluated& missing : record_.unevaluated) {
      if (!Has(missing.place) || lines.size() > 3 * kShown) continue;
      lines.push_back("not looked at: " + PlaceText(missing.place) + ": " + missing.reason);
    }
    return lines;
  }

 private:
  const SecretsRecord& record_;
  const std::string& name_;
  const SweptService* service_ = nullptr;
};

void AddMeasures(const SecretsRecord& record, const Share& share, Verdict& verdict) {
  const SweptService& service = share.service();
  verdict.measures = {
      {"secrets in clear", static_cast<double>(share.Serious()), "<=", 0, "findings",
       service.looked.places},
      {"planted secrets found", static_cast<double>(record.control.found),
       ">=", static_cast<double>(record.control.planted), "secrets", record.control.planted}};
  for (const auto& [what, cover] : service.coverage) {
    verdict.measures.push_back({what + " looked at", static_cast<double>(cover.looked_at),
                                ">=", static_cast<double>(cover.expected), what, cover.expected});
  }
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

Verdict JudgeSecrets(const SecretsRecord& record, const std::string& criterion,
                     const std::string& service) {
  const Share share(record, service);
  Verdict verdict{.criterion = criterion, .team = service};
  AddMeasures(record, share, verdict);
  verdict.details = share.Details();
  const Looked& seen = share.service().looked;
  const std::string looked = fmt::format("{} of {:.1f} MiB", CountText(seen.places, "text"),
                                         static_cast<double>(seen.bytes) / (1 << 20));
  const SweepControl& control = record.control;
  if (share.Serious() > 0) {
    verdict.outcome = Outcome::kFailed;
    verdict.summary = CountText(share.Serious(), "secret") + " in clear, in " + looked;
  } else if (control.found < control.planted) {
    verdict.outcome = Outcome::kInconclusive;
    verdict.summary = fmt::format("the search found {} of {} planted secrets only", control.found,
                                  control.planted);
  } else if (!share.EverythingWasLookedAt()) {
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
