// What an audit reports: findings, and rules that could not be evaluated.
#pragma once

#include <string>
#include <string_view>

namespace proving_ground {

// Critical and high fail a run; medium fails it unless waived; low and info are only reported.
enum class Severity { kInfo, kLow, kMedium, kHigh, kCritical };

// "info", "low", "medium", "high", "critical".
std::string_view SeverityName(Severity severity);

// Where something was found. Empty parts do not apply.
struct Place {
  std::string service;  // compose service
  std::string object;   // container, network, volume, image or file
  std::string field;    // "services.redis.ports[0]" (compose), "HostConfig.Privileged" (inspect)
  std::string file;     // compose file that says so, as it was named to the audit
  int line = 0;         // in `file`, from 1; 0: unknown
};

struct Finding {
  std::string rule;  // "ISO-01"
  Severity severity = Severity::kInfo;
  Place place;
  std::string evidence;  // what was seen; never a secret's value
  std::string remedy;    // what to do about it
};

// A rule that could not be evaluated somewhere. It makes a run inconclusive; it is never a pass.
struct Unevaluated {
  std::string rule;
  Place place;
  std::string reason;
};

// "redis (compose.yaml:12) services.redis.ports[0]": the parts that are known, for one line of
// text.
std::string PlaceText(const Place& place);

// Text from a stack as it may be shown: at most `limit` bytes of printable text, control characters
// and broken UTF-8 replaced, what is cut off marked. Names and paths only; values of secrets must
// not get here.
std::string ShownText(std::string_view text, std::size_t limit = 120);

}  // namespace proving_ground
