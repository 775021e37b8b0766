#include "support/load/workload.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

#include "support/base/errors.h"
#include "support/load/proof.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongestTaskId = 64;  // of the reference protocol

// The standard fixes what the engine yields, but leaves its distributions to the library: with our
// own a seed means the same schedule everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  // In [0, 1), from the upper 53 bits: as many as a double holds.
  double Fraction() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

 private:
  std::mt19937_64 engine_;
};

std::string TaskId(const std::string& run_id, const std::string& team, const std::string& suffix) {
  std::string id = run_id + "-" + team + "-" + suffix;
  if (id.size() > kLongestTaskId) {
    throw UsageError(
        "task id \"" + id + "\" is longer than " + std::to_string(kLongestTaskId) + " characters",
        "use a shorter run id");
  }
  return id;
}

// Which calls are possible: without a memory value at all, or with one that is deleted again.
void CheckCalls(int calls) {
  if (calls == 2 || calls >= 4) return;
  throw UsageError("calls_per_task is " + std::to_string(calls),
                   "set it to 2 (journal only) or to 4 and more");
}

// Splits `think` over `count` gaps at random cuts.
std::vector<milliseconds> SplitThink(milliseconds think, int count, Random& random) {
  std::vector<milliseconds> cuts = {milliseconds(0), think};
  for (int i = 1; i < count; ++i) {
    cuts.emplace_back(
        static_cast<milliseconds::rep>(static_cast<double>(think.count()) * random.Fraction()));
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<milliseconds> gaps;
  for (std::size_t i = 1; i < cuts.size(); ++i) gaps.push_back(cuts[i] - cuts[i - 1]);
  return gaps;
}

}  // namespace

milliseconds ThinkTime(const Task& task) {
  return std::accumulate(task.gaps.begin(), task.gaps.end(), milliseconds(0));
}

std::vector<Call> CallsOf(const Task& task) {
  const int calls = static_cast<int>(task.gaps.size()) + 1;
  CheckCalls(calls);
  std::vector<Call> list(static_cast<std::size_t>(calls), Call::kMemoryGet);
  list.front() = Call::kJournalAppend;
  list.back() = Call::kJournalAppend;
  if (calls >= 4) {
    list[1] = Call::kMemoryPut;
    list[list.size() - 2] = Call::kMemoryDelete;
  }
  return list;
}

std::string JournalTemplate(int index) {
  return "${task} ${attempt} ${worker} " + std::to_string(index) + " ${proof}";
}

nlohmann::json TaskPayload(const Task& task) {
  nlohmann::json steps = nlohmann::json::array();
  const std::vector<Call> calls = CallsOf(task);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (i > 0 && task.gaps[i - 1].count() > 0) {
      steps.push_back({{"think_ms", task.gaps[i - 1].count()}});
    }
    switch (calls[i]) {
      case Call::kJournalAppend:
        steps.push_back({{"tool", "journal_append"},
                         {"arguments", {{"entry", JournalTemplate(static_cast<int>(i))}}}});
        break;
      case Call::kMemoryPut:
        steps.push_back(
            {{"tool", "memory_put"}, {"arguments", {{"key", "${task}"}, {"value", "${nonce}"}}}});
        break;
      case Call::kMemoryGet:
        steps.push_back({{"tool", "memory_get"}, {"arguments", {{"key", "${task}"}}}});
        break;
      case Call::kMemoryDelete:
        steps.push_back({{"tool", "memory_delete"}, {"arguments", {{"key", "${task}"}}}});
        break;
    }
  }
  return {{"id", task.id}, {"nonce", task.nonce}, {"steps", std::move(steps)}};
}

std::vector<Task> TeamTasks(const LoadContract& contract, std::uint64_t seed,
                            const std::string& run_id, const std::string& team) {
  CheckCalls(contract.calls_per_task);
  const double mean_think =
      static_cast<double>((contract.think_min + contract.think_max).count()) / 2;
  const double rate = contract.utilization * contract.workers_per_team / std::max(mean_think, 1.0);
  const auto arrivals =
      static_cast<int>(std::floor(static_cast<double>(contract.duration.count()) * rate));
  const double spread = static_cast<double>((contract.think_max - contract.think_min).count());
  Random random(seed);
  std::vector<Task> tasks;
  for (int i = 0; i < arrivals; ++i) {
    Task task;
    task.arrival = milliseconds(static_cast<milliseconds::rep>((i + random.Fraction()) / rate));
    const milliseconds think =
        contract.think_min +
        milliseconds(static_cast<milliseconds::rep>(spread * random.Fraction()));
    task.gaps = SplitThink(think, contract.calls_per_task - 1, random);
    if (task.arrival + think > contract.duration) continue;
    task.team = team;
    task.id = TaskId(run_id, team, std::to_string(tasks.size() + 1));
    task.nonce = Sha256Hex(task.id + " " + std::to_string(seed)).substr(0, 32);
    tasks.push_back(std::move(task));
  }
  if (tasks.empty()) {
    throw UsageError("the load contract leaves no time for a single task",
                     "raise duration, workers_per_team or utilization, or lower think_max");
  }
  return tasks;
}

Task WarmUpTask(const LoadContract& contract, const std::string& run_id, const std::string& team,
                int number) {
  Task task;
  task.team = team;
  task.id = TaskId(run_id, team, "warm-up-" + std::to_string(number));
  task.nonce = Sha256Hex(task.id).substr(0, 32);
  task.gaps.assign(static_cast<std::size_t>(contract.calls_per_task - 1), milliseconds(0));
  return task;
}

}  // namespace proving_ground
