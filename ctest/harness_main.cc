// The steps that CTest runs around the cases, and the report that ends a run.
//
//   harness up     --session=FILE   bring the stack up and leave a session for the cases
//   harness load   --session=FILE   carry out the load run of the session's stack
//   harness audit  --session=FILE   audit the configuration of the session's stack
//   harness down   --session=FILE   take the stack down, with its volumes
//   harness break FAULT --team=TEAM --session=FILE [--hold=SECONDS]   break something, for a while
//   harness secrets PATH… [--json]   search files and folders for secrets; exit code 1: there are
//   harness report RUN_FOLDER   verdict and reports of a run (report_command.h)
//   harness watch RUN_FOLDER    shows what a run does while it goes on (watch_command.h)
//   harness notify RUN_FOLDER, harness digest RUNS   tell people how runs ended (people_commands.h)

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "ctest/people_commands.h"
#include "ctest/report_command.h"
#include "ctest/watch_command.h"
#include "fixtures/audit_exercise.h"
#include "fixtures/fault_bench.h"
#include "fixtures/fault_table.h"
#include "fixtures/load_exercise.h"
#include "fixtures/run_facts.h"
#include "fixtures/running_stack.h"
#include "fixtures/session.h"
#include "fixtures/settings.h"
#include "support/audit/sweep/path_scan.h"
#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/base/interrupt.h"
#include "support/report/events.h"
#include "support/report/outputs.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

// Writes down that a step begins and how it ends. What stopped it is kept in the run folder, where
// the report finds it, and goes on.
template <typename Step>
void Recording(const fs::path& run_folder, const std::string& step, const Step& body) {
  if (run_folder.empty()) return body();
  const RunFolder folder(run_folder);
  const Clock::time_point started = Clock::now();
  const auto ended = [&](int status) {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
    folder.AppendEvent(kStepEnd,
                       {{"step", step}, {"duration_ms", took.count()}, {"exit_status", status}});
    try {
      RewriteJUnit(folder, SourceFolder());
    } catch (const std::exception& error) {
      std::cerr << "writing junit.xml: " << error.what() << '\n';
    }
  };
  folder.AppendEvent(kStepStart, nlohmann::json::object({{"step", step}}));
  try {
    body();
  } catch (const std::exception& error) {
    folder.WriteError(step, ExitStatus(error), error.what());
    ended(ExitStatus(error));
    throw;
  }
  ended(0);
}

Session SessionOrThrow(const fs::path& file) {
  const std::optional<Session> session = ReadSession(file);
  if (!session) {
    throw EnvironmentError("there is no session file " + file.string(),
                           "bring the stack up first: harness up --session=" + file.string());
  }
  return *session;
}

void TakeDownSession(const fs::path& file) {
  const std::optional<Session> session = ReadSession(file);
  if (!session) {
    std::cout << "no session: nothing to take down\n";
    return;
  }
  const Residue residue = RunningStack::Attach(*session)->TakeDown();
  fs::remove(file);
  if (residue.empty()) return;
  // Engines of the 20.10 series lose track of a network in about one teardown of twenty-five: that
  // is no verdict on the stack, and fresh project names keep it from disturbing the next run.
  std::cerr << "left behind: " << ResidueText(residue) << '\n';
  RunFolder(session->run_folder).WriteResidue(ResidueText(residue));
  if (!residue.containers.empty()) {
    throw EnvironmentError("the engine kept " + ResidueText(residue),
                           "remove the containers: docker rm -f NAME");
  }
}

void Up(const fs::path& session_file) {
  fs::path run_folder = ProcessEnvironment("PROVING_GROUND_RUN").value_or("");
  if (run_folder.empty()) run_folder = RunFolder::CreateIn("runs").path();
  Recording(run_folder, "stack.up", [&] {
    Settings settings = SettingsFromEnvironment();
    settings.run_folder = run_folder;
    if (fs::exists(session_file)) TakeDownSession(session_file);  // of a run that was cut off
    const auto stack = RunningStack::BringUp(settings, /*owned=*/false);
    WriteSession(stack->session(), session_file);
    std::cout << "stack " << stack->session().project << " is up, run folder "
              << stack->run_folder().path().string() << std::endl;
  });
}

void Load(const fs::path& session_file) {
  const Session session = SessionOrThrow(session_file);
  Recording(session.run_folder, "load.run", [&] {
    const auto stack = RunningStack::Attach(session);
    RunLoad(*stack);
    RestoreWorkers(*stack);
  });
}

void Audit(const fs::path& session_file) {
  const Session session = SessionOrThrow(session_file);
  Recording(session.run_folder, "security.audit",
            [&] { RunAudit(*RunningStack::Attach(session)); });
}

void Down(const fs::path& session_file) {
  const std::optional<Session> session = ReadSession(session_file);
  const fs::path run_folder = session ? session->run_folder : fs::path();
  Recording(run_folder, "stack.down", [&] { TakeDownSession(session_file); });
}

// Breaks the session's stack until `hold` has passed or a signal comes, and mends it.
void Break(const fs::path& session_file, const std::string& fault, const std::string& team,
           int hold_seconds) {
  const auto stack = RunningStack::Attach(SessionOrThrow(session_file));
  FaultBench bench(*stack);
  for (const std::string& healed : bench.healed_on_the_way_in()) {
    std::cout << "left broken by an earlier run, mended now: " << healed << std::endl;
  }
  const NamedFault& named = FaultByName(fault);
  Outage outage = bench.Break(named.make(*stack, bench.context(), team));
  std::cout << "in effect: " << outage.evidence() << std::endl;
  if (named.held) PauseUntil(Clock::now() + std::chrono::seconds(hold_seconds));
  const InterruptShield shield;  // Ctrl-C ends the fault, not the mending
  outage.Heal();
  if (!outage.AwaitRecovery(Within(std::chrono::minutes(1)))) {
    throw EnvironmentError(
        fmt::format("the stack is not as before: {}", fmt::join(outage.differences(), "; ")),
        "see the logs of the services");
  }
  std::cout << "over" << std::endl;
}

int Secrets(const std::vector<fs::path>& paths, bool json) {
  const PathScan scan = ScanPaths(paths, SecretDetector());
  std::cout << (json ? ToJson(scan).dump(2) + "\n" : PathScanText(scan)) << std::flush;
  if (!scan.detections.empty()) return static_cast<int>(ExitCode::kCriterionFailed);
  return static_cast<int>(scan.skipped.empty() ? ExitCode::kProven : ExitCode::kInconclusive);
}

int Run(int argc, char** argv) {
  CLI::App app("Steps around the cases of Proving Ground");
  app.require_subcommand(1);
  fs::path session_file;
  const auto step = [&](const char* name, const char* what) {
    CLI::App* command = app.add_subcommand(name, what);
    command->add_option("--session", session_file, "session file")->required();
    return command;
  };
  CLI::App* up = step("up", "bring the stack up and write a session file");
  CLI::App* load = step("load", "carry out the load run");
  CLI::App* audit = step("audit", "audit the configuration of the stack");
  CLI::App* down = step("down", "take the stack of the session down");
  CLI::App* break_command = step("break", "break something of the stack, for a while");
  std::string fault;
  std::string team;
  int hold_seconds = 60;
  break_command->add_option("fault", fault, "what: see the README")->required();
  break_command->add_option("--team", team, "whose coordinator or workers")->required();
  break_command->add_option("--hold", hold_seconds, "for how many seconds")
      ->check(CLI::Range(1, 3600));
  CLI::App* secrets = app.add_subcommand("secrets", "search files and folders for secrets");
  std::vector<fs::path> paths;
  bool json = false;
  secrets->add_option("paths", paths, "files and folders")->required();
  secrets->add_flag("--json", json, "print JSON instead of lines");
  int status = 0;
  AddReportCommand(app, status);
  AddWatchCommand(app);
  AddPeopleCommands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }

  if (secrets->parsed()) return Secrets(paths, json);
  if (up->parsed()) Up(session_file);
  if (load->parsed()) Load(session_file);
  if (audit->parsed()) Audit(session_file);
  if (down->parsed()) Down(session_file);
  if (break_command->parsed()) Break(session_file, fault, team, hold_seconds);
  return status;
}

}  // namespace
}  // namespace proving_ground

int main(int argc, char** argv) {
  proving_ground::InstallInterruptHandlers();
  try {
    return proving_ground::Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return proving_ground::ExitStatus(error);
  }
}
