#include "support/attacks/mcp/neighbours.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <thread>

#include "support/attacks/mcp/witness.h"
#include "support/base/errors.h"

namespace proving_ground {
namespace {

struct Sample {
  Clock::time_point asked;
  Clock::duration took;
  bool served;
};

std::chrono::microseconds Percentile99(std::vector<Clock::duration> times) {
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  return std::chrono::duration_cast<std::chrono::microseconds>(
      times[(times.size() * 99 - 1) / 100]);
}

}  // namespace

class Neighbours::Asker {
 public:
  Asker(std::string team, McpSender sender, std::chrono::milliseconds every)
      : team_(std::move(team)),
        sender_(std::move(sender)),
        // A note that is not there: asked of the store, and small.
        request_(sender_.Call(Era::kModern, kReadNoteTool, {{"key", FreshMarker()}}).Bytes()),
        every_(every),
        thread_([this](const std::stop_token& stop) { Run(stop); }) {}

  NeighbourFigures Finish(Clock::time_point begun) {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    NeighbourFigures figures{.team = team_};
    std::vector<Clock::duration> before;
    std::vector<Clock::duration> during;
    for (const Sample& sample : samples_) {
      (sample.asked < begun ? before : during).push_back(sample.took);
      if (sample.asked >= begun && !sample.served) ++figures.failed;
    }
    figures.before = static_cast<std::int64_t>(before.size());
    figures.during = static_cast<std::int64_t>(during.size());
    figures.p99_before = Percentile99(std::move(before));
    figures.p99_during = Percentile99(std::move(during));
    return figures;
  }

 private:
  void Run(const std::stop_token& stop) {
    for (Clock::time_point next = Clock::now(); PauseUntil(next, stop); next += every_) {
      const auto asked = Clock::now();
      const bool served = Ask();
      const auto done = Clock::now();
      samples_.push_back({asked, done - asked, served});
      // A slow answer is one slow answer, not the reason for a burst of questions after it.
      next = std::max(next, done - every_);
    }
  }

  bool Ask() {
    try {
      if (!connection_) connection_.emplace(sender_.Connect());
      const Deadline deadline = Within(sender_.target().answer_within);
      connection_->Send(request_, deadline);
      const Reply reply = ReplyOf(connection_->Receive(deadline));
      // "There is no such note" is an answer of the tool's.
      if (reply == Reply::kServed || reply == Reply::kToolError) return true;
    } catch (const EnvironmentError&) {
      // nobody accepts connections: not served
    }
    connection_.reset();
    return false;
  }

  const std::string team_;
  const McpSender sender_;
  const std::string request_;
  const std::chrono::milliseconds every_;
  std::optional<RawConnection> connection_;
  std::vector<Sample> samples_;
  std::jthread thread_;
};

Neighbours::Neighbours(const std::map<std::string, McpSender>& teams,
                       std::chrono::milliseconds every) {
  for (const auto& [team, sender] : teams) {
    askers_.push_back(std::make_unique<Asker>(team, sender, every));
  }
}

Neighbours::~Neighbours() = default;

void Neighbours::AttackBegins() { begun_ = Clock::now(); }

std::vector<NeighbourFigures> Neighbours::Finish() {
  std::vector<NeighbourFigures> figures;
  for (const auto& asker : askers_) figures.push_back(asker->Finish(begun_));
  return figures;
}

nlohmann::json ToJson(const std::vector<NeighbourFigures>& others) {
  nlohmann::json rows = nlohmann::json::array();
  for (const NeighbourFigures& each : others) {
    rows.push_back({{"team", each.team},
                    {"before", each.before},
                    {"during", each.during},
                    {"failed", each.failed},
                    {"p99_before_us", each.p99_before.count()},
                    {"p99_during_us", each.p99_during.count()}});
  }
  return rows;
}

}  // namespace proving_ground
