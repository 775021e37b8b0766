// An asynchronous Redis client that tells apart what was not executed from what may have been.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "compose/services/common/awaitable.h"

namespace platform {

namespace asio = boost::asio;

// One answer of the server (RESP2). Only the member that belongs to `type` is set.
struct RedisReply {
  enum class Type { kNil, kInteger, kString, kStatus, kError, kArray };

  Type type = Type::kNil;
  long long integer = 0;
  std::string text;  // kString, kStatus, kError; binary safe
  std::vector<RedisReply> elements;

  bool nil() const { return type == Type::kNil; }
};

// The command was certainly not executed: there was no connection to send it over.
class RedisUnavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command was sent, but its deadline passed or the connection broke before the answer came:
// it may or may not have been executed.
class RedisOutcomeUnknown : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The server refused the command; what() is its answer, such as "NOPERM this user has no
// permissions …".
class RedisError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The server refused because of its own state, such as "OOM command not allowed …": it is full,
// read-only, cannot persist, lacks replicas, still loads. Nothing was executed, and the same
// command will be once that is over.
class RedisNotServing : public RedisError {
 public:
  using RedisError::RedisError;

  // The first word of the answer, such as "OOM" or "READONLY".
  std::string code() const;
};

// One connection to one server, kept alive in the background until Stop(). Commands are pipelined
// over it in the order of the calls. Not thread-safe: construct, call and destroy it on the thread
// that runs `executor`.
//
//   RedisClient redis(io_context.get_executor(), {.host = "redis", .port = 6379});
//   redis.Start();
//   std::vector<std::string> args{"GET", "key"};
//   RedisReply reply = co_await redis.Command(std::move(args));
class RedisClient {
 public:
  struct Options {
    std::string host = "127.0.0.1";  // name or address, resolved anew at each attempt
    std::uint16_t port = 6379;
    std::string unix_socket;  // if set, used instead of host and port
    std::string user;         // ACL user; empty: no AUTH is sent
    // Asked for the user's password at each attempt to connect, so that a rotated one is taken up.
    // What it throws ends the attempt.
    std::function<std::string()> password;
    std::string client_name;  // shown by CLIENT LIST; empty: not set
    // For finding the address, and again for the connection. Both take 1 ms where there is
    // somebody. An address swallows attempts for a while before its owner starts, and the kernel
    // repeats a lost SYN only after 1 s.
    std::chrono::milliseconds connect_timeout{300};
    std::chrono::milliseconds command_timeout{1000};  // of AUTH as well
    // At this interval a connection with no command in flight is pinged, with `command_timeout` as
    // deadline, so that a silent partition is noticed within the sum of the two.
    std::chrono::milliseconds ping_interval{1000};
    std::chrono::milliseconds backoff_min{50};
    std::chrono::milliseconds backoff_max{600};
    // Called on each change: (true, "") when commands can be sent, (false, why) when the connection
    // is lost, and (false, why) once when a row of attempts to connect begins to fail. Never
    // contains the password.
    std::function<void(bool connected, const std::string& reason)> on_change;
  };

  RedisClient(asio::any_io_executor executor, Options options);
  ~RedisClient();  // stops
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  // Connects in the background and reconnects with capped, jittered back-off until Stop().
  void Start();

  // Closes the connection for good. Commands in flight end with RedisOutcomeUnknown. Idempotent.
  void Stop();

  // Sends a command and waits for its answer for at most Options::command_timeout. A missed
  // deadline also drops the connection, because answers that come later could no longer be trusted
  // to come at all. Throws RedisUnavailable (at once, without waiting for a connection),
  // RedisOutcomeUnknown, RedisNotServing or RedisError. A connection whose log-in is no longer
  // valid is replaced. An error nested in an array is returned as an element of type kError.
  asio::awaitable<RedisReply> Command(std::vector<std::string> args);

  // The same with a deadline of its own. For commands that block in the server, which hold up all
  // others on this connection: give them a client of their own and a deadline beyond the server's.
  asio::awaitable<RedisReply> Command(std::vector<std::string> args,
                                      std::chrono::milliseconds timeout);

  // Whether the last thing known of the connection is good: authenticated, answering, not closed.
  bool connected() const;

  // How often the connection was made again after the first time.
  std::uint64_t reconnects() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace platform
