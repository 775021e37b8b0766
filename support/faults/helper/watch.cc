#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/faults/helper/commands.h"
#include "support/faults/helper/report.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

// A lost first packet is repeated after a second: before anything happened it is waited for.
constexpr milliseconds kPatienceBefore{2'500};
constexpr milliseconds kPatience{250};
constexpr milliseconds kPause{50};

std::vector<bool> Look(const std::vector<SocketAddress>& addresses, milliseconds patience) {
  std::vector<bool> answers;
  for (const auto& answer : Reach(addresses, patience)) answers.push_back(answer.has_value());
  return answers;
}

}  // namespace

void Watch(const std::vector<SocketAddress>& addresses, Deadline end) {
  std::vector<bool> known;
  do {
    const std::vector<bool> answers = Look(addresses, known.empty() ? kPatienceBefore : kPatience);
    if (answers == known) continue;
    nlohmann::json line = nlohmann::json::object();
    line["answers"] = answers;
    if (known.empty()) line["ready"] = true;
    Report(line);
    known = answers;
  } while (!end.Passed() && PauseUntil(Clock::now() + kPause));
  Report({{"ended", true}});
}

void HoldAddress(Deadline end) {
  Report({{"ready", true}});
  Live(end);
  Report({{"ended", true}});
}

}  // namespace proving_ground
