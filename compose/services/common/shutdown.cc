#include "compose/services/common/shutdown.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "compose/services/common/log.h"

namespace platform {

struct Shutdown::Impl {
  explicit Impl(boost::asio::io_context& context) : signals(context, SIGTERM, SIGINT) {}

  boost::asio::signal_set signals;
};

Shutdown::Shutdown(boost::asio::io_context& context) : impl_(std::make_unique<Impl>(context)) {
  // A peer that went away is an error code of the write, never the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}

Shutdown::~Shutdown() = default;

void Shutdown::OnSignal(std::function<void()> callback) {
  impl_->signals.async_wait(
      [callback = std::move(callback)](boost::system::error_code error, int number) {
        if (error) return;
        Log(Level::kInfo, "shutdown", {{"signal", number}});
        callback();
      });
}

}  // namespace platform
