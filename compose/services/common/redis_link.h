// One connection to Redis, from connecting to its end: hiredis' asynchronous context driven by
// Asio. A part of RedisClient, which makes a new link whenever one has ended.
#pragma once

#include <hiredis/async.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compose/services/common/awaitable.h"
#include "compose/services/common/redis_client.h"

namespace platform {

class RedisLink : public std::enable_shared_from_this<RedisLink> {
 public:
  // Begins to connect; commands may be given at once. `address` is a numeric address.
  // Throws RedisUnavailable if connecting fails at once (no such socket, no route).
  static std::shared_ptr<RedisLink> ConnectTcp(asio::any_io_executor executor,
                                               const std::string& address, std::uint16_t port);
  static std::shared_ptr<RedisLink> ConnectUnix(asio::any_io_executor executor,
                                                const std::string& path);

  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  // Waits until the connection is made. Throws RedisUnavailable, and ends the link, if it is not
  // made in time or cannot be made.
  asio::awaitable<void> AwaitConnection(std::chrono::milliseconds timeout);

  // See RedisClient::Command. An error answer of the server is returned, not thrown.
  asio::awaitable<RedisReply> Command(std::vector<std::string> args,
                                      std::chrono::milliseconds timeout);

  // Ends the connection; commands in flight end with RedisOutcomeUnknown saying `reason`.
  // Idempotent.
  void Close(const std::string& reason);

  // Called once when the link ends, from within hiredis: must not touch the link.
  void OnClose(std::function<void()> callback) { on_close_ = std::move(callback); }

  bool open() const { return context_ != nullptr; }
  std::size_t in_flight() const { return in_flight_; }
  // Why the link ended; empty while it is open.
  const std::string& close_reason() const { return close_reason_; }

 private:
  struct Call;

  explicit RedisLink(asio::any_io_executor executor);
  void Attach(redisAsyncContext* context);
  void Send(const std::vector<std::string>& args, const std::shared_ptr<Call>& call);
  void WaitReadable();
  void WaitWritable();
  void Detach();
  static void OnConnected(const redisAsyncContext* context, int status);
  static void OnReply(redisAsyncContext* context, void* reply, void* call);

  asio::any_io_executor executor_;
  asio::posix::stream_descriptor descriptor_;  // borrows the socket of context_
  redisAsyncContext* context_ = nullptr;       // frees itself when the connection breaks
  asio::steady_timer connect_wake_;            // cancelled when connecting has ended
  bool connected_ = false;
  bool want_read_ = false;
  bool want_write_ = false;
  bool waiting_readable_ = false;
  bool waiting_writable_ = false;
  std::size_t in_flight_ = 0;
  std::string close_reason_;
  std::function<void()> on_close_;
};

}  // namespace platform
