// A delivery that is tried again while trying again can help, within bounds.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace proving_ground {

// What came of one attempt.
struct Attempt {
  enum class Outcome {
    kDelivered,
    kLater,  // busy, unreachable, in trouble: the same request may well work later
    kNever,  // refused: the same request would be refused again
  };
  Outcome outcome = Outcome::kNever;
  std::string what;  // "HTTP 503: overloaded"; holds no secret
  // How long the receiver asked to be left alone.
  std::optional<std::chrono::milliseconds> retry_after;
};

struct RetryPolicy {
  int attempts = 4;
  std::chrono::milliseconds first_pause{1'000};  // doubled from attempt to attempt
  std::chrono::milliseconds longest_pause{30'000};
  std::chrono::milliseconds in_all{120'000};  // no attempt begins after that
};

struct Delivery {
  bool delivered = false;
  int attempts = 0;
  std::string what;  // of the last attempt; why it was given up
};

// Calls `attempt` until it has delivered, can never deliver, or the policy's bounds are reached. A
// pause that the receiver asks for is kept, and one that leads beyond the bounds ends the delivery
// at once. Pauses are stretched at random by up to a half, so that many senders do not come back
// together. Throws Interrupted.
Delivery DeliverWithRetries(const std::function<Attempt()>& attempt, const RetryPolicy& policy);

// The value of a Retry-After header: seconds, or a date. nullopt for anything else.
std::optional<std::chrono::milliseconds> RetryAfter(const std::string& header);

}  // namespace proving_ground
