#include "compose/services/worker/pause.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace platform {

boost::asio::awaitable<void> Pause::For(std::chrono::milliseconds duration) {
  boost::system::error_code woken;
  timer_.expires_after(duration);
  co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
}

}  // namespace platform
