// The probe against a coordinator of the test's own on loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"
#include "support/base/files.h"
#include "support/compose/command.h"
#include "support/faults/downtime.h"
#include "support/faults/probe/probe_record.h"
#include "support/faults/probe/probe_run.h"
#include "support/faults/probe/testing/fake_coordinator.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr auto kTask = OperationKind::kTask;
constexpr auto kWrite = OperationKind::kWrite;
constexpr auto kOk = OperationOutcome::kOk;
constexpr auto kFailed = OperationOutcome::kFailed;
constexpr auto kUnknown = OperationOutcome::kUnknown;
constexpr auto kPrefix = "run-1";

using Mode = FakeCoordinator::Mode;

ProbeConfig ConfigFor(int port) {
  ProbeConfig config;
  config.coordinator = {"coordinator", port};
  config.id_prefix = kPrefix;
  config.steps = {{{"think_ms", 1}}};
  config.every = milliseconds(10);
  config.patience = milliseconds(1'000);
  config.drain = milliseconds(5'000);
  config.longest_life = milliseconds(60'000);
  config.writes = ProbeWrites{{"gateway", port}, "/mcp", "s3cret", milliseconds(50)};
  return config;
}

using Addresses = std::vector<std::string>;

// Every name stands for what `addresses` says at the time.
MakeLookup Named(std::function<Addresses()> addresses) {
  return [addresses](const std::string&) { return addresses; };
}

Addresses Loopback() { return {"127.0.0.1"}; }

// A probe on a thread, and what it wrote.
class RunningProbe {
 public:
  explicit RunningProbe(ProbeConfig config, MakeLookup make_lookup = Named(Loopback))
      : record_(config.id_prefix), stop_(::eventfd(0, EFD_CLOEXEC)) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw SystemError("cannot make a pipe", errno);
    read_end_ = FileDescriptor(ends[0]);
    reader_ = std::jthread([this] { Read(); });
    runner_ = std::jthread([this, config, make_lookup, output = ends[1]] {
      ProbeRun(config, make_lookup, output).Execute(stop_.get());
      ::close(output);
    });
  }

  ProbeRecord& record() { return record_; }

  void AwaitServed(int count) {
    const Clock::time_point since = Clock::now();
    Await("tasks to be served", Within(seconds(20)),
          [&](std::string& seen) { return record_.Served(count, since, seen); });
  }
  void AskToEnd() { ::eventfd_write(stop_.get(), 1); }
  // Everything, once it has ended.
  History Finish() {
    AskToEnd();
    if (runner_.joinable()) runner_.join();
    if (reader_.joinable()) reader_.join();
    EXPECT_TRUE(record_.ended().has_value());
    EXPECT_THAT(record_.Failure(), IsEmpty());
    EXPECT_THAT(record_.All(), SizeIs(record_.Settled().size())) << "nothing may be missing";
    return record_.All();
  }

 private:
  void Read() {
    std::string text;
    std::array<char, 4'096> chunk{};
    for (ssize_t size = 0; (size = ::read(read_end_.get(), chunk.data(), chunk.size())) > 0;) {
      text.append(chunk.data(), static_cast<std::size_t>(size));
      for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos;) {
        record_.Add(std::string_view(text).substr(0, end));
        text.erase(0, end + 1);
      }
    }
    EXPECT_THAT(text, IsEmpty()) << "a line without an end";
  }

  ProbeRecord record_;
  FileDescriptor stop_;
  FileDescriptor read_end_;
  std::jthread reader_;
  std::jthread runner_;
};

std::vector<Operation> Of(const History& history, OperationKind kind, OperationOutcome outcome) {
  std::vector<Operation> chosen;
  for (const Operation& operation : history) {
    if (operation.kind == kind && operation.outcome == outcome) chosen.push_back(operation);
  }
  return chosen;
}

std::vector<Operation> IssuedWithin(const History& history, Clock::time_point from,
                                    Clock::time_point until) {
  std::vector<Operation> chosen;
  for (const Operation& operation : history) {
    if (operation.issued >= from && operation.issued < until) chosen.push_back(operation);
  }
  return chosen;
}

auto HasOutcome(OperationOutcome outcome) { return Field(&Operation::outcome, outcome); }

TEST(ProbeProgramTest, SubmitsWritesAndSeesTasksFinish) {
  FakeCoordinator stack;
  RunningProbe probe(ConfigFor(stack.port()));
  probe.AwaitServed(100);
  const History history = probe.Finish();

  EXPECT_THAT(history, Each(HasOutcome(kOk)));
  const auto tasks = Of(history, kTask, kOk);
  EXPECT_GE(tasks.size(), 100U);
  EXPECT_THAT(tasks, Each(AllOf(Field(&Operation::status, 202),
                                Field(&Operation::finished, ::testing::Ne(std::nullopt)),
                                Field(&Operation::worker, "worker-1"))));
  const auto writes = Of(history, kWrite, kOk);
  EXPECT_GE(writes.size(), tasks.size() / 5 - 3);
  EXPECT_LE(writes.size(), tasks.size() / 5 + 3);
  const auto received = stack.Received();
  EXPECT_EQ(received.size(), history.size());
  for (const auto& [id, times] : received) EXPECT_EQ(times, 1) << id;
}

TEST(ProbeProgramTest, AStackThatIsDownRefusesAndIsFoundAgain) {
  FakeCoordinator stack;
  RunningProbe probe(ConfigFor(stack.port()));
  probe.AwaitServed(30);
  const Clock::time_point down = stack.Set(Mode::kDown);
  PauseUntil(down + milliseconds(500));
  const Clock::time_point up = stack.Set(Mode::kServing);
  probe.AwaitServed(30);
  const History history = probe.Finish();

  const auto during = IssuedWithin(history, down + milliseconds(5), up - milliseconds(5));
  EXPECT_THAT(during, Not(IsEmpty()));
  EXPECT_THAT(during, Each(AllOf(HasOutcome(kFailed), Field(&Operation::status, 0),
                                 Field(&Operation::reason, Not(IsEmpty())))));
  const auto downtimes = Downtimes(history, kTask, down, up, {});
  ASSERT_THAT(downtimes, SizeIs(1));
  ASSERT_TRUE(downtimes[0].ended.has_value());
  const auto error = (*downtimes[0].ended - downtimes[0].began) - (up - down);
  RecordProperty("error_us", static_cast<int>(error / std::chrono::microseconds(1)));
  EXPECT_LT(std::chrono::abs(error), milliseconds(100)) << "tolerant: the machine may be busy";
  for (const auto& [id, times] : stack.Received()) EXPECT_EQ(times, 1) << id;
}

TEST(ProbeProgramTest, AStackThatHangsLeavesOperationsUnknownAndConnectionsBounded) {
  FakeCoordinator stack;
  ProbeConfig config = ConfigFor(stack.port());
  config.patience = milliseconds(300);
  RunningProbe probe(config);
  probe.AwaitServed(30);
  const Clock::time_point hung = stack.Set(Mode::kHanging);
  int most_connections = 0;
  while (PauseUntil(Clock::now() + milliseconds(20)) && Clock::now() < hung + milliseconds(1'500)) {
    most_connections = std::max(most_connections, stack.open_connections());
  }
  const Clock::time_point back = stack.Set(Mode::kServing);
  probe.AwaitServed(30);
  const History history = probe.Finish();

  const auto during = IssuedWithin(history, hung, back - milliseconds(300));
  EXPECT_GE(during.size(), 100U) << "a stack that hangs must not slow the probe down";
  EXPECT_THAT(during, Each(HasOutcome(kUnknown)));
  for (const Operation& operation : during) {
    EXPECT_GE(operation.settled - operation.issued, milliseconds(299)) << operation.id;
  }
  // 30 tasks and 6 writes fit into the patience, and one long poll; the same again for slack.
  EXPECT_LE(most_connections, 75);
  EXPECT_THAT(Of(history, kTask, kFailed), IsEmpty());
}

TEST(ProbeProgramTest, WhatIsAnsweredWithinThePatienceIsServed) {
  FakeCoordinator stack;
  RunningProbe probe(ConfigFor(stack.port()));
  probe.AwaitServed(30);
  const Clock::time_point hung = stack.Set(Mode::kHanging);
  PauseUntil(hung + milliseconds(300));
  const Clock::time_point back = stack.Set(Mode::kServing);
  probe.AwaitServed(30);
  const auto during = IssuedWithin(probe.Finish(), hung + milliseconds(1), back);
  EXPECT_THAT(during, Not(IsEmpty()));
  EXPECT_THAT(during,
              Each(AllOf(HasOutcome(kOk), Field(&Operation::settled, ::testing::Ge(back)))));
}

TEST(ProbeProgramTest, ARefusalIsAFailure) {
  FakeCoordinator stack;
  RunningProbe probe(ConfigFor(stack.port()));
  probe.AwaitServed(30);
  const Clock::time_point refusing = stack.Set(Mode::kRefusing);
  PauseUntil(refusing + milliseconds(200));
  const Clock::time_point back = stack.Set(Mode::kServing);
  probe.AwaitServed(30);
  const auto during =
      IssuedWithin(probe.Finish(), refusing + milliseconds(1), back - milliseconds(20));
  EXPECT_THAT(during, Not(IsEmpty()));
  EXPECT_THAT(during, Each(AllOf(HasOutcome(kFailed), Field(&Operation::status, 503),
                                 Field(&Operation::reason, HasSubstr("503")))));
}

// The connection breaks after the task was taken: libcurl, left to itself, would send it again.
TEST(ProbeProgramTest, NothingIsSentTwice) {
  FakeCoordinator stack;
  RunningProbe probe(ConfigFor(stack.port()));
  probe.AwaitServed(30);
  const Clock::time_point forgetful = stack.Set(Mode::kForgetful);
  PauseUntil(forgetful + milliseconds(300));
  const Clock::time_point back = stack.Set(Mode::kServing);
  probe.AwaitServed(30);
  const History history = probe.Finish();

  std::vector<Operation> tasks =
      IssuedWithin(history, forgetful + milliseconds(1), back - milliseconds(20));
  std::erase_if(tasks, [](const Operation& operation) { return operation.kind == kWrite; });
  EXPECT_THAT(tasks, Not(IsEmpty()));
  EXPECT_THAT(tasks, Each(AllOf(HasOutcome(kUnknown),
                                Field(&Operation::finished, ::testing::Ne(std::nullopt)))))
      << "events settle what answers leave open";
  for (const auto& [id, times] : stack.Received()) EXPECT_EQ(times, 1) << id;
}

TEST(ProbeProgramTest, AnAddressThatChangesIsFollowed) {
  FakeCoordinator first("127.0.0.1");
  FakeCoordinator second("127.0.0.2", first.port());
  ProbeConfig config = ConfigFor(first.port());
  config.drain = milliseconds(300);  // the first takes with it what it had accepted
  std::atomic<bool> moved = false;
  RunningProbe probe(config, Named([&] { return Addresses{moved ? "127.0.0.2" : "127.0.0.1"}; }));
  probe.AwaitServed(30);
  // Like a container that is cut off: connections stay, and nothing answers on them.
  const Clock::time_point cut = first.Set(Mode::kHanging);
  PauseUntil(cut + milliseconds(200));
  const std::size_t before = second.Received().size();
  moved = true;
  const Clock::time_point moved_at = Clock::now();
  probe.AwaitServed(30);
  const History history = probe.Finish();

  EXPECT_EQ(before, 0U);
  const auto after = IssuedWithin(history, moved_at + milliseconds(200), Clock::now());
  EXPECT_THAT(after, Not(IsEmpty()));
  EXPECT_THAT(after, Each(HasOutcome(kOk))) << "kept connections lead to the old address";
}

TEST(ProbeProgramTest, AnUnknownNameIsAFailureNotAnEnd) {
  FakeCoordinator stack;
  std::atomic<bool> known = false;
  RunningProbe probe(ConfigFor(stack.port()),
                     Named([&] { return known ? Loopback() : Addresses{}; }));
  Await("failures", Within(seconds(10)), [&] { return probe.record().All().size() > 20; });
  known = true;
  probe.AwaitServed(30);
  const History history = probe.Finish();
  EXPECT_EQ(history.front().outcome, kFailed);
  EXPECT_THAT(history.front().reason, HasSubstr("no address is known of coordinator"));
}

TEST(ProbeProgramTest, AtTheEndAcceptedTasksAreWaitedFor) {
  FakeCoordinator stack("127.0.0.1", 0, milliseconds(400));
  RunningProbe probe(ConfigFor(stack.port()));
  Await("operations", Within(seconds(10)), [&] { return probe.record().All().size() > 20; });
  const History history = probe.Finish();
  EXPECT_THAT(Of(history, kTask, kOk),
              Each(Field(&Operation::finished, ::testing::Ne(std::nullopt))));
}

TEST(ProbeProgramTest, TheWaitAtTheEndIsBounded) {
  FakeCoordinator stack("127.0.0.1", 0, milliseconds(60'000));
  ProbeConfig config = ConfigFor(stack.port());
  config.drain = milliseconds(300);
  RunningProbe probe(config);
  Await("operations", Within(seconds(10)), [&] { return probe.record().All().size() > 20; });
  const Clock::time_point asked = Clock::now();
  const History history = probe.Finish();
  EXPECT_GE(Clock::now() - asked, milliseconds(300));
  EXPECT_LT(Clock::now() - asked, seconds(10));
  EXPECT_THAT(history, Each(Field(&Operation::finished, std::nullopt)));
}

TEST(ProbeProgramTest, ItsLifeIsBounded) {
  FakeCoordinator stack;
  ProbeConfig config = ConfigFor(stack.port());
  config.patience = milliseconds(200);
  config.longest_life = milliseconds(700);
  RunningProbe probe(config);
  Await("its end", Within(seconds(10)), [&] { return probe.record().ended().has_value(); });
  EXPECT_THAT(probe.Finish(), Each(HasOutcome(kOk)));
}

// The program as a process, as the engine runs it.
TEST(ProbeProgramTest, EndsInGoodOrderWhenAsked) {
  FakeCoordinator stack;
  ProbeConfig config = ConfigFor(stack.port());
  config.coordinator.host = "127.0.0.1";
  config.writes->gateway.host = "127.0.0.1";
  const TemporaryFolder folder("probe");
  WriteFileAtomically(folder.path() / "config", ToJson(config).dump(), 0600);
  // `timeout` sends SIGTERM after a second and passes on how the program ended. Without
  // --foreground it would send another to the whole group, and the second ends the program at once.
  const CommandResult result = RunCommand({{"timeout", "--foreground", "--preserve-status", "1",
                                            PROBE_PROGRAM, folder.path() / "config"}},
                                          Within(seconds(30)));
  EXPECT_EQ(result.exit_code, 0) << result.standard_output;
  EXPECT_THAT(result.standard_error, IsEmpty());
  EXPECT_THAT(result.standard_output, AllOf(HasSubstr("\"started\""), HasSubstr("\"finished\""),
                                            HasSubstr("\"ended\""), Not(HasSubstr("s3cret"))));
}

TEST(ProbeProgramTest, SaysWhatIsWrongButNotTheToken) {
  const TemporaryFolder folder("probe");
  WriteFileAtomically(folder.path() / "config", R"({"writes": {"token": "s3cret"}, )", 0600);
  const CommandResult result =
      RunCommand({{PROBE_PROGRAM, folder.path() / "config"}}, Within(seconds(10)));
  EXPECT_EQ(result.exit_code, static_cast<int>(ExitCode::kUsage));
  EXPECT_THAT(result.standard_output, AllOf(HasSubstr("\"error\""), Not(HasSubstr("s3cret"))));
}

}  // namespace
}  // namespace proving_ground
