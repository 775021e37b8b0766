// A small synchronous Redis client for the harness: one connection, a deadline on everything.
//
//   RedisClient redis({.host = "127.0.0.1", .port = 49154, .user = "monitor", .password = secret});
//   redis.Command({"PING"}).text                    // "PONG"
//   redis.Info("memory").at("used_memory")          // "1048576"
//   redis.AllKeys()
//
// A connection that failed or missed a deadline is dropped, and made anew by the next command.
// Passwords never appear in messages. Not thread-safe: one client per thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/base/errors.h"

namespace proving_ground {

struct RedisReply {
  enum class Type { kNil, kInteger, kString, kStatus, kArray };
  Type type = Type::kNil;
  std::int64_t integer = 0;
  std::string text;                  // kString and kStatus
  std::vector<RedisReply> elements;  // kArray
};

// Redis could not be reached or did not answer in time.
class RedisUnavailable : public EnvironmentError {
 public:
  // `sent`: the command may have been executed.
  RedisUnavailable(const std::string& happened, const std::string& remedy, bool sent)
      : EnvironmentError(happened, remedy), sent_(sent) {}
  bool sent() const { return sent_; }

 private:
  bool sent_;
};

// Redis answered with an error; text() is its own, such as "NOPERM this user has no permissions …".
class RedisRefused : public EnvironmentError {
 public:
  RedisRefused(const std::string& where, const std::string& text);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

class RedisClient {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    int port = 6379;
    std::string unix_socket;  // path; used instead of host and port when set
    std::string user;         // empty: no AUTH
    std::string password;
    std::chrono::milliseconds connect_within{1'000};
    std::chrono::milliseconds answer_within{1'000};
  };

  explicit RedisClient(Options options);
  ~RedisClient();
  RedisClient(RedisClient&&) noexcept;
  RedisClient& operator=(RedisClient&&) noexcept;

  // Sends a command and waits for its answer; connects first when there is no connection. Throws
  // RedisUnavailable and RedisRefused.
  RedisReply Command(const std::vector<std::string>& arguments);

  // INFO of one section as name -> value.
  std::map<std::string, std::string> Info(const std::string& section);
  std::int64_t KeyCount();
  // Names of all keys that exist throughout the call (SCAN's promise).
  std::set<std::string> AllKeys();

  // Connections made so far.
  int connections() const;

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace proving_ground
