// Rules about health checks, restarts and how services stop.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"
#include "support/audit/rules/vacuous_command.h"
#include "support/contract/duration.h"

namespace proving_ground::audit {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only

constexpr SettingName kRestart{"restart", "HostConfig.RestartPolicy"};
constexpr SettingName kHealth{"healthcheck", "Config.Healthcheck"};

void NoRestart(const Subject& subject, Report& report) {
  const std::string& restart = subject.settings.lifecycle.restart;
  if (subject.service.role.empty()) return;
  if (restart.empty() || restart == "no")
    report.AddSetting(kRestart, "is not started again when it ends");
}

void EndlessRetries(const Subject& subject, Report& report) {
  const Lifecycle& lifecycle = subject.settings.lifecycle;
  if (lifecycle.restart == "on-failure" && lifecycle.restarts <= 0) {
    report.AddSetting(kRestart, "retries without end");
  }
}

// A retry limit ends availability in the middle of a long outage.
void FewRetries(const Subject& subject, Report& report) {
  const Lifecycle& lifecycle = subject.settings.lifecycle;
  if (subject.service.IsCentral() && lifecycle.restart == "on-failure" && lifecycle.restarts > 0) {
    report.AddSetting(kRestart, "gives up after some restarts, and stays down after a clean exit");
  }
}

// The check that applies: the service's own, else its image's.
Healthcheck CheckOf(const Subject& subject) {
  Healthcheck health = subject.settings.lifecycle.health;
  if (health.disabled || !health.test.empty() || subject.container != nullptr) return health;
  const nlohmann::json* image = subject.stack.ImageOf(subject.service);
  const nlohmann::json* check =
      image == nullptr ? nullptr : Path(*image, {"Config", "Healthcheck"});
  if (check == nullptr) return health;
  const nlohmann::json container = {{"Config", {{"Healthcheck", *check}}}};
  const Healthcheck inherited = InspectedSettings(container).lifecycle.health;
  health.test = inherited.test;
  if (!health.interval) health.interval = inherited.interval;
  if (!health.timeout) health.timeout = inherited.timeout;
  if (!health.retries) health.retries = inherited.retries;
  health.disabled = inherited.disabled;
  return health;
}

bool HasCheck(const Healthcheck& health) { return !health.disabled && !health.test.empty(); }

void NoHealthcheck(const Subject& subject, Report& report) {
  const Healthcheck health = CheckOf(subject);
  if (HasCheck(health)) return;
  const bool may_inherit = subject.container == nullptr && !health.disabled &&
                           subject.stack.ImageOf(subject.service) == nullptr;
  if (!may_inherit) return report.AddSetting(kHealth, "no health check");
  if (!subject.service.containers.empty()) return;  // judged by what they were given
  report.CannotEvaluate("no health check is declared, and the image's is not known");
}

void VacuousHealthcheck(const Subject& subject, Report& report) {
  const Healthcheck health = CheckOf(subject);
  if (!HasCheck(health) || health.test.size() < 2) return;
  const bool shell = health.test[0] == "CMD-SHELL";
  const bool can_fail =
      shell ? ShellTextCanFail(health.test[1])
            : WordsCanFail(std::vector<std::string>(health.test.begin() + 1, health.test.end()));
  if (!can_fail) report.AddSetting(kHealth, "the health check cannot fail");
}

// Longest time the contract grants a service to be away; nullopt for roles it says nothing about.
std::optional<milliseconds> Budget(const Subject& subject) {
  const FailoverContract& failover = subject.stack.input().contract.failover;
  if (subject.service.role == "coordinator") return failover.max_coordinator_downtime;
  if (subject.service.role == "redis") return failover.max_redis_recovery;
  if (subject.service.role == "gateway") return failover.max_gateway_downtime;
  return std::nullopt;
}

// Time until a service that hangs is called unhealthy; the engine's defaults where nothing is set.
milliseconds TimeToNotice(const Healthcheck& health) {
  const milliseconds interval = health.interval.value_or(30s);
  const milliseconds timeout = health.timeout.value_or(30s);
  const std::int64_t retries = std::clamp<std::int64_t>(health.retries.value_or(3), 1, 1'000);
  constexpr milliseconds kLongest = std::chrono::hours(24 * 365);
  if (interval > kLongest || timeout > kLongest) return kLongest;
  return retries * (std::max(interval, 0ms) + std::max(timeout, 0ms));
}

void SlowHealthcheck(const Subject& subject, Report& report) {
  const auto budget = Budget(subject);
  const Healthcheck health = CheckOf(subject);
  if (!budget || !HasCheck(health)) return;
  const milliseconds notice = TimeToNotice(health);
  if (notice <= *budget) return;
  report.AddSetting(kHealth, fmt::format("a hang is noticed after up to {}, the budget is {}",
                                         FormatDuration(notice), FormatDuration(*budget)));
}

void SlowStop(const Subject& subject, Report& report) {
  const auto budget = Budget(subject);
  const auto& grace = subject.settings.lifecycle.stop_grace;
  if (budget && grace && *grace > *budget) {
    report.AddSetting({"stop_grace_period", "Config.StopTimeout"},
                      fmt::format("a stop may take {}, the budget is {}", FormatDuration(*grace),
                                  FormatDuration(*budget)));
  }
}

// SIGKILL and SIGSTOP cannot be caught: what is in hand is lost.
void UncatchableStop(const Subject& subject, Report& report) {
  const Lifecycle& lifecycle = subject.settings.lifecycle;
  std::string signal = Lower(lifecycle.stop_signal);
  if (signal.starts_with("sig")) signal.erase(0, 3);
  if (signal == "kill" || signal == "9" || signal == "stop" || signal == "19") {
    report.AddSetting({"stop_signal", "Config.StopSignal"}, "is stopped without warning");
  }
  if (lifecycle.stop_grace && *lifecycle.stop_grace < 1s) {
    report.AddSetting({"stop_grace_period", "Config.StopTimeout"}, "gets no time to stop");
  }
}

// The first process gets the stop signal; a shell does not pass it on.
void ShellFirst(const Subject& subject, Report& report) {
  const Texts& texts = subject.settings.texts;
  const auto& words = texts.entrypoint.empty() ? texts.command : texts.entrypoint;
  if (words.size() < 3 || subject.settings.lifecycle.init) return;
  const std::string program = words[0].value.substr(words[0].value.rfind('/') + 1);
  const bool shell = program == "sh" || program == "bash" || program == "ash" || program == "dash";
  const bool replaced = words[2].value.find("exec ") != std::string::npos;
  if (shell && words[1].value == "-c" && !replaced) {
    report.AddSetting({"entrypoint", "Config.Entrypoint"}, "a shell is the first process");
  }
}

void Interactive(const Subject& subject, Report& report) {
  if (subject.settings.lifecycle.terminal)
    report.AddSetting({"tty", "Config.Tty"}, "has a terminal");
  if (subject.settings.lifecycle.open_input) {
    report.AddSetting({"stdin_open", "Config.OpenStdin"}, "keeps its input open");
  }
}

// Switches of debuggers that listen for whoever connects.
void DebugSwitch(const Subject& subject, Report& report) {
  static constexpr std::array<std::string_view, 6> kSwitches = {
      "--inspect=0.0.0.0", "--inspect-brk=0.0.0.0", "-agentlib:jdwp",
      "-Xrunjdwp",         "debugpy --listen",      "dlv --listen"};
  const auto judge = [&](const Item& item) {
    for (const std::string_view one : kSwitches) {
      if (item.value.find(one) != std::string::npos) {
        report.Add(item.field, "a debugger is switched on: " + std::string(one));
      }
    }
  };
  for (const Item& item : subject.settings.texts.command) judge(item);
  for (const Item& item : subject.settings.texts.entrypoint) judge(item);
  for (const NamedItem& variable : subject.settings.texts.environment) {
    judge({variable.value, variable.field});
  }
}

void Unhealthy(const Subject& subject, Report& report) {
  const std::string health =
      Text(Path(*subject.container->inspected, {"State", "Health", "Status"}));
  if (health == "unhealthy") report.Add("State.Health.Status", "is unhealthy");
}

void OutOfMemory(const Subject& subject, Report& report) {
  if (Text(Path(*subject.container->inspected, {"State", "OOMKilled"})) == "true") {
    report.Add("State.OOMKilled", "was ended for want of memory");
  }
}

}  // namespace

std::vector<Rule> HealthRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"AVL-01", "failover contract", kHigh, kHealth, "A service with a role is not restarted",
       "Set restart: unless-stopped.", kSettings, NoRestart},
      {"AVL-02", "CIS 5.15", kLow, kHealth, "Restarts after failures without end",
       "Set restart: on-failure:5, or unless-stopped for services that must stay.", kSettings,
       EndlessRetries},
      {"AVL-12", "failover contract", kMedium, kHealth,
       "A central service gives up after some restarts", "Set restart: unless-stopped.", kSettings,
       FewRetries},
      {"AVL-03", "CIS 5.27", kMedium, kHealth, "No health check",
       "Declare a healthcheck that asks the service itself.", kSettings, NoHealthcheck},
      {"AVL-08", "CIS 5.27", kMedium, kHealth, "The health check cannot fail",
       "Let it ask the service, and pass its answer on.", kSettings, VacuousHealthcheck},
      {"AVL-04", "failover contract", kMedium, kHealth,
       "The health check is too slow for the downtime budget",
       "Shorten interval, timeout or retries.", kSettings, SlowHealthcheck},
      {"AVL-05", "failover contract", kMedium, kHealth,
       "A stop may take longer than the downtime budget", "Shorten stop_grace_period.", kSettings,
       SlowStop},
      {"AVL-17", "signal(7)", kMedium, kHealth, "A service is stopped without warning",
       "Set stop_signal: SIGTERM and a stop_grace_period in which it can finish.", kSettings,
       UncatchableStop},
      {"AVL-09", "Docker: init", kLow, kHealth, "A shell is the first process",
       "Start the program itself, begin the script with exec, or set init: true.", kSettings,
       ShellFirst},
      {"AVL-06", "Docker: tty, stdin_open", kLow, kHealth, "A terminal or open input is left over",
       "Remove tty and stdin_open.", kSettings, Interactive},
      {"AVL-13", "vendors' debugger manuals", kHigh, kHealth, "A debugger is switched on",
       "Remove the switch: a debugger runs any code.", kSettings, DebugSwitch},
      {"AVL-16", "Docker: healthcheck", kMedium, kHealth, "A container is unhealthy",
       "Look at its logs; an audit of a broken stack proves little.", kContainer, Unhealthy},
      {"AVL-15", "Docker: resource constraints", kMedium, kHealth, "A container ran out of memory",
       "Raise its limit, or find the leak.", kContainer, OutOfMemory},
  };
}

}  // namespace proving_ground::audit
