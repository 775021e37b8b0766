#include "support/notify/notify.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <ostream>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/notify/messages.h"
#include "support/notify/run_summary.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Notification Post(const std::string& channel, const std::string& action, const std::string& url,
                  const std::string& body, const NotifySettings& settings, const Timing& timing) {
  const std::vector<std::string> secrets = settings.Secrets();
  return {channel, action,
          DeliverWithRetries([&] { return PostJson(url, body, secrets, timing.limit); },
                             timing.retries)};
}

void Keep(const std::vector<Notification>& notifications, const fs::path& run_folder) {
  json list = json::array();
  for (const Notification& one : notifications) {
    list.push_back({{"at", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))},
                    {"channel", one.channel},
                    {"action", one.action},
                    {"delivered", one.delivery.delivered},
                    {"attempts", one.delivery.attempts},
                    {"what", one.delivery.what}});
  }
  WriteFileAtomically(run_folder / "notifications.json",
                      list.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

std::string HostName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

// One digest a day and name: a second one is the same mail.
std::string MailId(const std::string& name) {
  std::string id = name + ".digest." + fmt::format("{:%Y%m%d}", fmt::gmtime(std::time(nullptr)));
  for (char& c : id) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-') c = '-';
  }
  return id + "@" + HostName();
}

}  // namespace

std::vector<Notification> NotifyOfRun(const fs::path& run_folder, const NotifySettings& settings,
                                      const Timing& timing) {
  const RunSummary run = ReadRunSummary(run_folder);
  const Sender sender{settings.name, settings.link};
  std::vector<Notification> notifications;
  if (run.good() && !settings.slack_webhook.empty()) {
    notifications.push_back(Post("slack", "posts a success", settings.slack_webhook,
                                 SlackMessage(run, sender), settings, timing));
  }
  if (!settings.pagerduty_key.empty()) {
    const std::string body = run.good() ? PagerDutyResolve(sender, settings.pagerduty_key)
                                        : PagerDutyTrigger(run, sender, settings.pagerduty_key);
    notifications.push_back(Post("pagerduty", run.good() ? "closes the alarm" : "raises an alarm",
                                 settings.pagerduty_url, body, settings, timing));
  }
  Keep(notifications, run_folder);
  return notifications;
}

Notification SendDigest(const fs::path& runs, int days, const NotifySettings& settings,
                        const Timing& timing) {
  if (settings.mail_server.url.empty() || settings.mail_from.empty() || settings.mail_to.empty()) {
    throw UsageError("no mail is set up",
                     "set PROVING_GROUND_SMTP_URL, PROVING_GROUND_MAIL_FROM and "
                     "PROVING_GROUND_MAIL_TO");
  }
  const std::time_t since = std::time(nullptr) - static_cast<std::time_t>(days) * 24 * 3600;
  const std::vector<RunSummary> found = ReadRunsSince(runs, since);
  const Sender sender{settings.name, settings.link};
  const Mail mail{settings.mail_from, settings.mail_to, DigestSubject(found, sender),
                  MailId(settings.name), DigestText(found, sender, days)};
  return {"mail", "sends the digest",
          DeliverWithRetries([&] { return SendMail(settings.mail_server, mail, timing.limit); },
                             timing.retries)};
}

std::ostream& operator<<(std::ostream& out, const Notification& notification) {
  const Delivery& delivery = notification.delivery;
  out << notification.channel << ": " << notification.action << ": ";
  if (!delivery.delivered) {
    out << fmt::format("NOT DELIVERED after {} attempt{}: ", delivery.attempts,
                       delivery.attempts == 1 ? "" : "s");
  }
  return out << delivery.what;
}

}  // namespace proving_ground
