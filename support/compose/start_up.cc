#include "support/compose/start_up.h"

#include <map>
#include <optional>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

// A health check that runs at least this often is worth waiting for.
constexpr std::chrono::seconds kFastHealthCheck{10};
// A service may crash while what it depends on is not up yet; after so many restarts it will not
// heal.
constexpr int kMaxRestarts = 3;
// A container that was restarted counts as up once it has stayed up for this long.
constexpr std::chrono::seconds kSettle{3};
constexpr int kLogLines = 20;
constexpr int kNamedInProgress = 5;

// Between two runs of a health check that did not pass: each costs a tenth of a second.
constexpr std::chrono::milliseconds kCheckPause{500};

// A container with a health check that has not passed yet, as far as the engine knows.
struct Checked {
  ContainerDetails details;
  bool passed = false;  // from here
  Clock::time_point next{};
};

// What to think of one container.
struct Judgement {
  bool up = false;
  bool failed = false;
  std::string note;  // why it is not up
};

Judgement Up() { return {.up = true}; }
Judgement Pending(std::string note) { return {.note = std::move(note)}; }
Judgement Failed(std::string note) { return {.failed = true, .note = std::move(note)}; }

Judgement JudgeEnded(const ContainerDetails& details) {
  if (details.exit_code == 0 && details.error.empty() &&
      (details.restart_policy == "no" || details.restart_policy == "on-failure")) {
    return Up();  // a one-shot container that did its work
  }
  std::string note = "exited with code " + std::to_string(details.exit_code);
  if (details.out_of_memory) note += " (out of memory)";
  if (!details.error.empty()) note += " (" + details.error + ")";
  return Failed(std::move(note));
}

Judgement JudgeRestarts(const ContainerDetails& details) {
  const std::string note = "was restarted " + std::to_string(details.restart_count) +
                           " times, last with exit code " + std::to_string(details.exit_code);
  const bool settled = details.state == ContainerState::kRunning &&
                       std::chrono::system_clock::now() - details.started_at >= kSettle;
  if (settled) return Up();
  return details.restart_count >= kMaxRestarts ? Failed(note) : Pending(note);
}

// Looks at all containers of a project, again and again.
class StartUp {
 public:
  StartUp(const Engine& engine, std::string project)
      : engine_(engine), project_(std::move(project)) {}

  // True when all are up; else `seen` says how many are and what the others do.
  bool Look(std::string& seen) {
    const std::vector<ContainerSummary> containers =
        engine_.ListContainers({{kProjectLabel, project_}, {kOneOffLabel, "False"}});
    if (containers.empty()) {
      throw EnvironmentError("project " + project_ + " has no containers", "bring it up first");
    }
    if (!AllUp(containers, seen, [this](const auto& summary) { return Judge(summary); })) {
      return false;
    }
    // The list does not tell restarts, so the last word is a look at each.
    return AllUp(containers, seen, [this](const auto& summary) {
      const ContainerDetails details = engine_.InspectContainer(summary.id);
      return details.restart_count > 0 ? JudgeRestarts(details) : Up();
    });
  }

  std::string LastLines(const ContainerSummary& container) const {
    const Output output = engine_.Logs(container.id, {.tail = kLogLines});
    const std::string lines = output.standard_error + output.standard_output;
    return lines.empty() ? "it wrote nothing" : "its last lines:\n" + lines;
  }

  Judgement Judge(const ContainerSummary& summary) {
    switch (summary.state) {
      case ContainerState::kRunning:
        return JudgeRunning(summary);
      case ContainerState::kRestarting:
        return JudgeRestarts(engine_.InspectContainer(summary.id));
      case ContainerState::kExited:
      case ContainerState::kDead:
        return JudgeEnded(engine_.InspectContainer(summary.id));
      default:
        return Pending(std::string(StateName(summary.state)));
    }
  }

 private:
  template <typename JudgeOne>
  bool AllUp(const std::vector<ContainerSummary>& containers, std::string& seen,
             JudgeOne judge_one) {
    int up = 0;
    int named = 0;
    std::string others;
    for (const ContainerSummary& container : containers) {
      const Judgement judgement = judge_one(container);
      if (judgement.failed) {
        throw EnvironmentError("container " + container.name + " " + judgement.note,
                               LastLines(container));
      }
      if (judgement.up) {
        ++up;
      } else if (++named <= kNamedInProgress) {
        others += ", " + container.name + " " + judgement.note;
      }
    }
    seen = std::to_string(up) + " of " + std::to_string(containers.size()) + " up" + others;
    return up == static_cast<int>(containers.size());
  }

  Judgement JudgeRunning(const ContainerSummary& summary) {
    if (summary.health == Health::kNone || summary.health == Health::kHealthy) return Up();
    auto known = checked_.find(summary.id);
    if (known == checked_.end()) {
      known = checked_.emplace(summary.id, Checked{engine_.InspectContainer(summary.id)}).first;
    }
    Checked& checked = known->second;
    if (checked.details.health_interval > kFastHealthCheck) return Up();
    if (summary.health == Health::kStarting && Passes(summary.id, checked)) return Up();
    return Pending("health " + std::string(HealthName(summary.health)));
  }

  // The engine runs a health check for the first time when its interval is over. Until then it is
  // run from here, so that nobody waits for a service that serves.
  bool Passes(const std::string& id, Checked& checked) {
    if (checked.passed || checked.details.health_command.empty()) return checked.passed;
    if (Clock::now() < checked.next) return false;
    try {
      const ExecResult result = engine_.Exec(id, checked.details.health_command,
                                             {.timeout = checked.details.health_timeout});
      checked.passed = result.exit_code == 0;
    } catch (const EnvironmentError&) {
      // It ended meanwhile, or took too long: what the engine says of it counts.
    }
    checked.next = Clock::now() + kCheckPause;
    return checked.passed;
  }

  const Engine& engine_;
  std::string project_;
  std::map<std::string, Checked> checked_;  // by container id
};

}  // namespace

void AwaitContainersUp(const Engine& engine, const std::string& project, Deadline deadline) {
  StartUp start_up(engine, project);
  Await("all containers of " + project + " to be up", deadline,
        [&](std::string& seen) { return start_up.Look(seen); },
        {.fastest = std::chrono::milliseconds(50), .slowest = std::chrono::milliseconds(250)});
}

std::string DescribeFailed(const Engine& engine, const std::string& project) {
  StartUp start_up(engine, project);
  std::string text;
  for (const ContainerSummary& container :
       engine.ListContainers({{kProjectLabel, project}, {kOneOffLabel, "False"}})) {
    const Judgement judgement = start_up.Judge(container);
    if (!judgement.failed) continue;
    text += (text.empty() ? "" : "\n") + ("container " + container.name) + " " + judgement.note +
            ", " + start_up.LastLines(container);
  }
  return text;
}

}  // namespace proving_ground
