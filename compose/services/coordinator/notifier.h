// A condition that coroutines of one thread wait for.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <set>

#include "compose/services/common/awaitable.h"

namespace platform {

namespace asio = boost::asio;

// Wakes everybody who waits. Note generation() before looking at the condition and give it to
// Wait(): a notification in between is then not missed.
class Notifier {
 public:
  explicit Notifier(asio::any_io_executor executor) : executor_(std::move(executor)) {}
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  std::uint64_t generation() const { return generation_; }
  void Notify();

  // Returns once generation() differs from `seen`, at the latest at `deadline`.
  asio::awaitable<void> Wait(std::uint64_t seen, std::chrono::steady_clock::time_point deadline);
  asio::awaitable<void> Wait(std::uint64_t seen, std::chrono::milliseconds limit);

 private:
  asio::any_io_executor executor_;
  std::uint64_t generation_ = 0;
  std::set<asio::steady_timer*> waiting_;
};

}  // namespace platform
