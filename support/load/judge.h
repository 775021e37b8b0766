// From a recording to verdicts: pure functions, no stack needed.
//
// A verdict is passed, failed, or inconclusive when the recording cannot carry it: the run broke
// off, the generator itself was late, there are too few samples. Nothing passes without evidence.
#pragma once

#include <string>
#include <vector>

#include "support/load/recording.h"
#include "support/report/verdict.h"

namespace proving_ground {

// What keeps one worker from counting as complete; empty: nothing.
std::string Shortcoming(const WorkerRecord& worker);

// L-1: at least min_completion of the expected workers registered, were given a task, finished
// every task they were given, and left gracefully.
Verdict JudgeCompletion(const LoadRecording& recording);
// L-2: the same for one team, min_team_completion.
Verdict JudgeTeamCompletion(const LoadRecording& recording, const std::string& team);
// L-3: from the first spawn to the end of clean-up within max_wall_clock.
Verdict JudgeWallClock(const LoadRecording& recording);
// L-4: Redis never left pings unanswered for longer than max_redis_gap.
Verdict JudgeRedisAnswers(const LoadRecording& recording);
// L-5: every finished task left evidence that only doing it could leave.
Verdict JudgeEvidence(const LoadRecording& recording);
// L-6: no accepted task was lost, none finished twice, no outcome stayed unknown.
Verdict JudgeNothingLost(const LoadRecording& recording);
// L-7: the run left no keys, containers or networks behind.
Verdict JudgeResidue(const LoadRecording& recording);
// L-8: memory of every role and the number of keys per finished task do not grow.
Verdict JudgeGrowth(const LoadRecording& recording);
// L-9: teams are served alike: throughput and p99 response time.
Verdict JudgeFairness(const LoadRecording& recording);

// All of them, L-2 once per team.
std::vector<Verdict> JudgeAll(const LoadRecording& recording);

}  // namespace proving_ground
