#include "compose/services/coordinator/notifier.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace platform {

void Notifier::Notify() {
  ++generation_;
  for (asio::steady_timer* timer : waiting_) timer->cancel();
}

asio::awaitable<void> Notifier::Wait(std::uint64_t seen,
                                     std::chrono::steady_clock::time_point deadline) {
  if (generation_ != seen) co_return;
  asio::steady_timer timer(executor_, deadline);
  waiting_.insert(&timer);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  waiting_.erase(&timer);
}

asio::awaitable<void> Notifier::Wait(std::uint64_t seen, std::chrono::milliseconds limit) {
  return Wait(seen, std::chrono::steady_clock::now() + limit);
}

}  // namespace platform
