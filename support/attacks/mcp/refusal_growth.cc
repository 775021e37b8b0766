#include "support/attacks/mcp/refusal_growth.h"

#include <algorithm>

#include "support/attacks/mcp/witness.h"

namespace proving_ground {
namespace {

using nlohmann::json;

// Enough that what each leaves behind stands out from the pages that come and go.
constexpr std::int64_t kPerRound = 1'500;
constexpr std::int64_t kFewestPerRound = 1'000;
constexpr std::size_t kRounds = 4;
constexpr std::size_t kPadding = 1'000;
// A round that takes longer is cut short.
constexpr std::chrono::seconds kRoundWithin{10};

// Requests that are refused for one reason each: not JSON, no token, no such path, no such type, a
// batch, no such tool.
std::vector<std::string> RefusedRequests(const McpSender& sender) {
  const std::string padding(kPadding, 'x');
  std::vector<McpPost> posts(
      5, sender.Call(Era::kLegacy, kNoteTool, {{"key", "x"}, {"value", padding}}));
  posts[0].body.pop_back();
  posts[1].Replace("Authorization", "Bearer " + padding);
  posts[2].target += "/" + padding;
  posts[3].Replace("Content-Type", "text/plain");
  posts[4].body = "[" + posts[4].body + "]";
  posts.push_back(sender.Call(Era::kLegacy, padding, json::object()));
  std::vector<std::string> requests;
  for (const McpPost& post : posts) requests.push_back(post.Bytes());
  return requests;
}

// How many of a round were answered.
std::int64_t SendRound(const McpSender& sender, const std::vector<std::string>& requests) {
  const Deadline deadline = Within(kRoundWithin);
  std::optional<RawConnection> connection;
  std::int64_t answered = 0;
  for (std::size_t i = 0; i < kPerRound && !deadline.Passed(); ++i) {
    if (!connection) connection.emplace(sender.Connect());
    const Deadline soon = Within(sender.target().answer_within);
    connection->Send(requests[i % requests.size()], soon);
    const RawAnswer answer = connection->Receive(soon);
    if (answer.status != 0) ++answered;
    const bool keep = answer.status != 0 && answer.Header("connection").value_or("") != "close";
    if (!keep) connection.reset();
  }
  return answered;
}

}  // namespace

std::optional<double> RefusalGrowth::PerRequest() const {
  if (growth.size() < kRounds || per_round < kFewestPerRound) return std::nullopt;
  return static_cast<double>(*std::min_element(growth.begin() + 1, growth.end())) /
         static_cast<double>(per_round);
}

RefusalGrowth MeasureRefusalGrowth(const McpSender& sender,
                                   const std::function<std::optional<GatewayState>()>& state) {
  const std::vector<std::string> requests = RefusedRequests(sender);
  RefusalGrowth measured{.per_round = kPerRound};
  std::optional<GatewayState> last = state();
  for (std::size_t round = 0; round < kRounds && last; ++round) {
    measured.per_round = std::min(measured.per_round, SendRound(sender, requests));
    const std::optional<GatewayState> now = state();
    if (now) measured.growth.push_back(now->memory - last->memory);
    last = now;
  }
  return measured;
}

}  // namespace proving_ground
