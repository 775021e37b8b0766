#include "support/notify/settings.h"

#include <initializer_list>
#include <sstream>
#include <string_view>

#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

std::string Trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string Value(const EnvironmentLookup& variable, const std::string& name) {
  const std::string value = Trimmed(variable(name).value_or(""));
  const std::string file = Trimmed(variable(name + "_FILE").value_or(""));
  if (!value.empty() && !file.empty()) {
    throw UsageError("both " + name + " and " + name + "_FILE are set", "set one of them");
  }
  return file.empty() ? value : Trimmed(ReadFile(file));
}

std::string Url(const EnvironmentLookup& variable, const std::string& name,
                std::initializer_list<std::string_view> schemes) {
  const std::string url = Value(variable, name);
  if (url.empty()) return url;
  std::string allowed;
  for (const std::string_view scheme : schemes) {
    if (url.starts_with(scheme)) return url;
    allowed += (allowed.empty() ? "" : " or ") + std::string(scheme);
  }
  throw UsageError(name + " does not begin with " + allowed, "correct it");
}

std::vector<std::string> Addresses(const std::string& list) {
  std::vector<std::string> addresses;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    if (part = Trimmed(part); !part.empty()) addresses.push_back(part);
  }
  return addresses;
}

// Where people can look at the run, as the CI systems tell it.
std::string LinkFrom(const EnvironmentLookup& variable) {
  const auto value = [&](const char* name) { return variable(name).value_or(""); };
  if (!value("GITHUB_RUN_ID").empty()) {
    return value("GITHUB_SERVER_URL") + "/" + value("GITHUB_REPOSITORY") + "/actions/runs/" +
           value("GITHUB_RUN_ID");
  }
  return value("CI_JOB_URL").empty() ? value("BUILD_URL") : value("CI_JOB_URL");
}

// The address, and each longer part of its path: a receiver may quote only that.
void AddParts(const std::string& url, std::vector<std::string>& secrets) {
  if (url.empty()) return;
  secrets.push_back(url);
  constexpr std::size_t kWorthHiding = 8;
  const auto host = url.find("://");
  const auto path = host == std::string::npos ? host : url.find('/', host + 3);
  if (path == std::string::npos) return;
  secrets.push_back(url.substr(path));
  std::istringstream parts(url.substr(path));
  for (std::string part; std::getline(parts, part, '/');) {
    if (part.size() >= kWorthHiding && part != "services") secrets.push_back(part);
  }
}

}  // namespace

std::vector<std::string> NotifySettings::Secrets() const {
  std::vector<std::string> secrets;
  AddParts(slack_webhook, secrets);
  for (const std::string& text : {pagerduty_key, mail_server.password}) {
    if (!text.empty()) secrets.push_back(text);
  }
  return secrets;
}

NotifySettings NotifySettingsFrom(const EnvironmentLookup& variable) {
  NotifySettings settings;
  settings.slack_webhook = Url(variable, "PROVING_GROUND_SLACK_WEBHOOK", {"https://", "http://"});
  settings.pagerduty_key = Value(variable, "PROVING_GROUND_PAGERDUTY_KEY");
  settings.pagerduty_url = Url(variable, "PROVING_GROUND_PAGERDUTY_URL", {"https://", "http://"});
  if (settings.pagerduty_url.empty()) {
    settings.pagerduty_url = "https://events.pagerduty.com/v2/enqueue";
  }
  settings.mail_server.url = Url(variable, "PROVING_GROUND_SMTP_URL", {"smtp://", "smtps://"});
  settings.mail_server.user = Value(variable, "PROVING_GROUND_SMTP_USER");
  settings.mail_server.password = Value(variable, "PROVING_GROUND_SMTP_PASSWORD");
  settings.mail_from = Value(variable, "PROVING_GROUND_MAIL_FROM");
  settings.mail_to = Addresses(Value(variable, "PROVING_GROUND_MAIL_TO"));
  settings.name = Trimmed(variable("PROVING_GROUND_NAME").value_or(""));
  if (settings.name.empty()) settings.name = "proving-ground";
  settings.link = LinkFrom(variable);
  return settings;
}

}  // namespace proving_ground
