// Waivers: findings that someone has accepted, for a time and with a reason.
//
//   x-acceptance:
//     security:
//       waivers:
//         - {rule: RES-02, service: redis, reason: "bursts while it rewrites its file", owner:
//         platform,
//            expires: 2027-03-31}
//
// Only findings up to medium can be waived. A waiver that has expired, that nothing needs, that
// lacks a field or that cannot apply is itself a finding.
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/audit/finding.h"
#include "support/audit/rules/rule.h"

namespace proving_ground::audit {

struct Waiver {
  std::string rule;
  std::string service;  // or the network, volume or image of a finding that is about no service
  std::string reason;
  std::string owner;
  std::string expires;  // "2027-03-31": the last day it holds, UTC
  std::string field;    // where it stands: "x-acceptance.security.waivers[0]"
};

struct WaivedFinding {
  Finding finding;
  Waiver waiver;
};

struct WaiverOutcome {
  std::vector<Finding> findings;  // those that stand, and those about waivers
  std::vector<WaivedFinding> waived;
};

// Rules about waivers, for lists of rules.
const std::vector<Rule>& WaiverRules();

bool CanBeWaived(Severity severity);

// Reads x-acceptance.security.waivers of a resolved model. Throws ContractError when it is no list
// of mappings, or a waiver has a field of another name or type.
std::vector<Waiver> ReadWaivers(const nlohmann::json& model);

// The waivers of one run, for everything that finds something.
//
//   WaiverBook book(ReadWaivers(model), now);
//   const WaiverOutcome secrets = book.Apply(swept);
//   const WaiverOutcome outcome = book.ApplyLast(audited);   // and what is wrong with the waivers
class WaiverBook {
 public:
  WaiverBook(std::vector<Waiver> waivers, std::chrono::system_clock::time_point now);

  // What stands of the findings, and what is waived.
  WaiverOutcome Apply(std::vector<Finding> findings);
  // The same with the findings about the waivers themselves, of which those that nothing needed so
  // far are unused.
  WaiverOutcome ApplyLast(std::vector<Finding> findings);

 private:
  struct Held {
    Waiver waiver;
    bool used = false;
    bool too_weak = false;  // met a finding that is too severe to be waived
  };
  std::multimap<std::string, Held> held_;  // by rule
  std::vector<Finding> faults_;
};

}  // namespace proving_ground::audit
