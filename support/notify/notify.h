// Tells people how a run ended.
//
// A success is posted to the chat and closes the alarm; everything else raises the alarm. What
// cannot be delivered is told and kept in the run folder, notifications.json; it is no part of the
// verdict.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "support/notify/retry.h"
#include "support/notify/settings.h"

namespace proving_ground {

struct Notification {
  std::string channel;  // "slack", "pagerduty", "mail"
  std::string
      action;  // "posts a success", "raises an alarm", "closes the alarm", "sends the digest"
  Delivery delivery;
};

struct Timing {
  RetryPolicy retries;
  std::chrono::milliseconds limit{10'000};  // for one attempt
};

// Sends what the run calls for through every channel that is set up. Throws UsageError when there
// is no such folder, and Interrupted.
std::vector<Notification> NotifyOfRun(const std::filesystem::path& run_folder,
                                      const NotifySettings& settings, const Timing& timing = {});

// Mails the digest of the runs of the last `days`. Throws UsageError when no mail is set up.
Notification SendDigest(const std::filesystem::path& runs, int days, const NotifySettings& settings,
                        const Timing& timing = {});

// "slack: posts a success: HTTP 200", "pagerduty: raises an alarm: NOT DELIVERED after 4 attempts:
// …".
std::ostream& operator<<(std::ostream& out, const Notification& notification);

}  // namespace proving_ground
