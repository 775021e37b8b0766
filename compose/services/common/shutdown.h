#pragma once

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace platform {

// Turns SIGTERM and SIGINT into one call on an io_context. Make it the first thing in main(): as
// process 1 of a container a service without a handler does not receive SIGTERM at all. A signal
// that comes before OnSignal() was called is delivered then. While it waits it keeps the io_context
// running.
class Shutdown {
 public:
  explicit Shutdown(boost::asio::io_context& context);
  ~Shutdown();
  Shutdown(const Shutdown&) = delete;
  Shutdown& operator=(const Shutdown&) = delete;

  // Calls `callback` once, on the io_context, at the first signal. Later signals are ignored:
  // draining is bounded by its own deadline, and the engine sends SIGKILL after the grace period.
  void OnSignal(std::function<void()> callback);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace platform
