#include "support/attacks/mcp/flood.h"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "support/attacks/mcp/witness.h"
#include "support/base/errors.h"

namespace proving_ground {
namespace {

// Enough to keep a gateway busy from one machine, few enough that it is the gateway, and not the
// scheduler of that machine, that the others wait for.
constexpr int kConnections = 8;
// The others are watched for as long before the flood, within these limits.
constexpr std::chrono::milliseconds kShortestBefore{1'500};
constexpr std::chrono::milliseconds kLongestBefore{5'000};

struct Counters {
  std::atomic<std::int64_t> served = 0;
  std::atomic<std::int64_t> limited = 0;
  std::atomic<std::int64_t> other = 0;

  void Count(const RawAnswer& answer) {
    const Reply reply = ReplyOf(answer);
    if (reply == Reply::kServed || reply == Reply::kToolError) {
      ++served;
    } else if (reply == Reply::kLimited || answer.status == 503) {
      ++limited;
    } else {
      ++other;
    }
  }
};

void AskUntil(Deadline end, const McpSender& sender, const std::string& request,
              Counters& counters) {
  std::optional<RawConnection> connection;
  while (!end.Passed()) {
    try {
      if (!connection) connection.emplace(sender.Connect());
      const Deadline deadline = Within(sender.target().answer_within);
      connection->Send(request, deadline);
      const RawAnswer answer = connection->Receive(deadline);
      counters.Count(answer);
      const bool keep = answer.status != 0 && answer.Header("connection").value_or("") != "close";
      if (!keep) connection.reset();
    } catch (const EnvironmentError&) {
      ++counters.other;
      connection.reset();
    }
  }
}

}  // namespace

FloodRecord Flood(const std::string& team, const McpSender& flooder,
                  const std::map<std::string, McpSender>& others,
                  std::chrono::milliseconds duration) {
  const std::string request =
      flooder.Call(Era::kModern, kReadNoteTool, {{"key", FreshMarker()}}).Bytes();
  Neighbours neighbours(others);
  PauseUntil(Clock::now() + std::clamp(duration, kShortestBefore, kLongestBefore));
  neighbours.AttackBegins();

  const auto begun = Clock::now();
  Counters counters;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kConnections; ++i) {
      threads.emplace_back(
          [&, end = Within(duration)] { AskUntil(end, flooder, request, counters); });
    }
  }
  FloodRecord record;
  record.flooder = team;
  record.lasted = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
  record.others = neighbours.Finish();
  record.served = counters.served;
  record.limited = counters.limited;
  record.other = counters.other;
  return record;
}

nlohmann::json ToJson(const FloodRecord& record) {
  return {{"flooder", record.flooder},          {"served", record.served},
          {"limited", record.limited},          {"other", record.other},
          {"lasted_ms", record.lasted.count()}, {"others", ToJson(record.others)}};
}

}  // namespace proving_ground
