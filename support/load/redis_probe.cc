#include "support/load/redis_probe.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

namespace proving_ground {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int kGapFactor = 2;      // a time without an answer of more intervals is noted
constexpr int kOverdueFactor = 3;  // and of even more makes the last ping stale
constexpr std::size_t kMostErrors = 10;

}  // namespace

class RedisProbe::Pinger {
 public:
  Pinger(Options options, Clock::time_point epoch)
      : every_(options.every), epoch_(epoch), redis_(std::move(options.redis)) {
    record_.every = every_;
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }

  std::optional<microseconds> LastPing() const {
    const std::lock_guard lock(mutex_);
    if (Clock::now() - last_answer_ > kOverdueFactor * every_) return std::nullopt;
    return last_ping_;
  }

  PingRecord Stop() {
    if (thread_.joinable()) {
      thread_.request_stop();
      thread_.join();
      const std::lock_guard lock(mutex_);
      Answered(Clock::now());  // closes the gap that is still open
      record_.watched = duration_cast<milliseconds>(last_answer_ - started_);
      record_.reconnects = std::max(redis_.connections() - 1, 0);
    }
    return record_;
  }

 private:
  void Run(const std::stop_token& stop) {
    Clock::time_point next = started_;
    while (PauseUntil(next, stop)) {
      const Clock::time_point began = Clock::now();
      const std::string error = Ping();
      const Clock::time_point ended = Clock::now();
      {
        const std::lock_guard lock(mutex_);
        record_.own_lag = std::max(record_.own_lag, duration_cast<milliseconds>(began - next));
        ++record_.sent;
        if (error.empty()) {
          ++record_.answered;
          last_ping_ = duration_cast<microseconds>(ended - began);
          Answered(ended);
        } else {
          NoteError(error);
        }
      }
      next = std::max(next + every_, ended);
    }
  }

  // Text of the error; empty when Redis answered.
  std::string Ping() {
    try {
      redis_.Command({"PING"});
      return {};
    } catch (const RedisRefused& refused) {
      // "LOADING", "NOPERM", "NOAUTH": words, but not the answer to a ping.
      return refused.what();
    } catch (const RedisUnavailable& unavailable) {
      return unavailable.what();
    }
  }

  void Answered(Clock::time_point now) {
    const PingGap gap{duration_cast<milliseconds>(last_answer_ - epoch_),
                      duration_cast<milliseconds>(now - last_answer_)};
    if (gap.length > record_.longest.length) record_.longest = gap;
    if (gap.length > kGapFactor * every_) record_.gaps.push_back(gap);
    last_answer_ = now;
  }

  void NoteError(const std::string& error) {
    auto& errors = record_.errors;
    if (errors.size() >= kMostErrors) return;
    if (std::find(errors.begin(), errors.end(), error) == errors.end()) errors.push_back(error);
  }

  const milliseconds every_;
  const Clock::time_point epoch_;
  const Clock::time_point started_ = Clock::now();
  RedisClient redis_;  // used by the thread, and after it ended
  mutable std::mutex mutex_;
  PingRecord record_;
  Clock::time_point last_answer_ = started_;
  std::optional<microseconds> last_ping_;
  std::jthread thread_;
};

RedisProbe::RedisProbe(Options options, Clock::time_point epoch)
    : pinger_(std::make_unique<Pinger>(std::move(options), epoch)) {}

RedisProbe::~RedisProbe() { pinger_->Stop(); }

std::optional<microseconds> RedisProbe::LastPing() const { return pinger_->LastPing(); }

PingRecord RedisProbe::Stop() { return pinger_->Stop(); }

}  // namespace proving_ground
