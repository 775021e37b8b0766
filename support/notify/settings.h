// Where notifications go, from the environment. Whatever is secret may stand in a variable or, with
// the suffix _FILE, in a file that the variable names; never in an option.
//
//   PROVING_GROUND_SLACK_WEBHOOK      address of a Slack-compatible incoming web hook
//   PROVING_GROUND_PAGERDUTY_KEY      routing key of a PagerDuty-compatible service (Events API v2)
//   PROVING_GROUND_PAGERDUTY_URL      default: https://events.pagerduty.com/v2/enqueue
//   PROVING_GROUND_SMTP_URL           smtp://host:port or smtps://host:port
//   PROVING_GROUND_SMTP_USER, PROVING_GROUND_SMTP_PASSWORD
//   PROVING_GROUND_MAIL_FROM, PROVING_GROUND_MAIL_TO   addresses, separated by commas
//   PROVING_GROUND_NAME               what is judged; default: proving-ground. Alarms of one name
//                                     are one alarm, raised by a failure and closed by a success.
//
// All but PROVING_GROUND_NAME can have the suffix _FILE.
#pragma once

#include <string>
#include <vector>

#include "support/engine/engine_address.h"
#include "support/notify/wire.h"

namespace proving_ground {

struct NotifySettings {
  std::string slack_webhook;  // empty: nobody is told there
  std::string pagerduty_key;
  std::string pagerduty_url;
  MailServer mail_server;
  std::string mail_from;
  std::vector<std::string> mail_to;
  std::string name;
  std::string link;  // to the run in the CI system; empty: none

  // What must not be in any output: addresses with tokens, their parts, keys, passwords.
  std::vector<std::string> Secrets() const;
};

// Throws UsageError for what cannot be meant; its text holds no value.
NotifySettings NotifySettingsFrom(const EnvironmentLookup& variable = ProcessEnvironment);

}  // namespace proving_ground
