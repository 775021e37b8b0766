#include "support/load/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/load/hand_made_recording.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

LoadStatus Status() {
  const LoadRecording recording = HandMadeRecording();
  LoadStatus status;
  status.phase = "load";
  status.elapsed = 12'345ms;
  status.duration = 20s;
  for (const std::string& team : recording.teams) {
    status.teams.push_back(MakeTeamStatus(team, 2, recording.ledger, 20));
  }
  status.resources = recording.samples.back();
  return status;
}

TEST(ProgressTest, TableHasALinePerTeamAndOneForResources) {
  const std::string table = RenderTable(Status());

  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 5) << table;
  EXPECT_THAT(table, HasSubstr("load 12/20 s\n"));
  EXPECT_THAT(table, HasSubstr("team      workers queued running  done failed"));
  EXPECT_THAT(table, HasSubstr("marketing       2      0       0    20      0       0       0"
                               "    30.0 ms    30.0 ms\n"));
  EXPECT_THAT(table, HasSubstr("worker 20.0 MiB"));
  EXPECT_THAT(table, HasSubstr("redis 2.0 MiB, keys 40, ping 0.3 ms"));
}

TEST(ProgressTest, LineSumsTheTeams) {
  const std::string line = RenderLine(Status());

  EXPECT_THAT(line, HasSubstr("load 12/20 s: 4 workers, 0 queued, 0 running, 40 of 40 done, "
                              "0 failed, p99 30.0 ms"));
  EXPECT_THAT(line, Not(HasSubstr("\n")));
}

TEST(ProgressTest, WhatIsNotKnownIsADash) {
  LoadStatus status;
  status.phase = "spawn";
  status.teams.push_back({"sales", 0, {}, {}, {}});

  EXPECT_THAT(RenderTable(status), HasSubstr("-          -\n"));
  EXPECT_THAT(RenderLine(status), HasSubstr("p99 - | memory - | redis -, keys -, ping -"));
}

TEST(ProgressTest, UnitsFitTheSize) {
  EXPECT_EQ(LatencyText(999us), "1.0 ms");
  EXPECT_EQ(LatencyText(1'250'000us), "1.25 s");
  EXPECT_EQ(LatencyText(std::nullopt), "-");
  EXPECT_EQ(BytesText(512), "0.5 KiB");
  EXPECT_EQ(BytesText(3.0 * 1024 * 1024), "3.0 MiB");
}

}  // namespace
}  // namespace proving_ground
