#include "support/notify/retry.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <random>

#include "support/base/errors.h"
#include "support/base/interrupt.h"
#include "support/base/poll.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

milliseconds Stretched(milliseconds pause) {
  static std::minstd_rand random{std::random_device{}()};
  return pause + milliseconds(std::uniform_int_distribution<std::int64_t>(
                     0, std::max<std::int64_t>(pause.count() / 2, 1))(random));
}

}  // namespace

Delivery DeliverWithRetries(const std::function<Attempt()>& attempt, const RetryPolicy& policy) {
  const Deadline deadline = Within(policy.in_all);
  milliseconds pause = policy.first_pause;
  Delivery delivery;
  for (;;) {
    const Attempt last = attempt();
    ++delivery.attempts;
    delivery.what = last.what;
    delivery.delivered = last.outcome == Attempt::Outcome::kDelivered;
    if (last.outcome != Attempt::Outcome::kLater || delivery.attempts >= policy.attempts) {
      return delivery;
    }
    const milliseconds wait = last.retry_after.value_or(Stretched(pause));
    if (wait > deadline.Remaining()) {
      delivery.what += fmt::format("; the next attempt would be due in {:.0f} s only",
                                   std::chrono::duration<double>(wait).count());
      return delivery;
    }
    if (!PauseUntil(Clock::now() + wait)) {
      throw Interrupted(InterruptSignal(), "waiting to deliver a notification again");
    }
    pause = std::min(2 * pause, policy.longest_pause);
  }
}

std::optional<milliseconds> RetryAfter(const std::string& header) {
  std::int64_t seconds = 0;
  const char* const end = header.data() + header.size();
  const auto [rest, error] = std::from_chars(header.data(), end, seconds);
  if (error == std::errc() && rest == end) {
    if (seconds < 0) return std::nullopt;
    constexpr std::int64_t kYear = 365LL * 24 * 3600;  // more is as good as never
    return milliseconds(1000 * std::min(seconds, kYear));
  }
  const time_t date = curl_getdate(header.c_str(), nullptr);
  if (date == -1) return std::nullopt;
  return milliseconds(1000 * std::max<std::int64_t>(date - std::time(nullptr), 0));
}

}  // namespace proving_ground
