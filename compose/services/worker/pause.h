#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "compose/services/common/awaitable.h"

namespace platform {

// A wait of one coroutine that another part of the program can cut short. After it, look at what
// has changed: it does not say why it ended.
class Pause {
 public:
  explicit Pause(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  boost::asio::awaitable<void> For(std::chrono::milliseconds duration);

  // Ends the wait under way; without one, nothing happens.
  void Wake() { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace platform
