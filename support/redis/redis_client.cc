#include "support/redis/redis_client.h"

#include <hiredis/hiredis.h>
#include <signal.h>
#include <sys/time.h>

#include <ctime>
#include <sstream>
#include <utility>

#include "support/base/poll.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

constexpr auto kScanWithin = 30s;
constexpr auto kScanCount = "1000";
constexpr auto kRemedy = "check that Redis runs and that its port is published";

timeval ToTimeval(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(duration - seconds);
  return {static_cast<time_t>(seconds.count()), static_cast<suseconds_t>(rest.count())};
}

// hiredis writes with write(2): a connection that the server closed would raise SIGPIPE and end the
// process. Blocked for this thread only, and taken off the pending signals if it was raised here.
class BrokenPipeGuard {
 public:
  BrokenPipeGuard() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&broken_pipe_);
    sigaddset(&broken_pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
  }
  ~BrokenPipeGuard() {
    const timespec at_once{0, 0};
    if (!was_pending_) sigtimedwait(&broken_pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  BrokenPipeGuard(const BrokenPipeGuard&) = delete;
  BrokenPipeGuard& operator=(const BrokenPipeGuard&) = delete;

 private:
  sigset_t broken_pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using RawReply = std::unique_ptr<redisReply, FreeReply>;

RedisReply Convert(const redisReply& raw) {
  RedisReply reply;
  switch (raw.type) {
    case REDIS_REPLY_INTEGER:
      reply.type = RedisReply::Type::kInteger;
      reply.integer = raw.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_ERROR:  // inside an array: kept as text
      reply.type = RedisReply::Type::kString;
      reply.text.assign(raw.str, raw.len);
      break;
    case REDIS_REPLY_STATUS:
      reply.type = RedisReply::Type::kStatus;
      reply.text.assign(raw.str, raw.len);
      break;
    case REDIS_REPLY_ARRAY:
      reply.type = RedisReply::Type::kArray;
      for (std::size_t i = 0; i < raw.elements; ++i) {
        reply.elements.push_back(Convert(*raw.element[i]));
      }
      break;
    default:
      break;
  }
  return reply;
}

}  // namespace

RedisRefused::RedisRefused(const std::string& where, const std::string& text)
    : EnvironmentError("Redis at " + where + " refused: " + text,
                       "check the account and the permissions it has"),
      text_(text) {}

class RedisClient::Connection {
 public:
  explicit Connection(Options options) : options_(std::move(options)) {}

  RedisReply Command(const std::vector<std::string>& arguments) {
    const BrokenPipeGuard guard;
    if (context_ == nullptr) Connect();
    return Exchange(arguments);
  }

  int connections() const { return connections_; }

 private:
  std::string Where() const {
    if (!options_.unix_socket.empty()) return options_.unix_socket;
    return options_.host + ":" + std::to_string(options_.port);
  }

  void Connect() {
    const timeval within = ToTimeval(options_.connect_within);
    context_.reset(options_.unix_socket.empty()
                       ? redisConnectWithTimeout(options_.host.c_str(), options_.port, within)
                       : redisConnectUnixWithTimeout(options_.unix_socket.c_str(), within));
    if (context_ == nullptr || context_->err != 0) {
      const std::string why = context_ == nullptr ? "out of memory" : context_->errstr;
      context_.reset();
      throw RedisUnavailable("cannot connect to Redis at " + Where() + ": " + why, kRemedy, false);
    }
    redisSetTimeout(context_.get(), ToTimeval(options_.answer_within));
    ++connections_;
    if (options_.user.empty()) return;
    try {
      Exchange({"AUTH", options_.user, options_.password});
    } catch (const RedisUnavailable& error) {
      // Only the greeting was sent: the command it was made for was not.
      throw RedisUnavailable(error.what(), kRemedy, false);
    } catch (...) {
      context_.reset();
      throw;
    }
  }

  RedisReply Exchange(const std::vector<std::string>& arguments) {
    std::vector<const char*> texts;
    std::vector<std::size_t> lengths;
    for (const std::string& argument : arguments) {
      texts.push_back(argument.data());
      lengths.push_back(argument.size());
    }
    const RawReply raw(static_cast<redisReply*>(redisCommandArgv(
        context_.get(), static_cast<int>(texts.size()), texts.data(), lengths.data())));
    if (raw == nullptr) {
      // After an error the stream is out of step: an answer that comes late would be taken for the
      // answer to the next command.
      const std::string why = context_->errstr;
      context_.reset();
      throw RedisUnavailable("no answer to " + arguments.front() + " from Redis at " + Where() +
                                 " within " + DurationText(options_.answer_within) + ": " + why,
                             kRemedy, true);
    }
    if (raw->type == REDIS_REPLY_ERROR) {
      throw RedisRefused(Where(), std::string(raw->str, raw->len));
    }
    return Convert(*raw);
  }

  Options options_;
  std::unique_ptr<redisContext, FreeContext> context_;
  int connections_ = 0;
};

RedisClient::RedisClient(Options options)
    : connection_(std::make_unique<Connection>(std::move(options))) {}
RedisClient::~RedisClient() = default;
RedisClient::RedisClient(RedisClient&&) noexcept = default;
RedisClient& RedisClient::operator=(RedisClient&&) noexcept = default;

RedisReply RedisClient::Command(const std::vector<std::string>& arguments) {
  return connection_->Command(arguments);
}

std::map<std::string, std::string> RedisClient::Info(const std::string& section) {
  std::map<std::string, std::string> values;
  std::istringstream lines(Command({"INFO", section}).text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const std::size_t colon = line.find(':');
    if (line.empty() || line.front() == '#' || colon == std::string::npos) continue;
    values[line.substr(0, colon)] = line.substr(colon + 1);
  }
  return values;
}

std::int64_t RedisClient::KeyCount() { return Command({"DBSIZE"}).integer; }

std::set<std::string> RedisClient::AllKeys() {
  const Deadline deadline = Within(kScanWithin);
  std::set<std::string> keys;
  std::string cursor = "0";
  do {
    const RedisReply page = Command({"SCAN", cursor, "COUNT", kScanCount});
    cursor = page.elements.at(0).text;
    for (const RedisReply& key : page.elements.at(1).elements) keys.insert(key.text);
    if (deadline.Passed() && cursor != "0") {
      throw DeadlineExceeded(
          "listing the keys of Redis took longer than " + DurationText(kScanWithin),
          "use a stack of its own for the run");
    }
  } while (cursor != "0");
  return keys;
}

int RedisClient::connections() const { return connection_->connections(); }

}  // namespace proving_ground
