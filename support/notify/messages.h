// What is said about a run: to a chat, to the people on call, and once a week to everybody.
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "support/notify/run_summary.h"

namespace proving_ground {

// Who speaks, and where more is to be found.
struct Sender {
  std::string name;  // what is judged
  std::string link;  // empty: none
};

// Body for a Slack-compatible incoming web hook. Texts of the run are escaped.
std::string SlackMessage(const RunSummary& run, const Sender& sender);

// Bodies for the Events API v2 of PagerDuty. Both have the same dedup key, whatever the run, so
// that the next success closes what a failure raised.
std::string PagerDutyTrigger(const RunSummary& run, const Sender& sender, const std::string& key);
std::string PagerDutyResolve(const Sender& sender, const std::string& key);

// Subject and text of the digest of `runs`, oldest first.
std::string DigestSubject(const std::vector<RunSummary>& runs, const Sender& sender);
std::string DigestText(const std::vector<RunSummary>& runs, const Sender& sender, int days);

}  // namespace proving_ground
