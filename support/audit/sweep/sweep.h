// The search for secrets that stand in clear, over everything a live stack shows.
//
//   Sweep sweep(detector, known);
//   sweep.Search(Area::kLog, {.service = "redis"}, text, TextKind::kLog);
//   const SweepResult result = sweep.Take();
//
// Each text is searched for the run's own secrets, exactly, and for whatever looks like a secret.
// The same text is looked at once, however many containers show it. Values never leave this class:
// findings hold rule, place, length and a salted fingerprint.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "support/audit/finding.h"
#include "support/audit/secrets/known_secrets.h"
#include "support/audit/secrets/secret_detector.h"

namespace proving_ground {

// Where secrets can stand in clear.
enum class Area {
  kEnvironment,
  kCommandLine,
  kLabel,
  kHealthCheck,
  kImage,
  kLog,
  kRedisValue,
  kProjectFile,
  kReport,
};

// "environment", "command line", …
std::string_view AreaName(Area area);

// How much of an area was looked at.
struct Looked {
  std::int64_t places = 0;  // texts
  std::int64_t bytes = 0;
};

struct SweepResult {
  std::vector<Finding> findings;
  std::vector<Unevaluated> unevaluated;
  std::map<Area, Looked> looked;
  std::map<std::string, Looked> services;  // the same by service; what is of none under ""
  // Secrets of findings with the team whose service showed them: equal ones are shared.
  std::vector<OwnedSecret> owned;
};

class Sweep {
 public:
  // Both must outlive this object.
  Sweep(const SecretDetector& detector, const KnownSecrets& known);

  // Searches a text. `team`: whose service shows it; empty: nobody's in particular.
  void Search(Area area, const Place& place, std::string_view text, TextKind kind,
              const std::string& team = {});
  // For bytes that are no text (programs): the run's own secrets only.
  void SearchKnown(Area area, const Place& place, std::string_view bytes);
  // Something was found by other means, or by another sweep.
  void Add(Finding finding) { result_.findings.push_back(std::move(finding)); }
  void Merge(SweepResult other);
  // Something could not be looked at: the sweep then proves nothing.
  void CannotSearch(Area area, const Place& place, const std::string& reason);
  // Something is by its nature no part of the search, or only in part: that is told.
  void LeaveOut(const Place& place, const std::string& reason);

  const SecretDetector& detector() const { return detector_; }
  const KnownSecrets& known() const { return known_; }

  // What was found so far; the sweep is empty afterwards.
  SweepResult Take();

 private:
  struct Hit {
    std::string what;
    std::string fingerprint;
    int line;
    bool known;
    Confidence confidence;
  };

  std::vector<Hit> Hits(std::string_view text, TextKind kind) const;
  std::vector<Hit> HitsOnce(std::string_view text, TextKind kind);
  void Count(Area area, const Place& place, std::string_view text);
  void Report(Area area, const Place& place, const std::string& team, const Hit& hit);

  const SecretDetector& detector_;
  const KnownSecrets& known_;
  std::unordered_map<std::string, std::vector<Hit>> seen_;  // by kind and text
  std::map<std::string, bool> reported_;
  SweepResult result_;
};

}  // namespace proving_ground
