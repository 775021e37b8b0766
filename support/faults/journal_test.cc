#include "support/faults/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "support/base/files.h"
#include "support/base/poll.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class JournalTest : public ::testing::Test {
 protected:
  std::string Content() const { return ReadFile(path_); }
  void Append(const std::string& text) { std::ofstream(path_, std::ios::app) << text; }
  void Write(const std::string& text) { std::ofstream(path_) << text; }

  TemporaryFolder folder_{"journal"};
  std::filesystem::path path_ = folder_.path() / "state" / "shop.journal";
  std::vector<UndoStep> undo_ = {StartContainer{{"redis", 2}}, UnpauseContainer{{"redis"}}};
};

TEST_F(JournalTest, AnotherProcessFindsWhatIsOpen) {
  {
    Journal journal(path_, "shop");
    journal.Open("kill", "redis", undo_);
    const std::string closed = journal.Open("freeze", "gateway", {});
    journal.Open("crash", "worker", {});
    journal.Close(closed);
  }
  Journal journal(path_, "shop");

  const std::vector<OpenFault> open = journal.OpenFaults();

  ASSERT_THAT(open, SizeIs(2));
  EXPECT_EQ(open[0].name, "kill");
  EXPECT_EQ(open[0].target, "redis");
  ASSERT_THAT(open[0].undo, SizeIs(2));
  EXPECT_EQ(Describe(open[0].undo[0]), "start redis-2");
  EXPECT_EQ(open[1].name, "crash");
  EXPECT_NE(journal.Open("stop", "redis", {}), open[1].id);
}

TEST_F(JournalTest, ShrinksToNothingWhenNothingIsOpen) {
  Journal journal(path_, "shop");
  const std::string first = journal.Open("kill", "redis", undo_);
  const std::string second = journal.Open("kill", "redis", undo_);
  EXPECT_NE(first, second);
  journal.Close(first);
  EXPECT_THAT(Content(), Not(IsEmpty()));
  journal.Close(second);
  journal.Close(second);
  EXPECT_THAT(Content(), IsEmpty());
  journal.Open("kill", "redis", undo_);
  EXPECT_THAT(Content(), HasSubstr("kill"));
}

TEST_F(JournalTest, IsForItsOwnerOnly) {
  const Journal journal(path_, "shop");
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path_).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(JournalTest, OneHarnessAtATime) {
  std::optional<Journal> first(std::in_place, path_, "shop");
  EXPECT_THROW(Journal(path_, "shop"), UsageError);
  std::jthread ends([&](const std::stop_token& stop) {
    PauseUntil(Clock::now() + 50ms, stop);
    first.reset();
  });
  EXPECT_NO_THROW(Journal(path_, "shop", 5s));
}

TEST_F(JournalTest, SaysWhetherAnybodyHoldsIt) {
  EXPECT_FALSE(Journal::Held(path_)) << "there is none";
  {
    const Journal journal(path_, "shop");
    EXPECT_TRUE(Journal::Held(path_));
  }
  EXPECT_FALSE(Journal::Held(path_));
}

TEST_F(JournalTest, ALineCutShortIsAsIfItHadNotBeenWritten) {
  Journal(path_, "shop").Open("kill", "redis", undo_);
  const std::string whole = Content();
  for (size_t kept = 0; kept < whole.size(); kept += 11) {
    Write(whole + whole.substr(0, kept));
    EXPECT_THAT(Journal(path_, "shop").OpenFaults(), SizeIs(1)) << "cut after " << kept;
  }
  EXPECT_EQ(Content(), whole) << "what was cut short is removed";
}

TEST_F(JournalTest, ADamagedRecordIsReportedAndNothingIsObeyed) {
  Journal(path_, "shop").Open("kill", "redis", undo_);
  const std::string whole = Content();
  for (size_t at = 0; at + 1 < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = damaged[at] == '7' ? '8' : '7';
    Write(damaged + whole);
    try {
      const Journal journal(path_, "shop");
      FAIL() << "byte " << at << " is another one, and nobody noticed";
    } catch (const DamagedJournal& error) {
      EXPECT_THAT(error.what(), HasSubstr("line 1 of the undo journal " + path_.string()));
      EXPECT_THAT(error.what(), HasSubstr("bring it up again"));
    }
    EXPECT_EQ(Content(), damaged + whole) << "evidence was destroyed";
  }
}

TEST_F(JournalTest, AnotherProjectsJournalIsNotObeyed) {
  Journal(path_, "shop").Open("kill", "redis", undo_);
  EXPECT_THROW(Journal(path_, "bank"), DamagedJournal);
}

TEST_F(JournalTest, ARemovedFileIsNotWrittenTo) {
  Journal journal(path_, "shop");
  std::filesystem::remove(path_);
  EXPECT_THROW(journal.Open("kill", "redis", undo_), EnvironmentError);
}

TEST_F(JournalTest, SaysWhatItCannotWrite) {
  EXPECT_THROW(Journal("/proc/none/shop.journal", "shop"), EnvironmentError);
}

// A child opens and closes faults as fast as it can and is killed at any moment. It tells through a
// pipe which fault it is about to close and which it has open, so that the journal can be compared.
TEST_F(JournalTest, IsWholeWheneverItsWriterIsKilled) {
  for (int round = 0; round < 40; ++round) {
    std::array<int, 2> ends;
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      Journal journal(path_, "shop");
      for (const OpenFault& left : journal.OpenFaults()) journal.Close(left.id);
      for (;;) {
        const std::string id = journal.Open("kill", "redis", undo_);
        if (::write(ends[1], "+", 1) != 1) ::_exit(1);  // it may be broken from now on
        if (::write(ends[1], "-", 1) != 1) ::_exit(1);  // it is mended
        journal.Close(id);
      }
    }
    ::close(ends[1]);
    char last = ' ';
    for (int count = 0; count <= round && ::read(ends[0], &last, 1) == 1; ++count) {
    }
    PauseUntil(Clock::now() + std::chrono::microseconds(137 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &last, 1) == 1) {
    }
    ::close(ends[0]);
    const Journal journal(path_, "shop");
    ASSERT_LE(journal.OpenFaults().size(), 1U);
    if (last == '+') {
      ASSERT_THAT(journal.OpenFaults(), SizeIs(1)) << "round " << round;
    }
  }
}

TEST(JournalPathTest, FollowsTheEnvironment) {
  ::setenv("PROVING_GROUND_STATE", "/state", 1);
  EXPECT_EQ(Journal::PathFor("shop"), "/state/shop.journal");
  ::unsetenv("PROVING_GROUND_STATE");
  ::setenv("XDG_STATE_HOME", "/xdg", 1);
  EXPECT_EQ(Journal::PathFor("shop"), "/xdg/proving-ground/shop.journal");
  ::unsetenv("XDG_STATE_HOME");
  ::setenv("HOME", "/home/me", 1);
  EXPECT_EQ(Journal::PathFor("shop"), "/home/me/.local/state/proving-ground/shop.journal");
  EXPECT_THROW(Journal::PathFor("../shop"), UsageError);
  EXPECT_THROW(Journal::PathFor(""), UsageError);
}

}  // namespace
}  // namespace proving_ground
