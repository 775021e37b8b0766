#include "support/compose/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/base/interrupt.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

CommandResult Shell(const std::string& script, Deadline deadline = Within(seconds(20))) {
  return RunCommand({.arguments = {"sh", "-c", script}}, deadline);
}

TEST(CommandTest, CapturesBothOutputsAndTheExitCode) {
  const CommandResult result = Shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.standard_output, "out\n");
  EXPECT_EQ(result.standard_error, "err\n");
  EXPECT_EQ(Shell("kill -9 $$").exit_code, 137);
}

TEST(CommandTest, PassesArgumentsVerbatimAndMoreOutputThanAPipeHolds) {
  const CommandResult result =
      RunCommand({.arguments = {"printf", "%s", "a b; $HOME 'c'"}}, Within(seconds(20)));
  EXPECT_EQ(result.standard_output, "a b; $HOME 'c'");
  EXPECT_EQ(Shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2").standard_error.size(),
            300000U);
}

TEST(CommandTest, RunsInTheFolderWithTheVariablesGiven) {
  const TemporaryFolder folder("command");
  const CommandResult result = RunCommand({.arguments = {"sh", "-c", "pwd; echo $FLAVOUR; cat"},
                                           .environment = {{"FLAVOUR", "vanilla"}},
                                           .folder = folder.path()},
                                          Within(seconds(20)));
  EXPECT_EQ(result.standard_output, folder.path().string() + "\nvanilla\n")
      << "standard input must be empty";
}

TEST(CommandTest, AMissingProgramIsNamed) {
  try {
    RunCommand({.arguments = {"pg-no-such-program"}}, Within(seconds(20)));
    FAIL() << "there is no such program";
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no program 'pg-no-such-program' in PATH"));
  }
  EXPECT_THROW(RunCommand({.arguments = {"/nonexistent/program"}}, Within(seconds(20))),
               EnvironmentError);
}

TEST(CommandTest, TheDeadlineEndsTheCommandAndItsChildren) {
  const TemporaryFolder folder("command");
  const std::string pid_file = (folder.path() / "pid").string();
  const Clock::time_point started = Clock::now();
  try {
    Shell("sleep 600 & echo $! > " + pid_file + "; echo busy >&2; wait", Within(milliseconds(500)));
    FAIL() << "did not end it";
  } catch (const DeadlineExceeded& error) {
    EXPECT_THAT(error.what(), HasSubstr("it wrote to standard error: busy"));
  }
  EXPECT_LT(Clock::now() - started, seconds(15));
  const pid_t child = std::atoi(ReadFile(pid_file).c_str());
  ASSERT_GT(child, 0);
  // Ended but not yet collected by its new parent, process 1, counts as gone.
  Await("the child to be gone", Within(seconds(10)), [&] {
    std::ifstream status("/proc/" + std::to_string(child) + "/stat");
    std::string text;
    return !std::getline(status, text) || text.find(") Z ") != std::string::npos;
  });
}

TEST(CommandTest, ASignalEndsTheCommandAndIsReported) {
  EXPECT_EXIT(
      {
        InstallInterruptHandlers();
        try {
          Shell("kill -TERM $PPID; sleep 600");
        } catch (const Interrupted& interrupted) {
          std::exit(ExitStatus(interrupted));
        }
      },
      ::testing::ExitedWithCode(128 + SIGTERM), "");
}

// Each pipe belongs to its own command: a slow one started meanwhile must not hold it open.
TEST(CommandTest, ConcurrentCommandsDoNotWaitForEachOther) {
  std::vector<std::jthread> slow;
  for (int count = 0; count < 4; ++count) slow.emplace_back([] { Shell("sleep 2"); });
  const Clock::time_point started = Clock::now();
  for (int count = 0; count < 10; ++count)
    EXPECT_EQ(Shell("echo quick").standard_output, "quick\n");
  EXPECT_LT(Clock::now() - started, milliseconds(1800));
}

}  // namespace
}  // namespace proving_ground
