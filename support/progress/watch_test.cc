#include "support/progress/watch.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <future>
#include <regex>

#include "support/base/files.h"
#include "support/report/run_folder.h"
#include "support/report/testing/sample_run.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Reads until the other end is closed: a pseudo terminal tells that by an error.
std::string ReadAll(int descriptor) {
  std::string text;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t count = ::read(descriptor, part.data(), part.size());
    if (count <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  ::close(descriptor);
  return text;
}

// What a terminal of that width is sent.
std::string OnTerminal(WatchOptions options, unsigned short columns) {
  int ours = -1;
  winsize size{.ws_row = 24, .ws_col = columns};
  if (::openpty(&ours, &options.descriptor, nullptr, nullptr, &size) != 0) return "no terminal";
  auto text = std::async(std::launch::async, [ours] { return ReadAll(ours); });
  options.live = true;
  Watch(options);
  ::close(options.descriptor);
  return text.get();
}

std::string InFile(WatchOptions options) {
  const TemporaryFolder folder("watch-output");
  const auto file = folder.path() / "output";
  options.descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  Watch(options);
  ::close(options.descriptor);
  return ReadFile(file);
}

// Of a process that has ended.
pid_t EndedProcess() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

std::size_t CountOfLinesWith(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

class WatchTest : public testing::Test {
 protected:
  WatchOptions Options(const RunFolder& folder) {
    return {.run_folder = folder.path(), .look_every = 1ms};
  }

  TemporaryFolder folder_{"watch-test"};
};

TEST_F(WatchTest, ATerminalGetsAFrameThatIsDrawnOverItselfAndIsGivenBack) {
  const std::string text = OnTerminal(Options(MakeGoodRun(folder_.path())), 80);

  EXPECT_THAT(text, StartsWith("\x1b[?25l\x1b[?7l"));
  EXPECT_THAT(text, HasSubstr("L-1 passed after 1.5 s\r"));
  EXPECT_THAT(text, ContainsRegex("judged    \\[#+\\]  ([0-9]+) of "));
  EXPECT_THAT(text, ContainsRegex("\x1b\\[[0-9]+A\r\x1b\\[J\x1b\\[\\?7h\x1b\\[\\?25h$"));
}

TEST_F(WatchTest, WithoutColourATerminalGetsNone) {
  const std::regex colour("\x1b\\[[0-9;]*m");
  WatchOptions options = Options(MakeSampleRun(folder_.path()));
  options.process = EndedProcess();
  EXPECT_FALSE(std::regex_search(OnTerminal(options, 80), colour));
  options.colour = true;
  EXPECT_TRUE(std::regex_search(OnTerminal(options, 80), colour));
}

TEST_F(WatchTest, LinesThatStayAreCutToTheTerminal) {
  WatchOptions options = Options(MakeSampleRun(folder_.path()));
  options.process = EndedProcess();
  EXPECT_THAT(OnTerminal(options, 80),
              HasSubstr("F-1 sales failed after 1.5 s: service was away for"));
  EXPECT_THAT(OnTerminal(options, 30), HasSubstr("F-1 sales failed aft…\r\n"));
}

TEST_F(WatchTest, ALogGetsALineForEachEventAndNoEscapes) {
  WatchOptions options = Options(MakeSampleRun(folder_.path()));
  options.process = EndedProcess();
  const std::string text = InFile(options);

  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("    0 s  stack.up begins\n"));
  EXPECT_THAT(text, HasSubstr("  F-1 sales failed after 1.5 s: service was away for 31.2 s\n"));
  EXPECT_THAT(text, EndsWith("  fault: crash of sales-coordinator\n"));
  EXPECT_EQ(CountOfLinesWith(text, "F-1 sales failed"), 1);
}

TEST_F(WatchTest, ALogHearsTheStatusNowAndThen) {
  WatchOptions options = Options(MakeSampleRun(folder_.path()));
  options.status_every = 50ms;
  options.give_up_after = 1s;
  const std::string text = InFile(options);
  const std::size_t told = CountOfLinesWith(text, "  F-2 sales runs for ");
  EXPECT_GE(told, 2);
  EXPECT_LE(told, 21);
  EXPECT_THAT(text, ContainsRegex("crash of sales-coordinator injected; [0-9]+ of [0-9]+ judged"));
}

TEST_F(WatchTest, NoSecretIsShown) {
  const RunFolder folder(folder_.path());
  folder.WriteError("stack.up", 4, std::string("token ") + kSampleSecret);
  WatchOptions options = Options(folder);
  options.process = EndedProcess();
  const std::string text = InFile(options);
  EXPECT_THAT(text, HasSubstr("stack.up: token "));
  EXPECT_THAT(text, Not(HasSubstr(kSampleSecret)));
}

TEST_F(WatchTest, EndsWithAProcessThoughNobodyTookNoticeOfItsEnd) {
  WatchOptions options = Options(MakeSampleRun(folder_.path()));
  options.process = ::fork();
  if (options.process == 0) ::_exit(0);
  options.give_up_after = 10s;
  const auto begin = std::chrono::steady_clock::now();
  InFile(options);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  ::waitpid(options.process, nullptr, 0);
}

TEST_F(WatchTest, EndsWhenNobodyReads) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  ::close(pipe[0]);
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  WatchOptions options = Options(MakeSampleRun(folder_.path()));
  options.descriptor = pipe[1];
  Watch(options);  // would go on for half an hour
  ::close(pipe[1]);
  ::signal(SIGPIPE, before);
}

TEST(OutputTest, ALiveViewIsForPeopleAtTerminals) {
  EXPECT_TRUE(WantsLiveView({.terminal = true, .term = "xterm"}));
  EXPECT_FALSE(WantsLiveView({.terminal = false, .term = "xterm"}));
  EXPECT_FALSE(WantsLiveView({.terminal = true, .ci = "true", .term = "xterm"}));
  EXPECT_FALSE(WantsLiveView({.terminal = true, .term = "dumb"}));
  EXPECT_FALSE(WantsLiveView({.terminal = true}));
  EXPECT_TRUE(WantsColour({.terminal = true}));
  EXPECT_FALSE(WantsColour({.terminal = true, .no_color = "1"}));
  EXPECT_FALSE(WantsColour({.terminal = false}));
}

}  // namespace
}  // namespace proving_ground
