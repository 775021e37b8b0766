#include "support/faults/recovery_probe.h"

#include <algorithm>
#include <utility>

#include "support/base/errors.h"
#include "support/faults/helper_container.h"
#include "support/faults/probe/probe_config.h"
#include "support/faults/probe/probe_record.h"

namespace proving_ground {
namespace {

using std::chrono::seconds;

constexpr auto kProgram = "/usr/local/bin/probe";
constexpr auto kConfiguration = "/run/probe/configuration.json";
constexpr seconds kStart{10};               // longest time a container may take to run its program
constexpr seconds kClockDifference{1};      // none is expected; containers share the clock
constexpr std::size_t kLongestPrefix = 40;  // the reference stack's ids have 64 characters at most

void CheckPrefix(const std::string& prefix) {
  const auto fits = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  };
  if (prefix.empty() || prefix.size() > kLongestPrefix ||
      !std::all_of(prefix.begin(), prefix.end(), fits)) {
    throw UsageError("'" + prefix + "' cannot begin the ids of a probe",
                     "use 1 to 40 of A-Z, a-z, 0-9, '.', '_' and '-'");
  }
}

ProbeWrites WritesOf(const ProbeOptions& options) {
  constexpr std::string_view kScheme = "http://";
  const std::string& url = options.gateway;
  const std::size_t slash = url.find('/', std::min(url.size(), kScheme.size()));
  if (!url.starts_with(kScheme) || slash == std::string::npos) {
    throw UsageError("'" + url + "' is no URL of a gateway", "write it as http://gateway:8080/mcp");
  }
  return {ParseServiceAddress(url.substr(kScheme.size(), slash - kScheme.size())),
          url.substr(slash), options.token, options.write_every};
}

ProbeConfig ConfigOf(const ProbeOptions& options) {
  CheckPrefix(options.id_prefix);
  if (!options.steps.is_array() || options.steps.empty()) {
    throw UsageError("the probe's tasks have no steps", "give them one");
  }
  if (options.longest_life <= options.patience + options.drain) {
    throw UsageError("the probe's life is no longer than its patience and the wait at its end",
                     "give it a longer life");
  }
  ProbeConfig config;
  config.coordinator = ParseServiceAddress(options.coordinator);
  config.id_prefix = options.id_prefix;
  config.steps = options.steps;
  config.every = options.every;
  config.patience = options.patience;
  config.drain = options.drain;
  config.longest_life = options.longest_life;
  if (!options.gateway.empty()) config.writes = WritesOf(options);
  return ProbeConfigFromJson(ToJson(config));  // what the program would refuse is refused here
}

HelperOptions HelperOf(const ProbeOptions& options) {
  HelperOptions helper;
  helper.project = options.project;
  helper.name = UniqueHelperName(options.project, "probe");
  helper.command = {kProgram, kConfiguration};
  helper.network = options.network;
  helper.network_of = options.network_of;
  helper.files = {{kConfiguration, ToJson(ConfigOf(options)).dump()}};
  return helper;
}

}  // namespace

class RecoveryProbe::State {
 public:
  State(const Engine& engine, const ProbeOptions& options)
      : record_(options.id_prefix),
        helper_(engine, HelperOf(options), [this](std::string_view line) { record_.Add(line); }) {
    Clock::time_point started;
    helper_.AwaitLine("the probe to start", Within(kStart), [&](std::string_view line) {
      const ProbeLine first = ParseProbeLine(line);
      const auto* const told = std::get_if<ProbeStarted>(&first);
      if (told != nullptr) started = told->at;
      return told != nullptr;
    });
    CheckClock(started);
  }

  void AwaitSuccesses(int count, Deadline deadline) {
    const Clock::time_point since = Clock::now();
    std::string seen;
    try {
      helper_.AwaitLine("tasks to be served again", deadline,
                        [&](std::string_view) { return record_.Served(count, since, seen); });
    } catch (const DeadlineExceeded&) {
      throw DeadlineExceeded("gave up waiting for " + std::to_string(count) +
                                 " tasks in a row to be acknowledged and finished after " +
                                 DurationText(Clock::now() - since) + ", last seen: " + seen,
                             "see what the coordinator and its workers log");
    }
    ThrowFailure();
  }

  bool Served(int count, Clock::time_point since) const {
    std::string seen;
    return record_.Served(count, since, seen);
  }

  ProbeLog Finish(Deadline deadline) {
    const Clock::time_point asked = Clock::now();
    const int exit_code = helper_.Stop(deadline);
    ThrowFailure();
    const std::optional<ProbeEnded> ended = record_.ended();
    if (exit_code != 0 || !ended) {
      throw EnvironmentError(
          "the probe " + helper_.name() + " died with exit code " + std::to_string(exit_code),
          "see whether its memory limit was too low");
    }
    if (ended->at < asked) {
      throw EnvironmentError("the probe's life was over before the exercise was",
                             "give it a longer longest_life");
    }
    ProbeLog log{record_.Settled(), {ended->worst_lag, ended->p99_lag, ended->left_out}};
    if (log.history.size() != record_.All().size()) {
      throw EnvironmentError("lines of the probe were lost",
                             "look for trouble of the engine's logs");
    }
    return log;
  }

 private:
  static void CheckClock(Clock::time_point started) {
    const Clock::duration age = Clock::now() - started;
    if (age > -kClockDifference && age < kStart + kClockDifference) return;
    throw EnvironmentError("the probe's clock is not the clock of this machine",
                           "run the harness on the machine of the engine");
  }

  void ThrowFailure() const {
    const std::string failure = record_.Failure();
    if (!failure.empty()) {
      throw EnvironmentError("the probe failed: " + failure, "see what it says about the cause");
    }
  }

  ProbeRecord record_;  // outlives the helper's thread, which writes to it
  HelperContainer helper_;
};

RecoveryProbe::RecoveryProbe(const Engine& engine, ProbeOptions options)
    : state_(std::make_unique<State>(engine, options)) {}
RecoveryProbe::~RecoveryProbe() = default;

void RecoveryProbe::AwaitSuccesses(int count, Deadline deadline) {
  state_->AwaitSuccesses(count, deadline);
}

bool RecoveryProbe::Served(int count, Clock::time_point since) const {
  return state_->Served(count, since);
}

ProbeLog RecoveryProbe::Finish(Deadline deadline) { return state_->Finish(deadline); }

}  // namespace proving_ground
