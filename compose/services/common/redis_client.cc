#include "compose/services/common/redis_client.h"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <string_view>
#include <utility>

#include "compose/services/common/backoff.h"
#include "compose/services/common/redis_link.h"
#include "compose/services/common/resolve.h"

namespace platform {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;

// After a look-up without result. It bothers nobody but the name server, so it is repeated soon.
constexpr milliseconds kLookupPause{150};

// The first word of an error answer tells its kind.
std::string CodeOf(const std::string& answer) { return answer.substr(0, answer.find(' ')); }

[[noreturn]] void ThrowRefusal(const std::string& answer) {
  constexpr std::array<std::string_view, 8> kPassing{
      "OOM", "READONLY", "MISCONF", "NOREPLICAS", "LOADING", "MASTERDOWN", "BUSY", "UNBLOCKED"};
  const bool passes = std::find(kPassing.begin(), kPassing.end(), CodeOf(answer)) != kPassing.end();
  if (passes) throw RedisNotServing(answer);
  throw RedisError(answer);
}

}  // namespace

std::string RedisNotServing::code() const { return CodeOf(what()); }

class RedisClient::Impl : public std::enable_shared_from_this<RedisClient::Impl> {
 public:
  Impl(asio::any_io_executor executor, Options options)
      : executor_(std::move(executor)),
        options_(std::move(options)),
        backoff_(options_.backoff_min, options_.backoff_max, std::random_device{}()),
        pause_(executor_) {}

  void Start() {
    asio::co_spawn(
        executor_, [self = shared_from_this()] { return self->KeepConnected(); }, asio::detached);
  }

  void Stop() {
    stopped_ = true;
    options_.on_change = nullptr;
    connected_ = false;
    if (link_) link_->Close("stopped");
    pause_.cancel();
  }

  asio::awaitable<RedisReply> Command(std::vector<std::string> args, milliseconds timeout) {
    if (!connected()) {
      const bool just_lost = connected_ && !link_->open();
      throw RedisUnavailable("not connected to Redis: " +
                             (just_lost ? link_->close_reason() : last_failure_));
    }
    // Named: g++ 12 miscompiles temporaries inside a co_await expression.
    const std::shared_ptr<RedisLink> link = link_;
    RedisReply reply = co_await link->Command(std::move(args), timeout);
    if (reply.type != RedisReply::Type::kError) co_return reply;
    const std::string code = CodeOf(reply.text);
    if (code == "NOAUTH" || code == "WRONGPASS") {
      link->Close(reply.text);
      throw RedisUnavailable("logged out of Redis: " + reply.text);
    }
    ThrowRefusal(reply.text);
  }

  const Options& options() const { return options_; }
  bool connected() const { return connected_ && link_->open(); }
  std::uint64_t reconnects() const { return connections_ == 0 ? 0 : connections_ - 1; }

 private:
  asio::awaitable<void> KeepConnected() {
    while (!stopped_) {
      milliseconds pause = kLookupPause;
      try {
        co_await Establish();
        co_await Watch();
      } catch (const ResolveError& error) {
        Lost(error.what());
      } catch (const std::exception& error) {
        Lost(error.what());
        pause = backoff_.Next();
      }
      if (!stopped_) co_await Pause(pause);
    }
  }

  // Connects and authenticates, and makes sure that the server is ready to serve: one that still
  // loads its data accepts connections and answers PING with an error.
  asio::awaitable<void> Establish() {
    if (options_.unix_socket.empty()) {
      const auto addresses = co_await Resolve(executor_, options_.host, options_.connect_timeout);
      if (stopped_) throw RedisUnavailable("stopped");
      link_ = RedisLink::ConnectTcp(executor_, addresses.front().to_string(), options_.port);
    } else {
      link_ = RedisLink::ConnectUnix(executor_, options_.unix_socket);
    }
    link_->OnClose([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->pause_.cancel();
    });
    co_await link_->AwaitConnection(options_.connect_timeout);
    if (!options_.user.empty()) {
      const std::string password = options_.password();
      std::vector<std::string> auth{"AUTH", options_.user, password};
      co_await Greet(std::move(auth));
    }
    if (!options_.client_name.empty()) {
      std::vector<std::string> set_name{"CLIENT", "SETNAME", options_.client_name};
      co_await Greet(std::move(set_name));
    }
    std::vector<std::string> ping{"PING"};
    co_await Greet(std::move(ping));
    backoff_.Reset();
    ++connections_;
    connected_ = true;
    reported_lost_ = false;
    if (options_.on_change) options_.on_change(true, "");
  }

  asio::awaitable<void> Greet(std::vector<std::string> args) {
    const RedisReply reply = co_await link_->Command(std::move(args), options_.command_timeout);
    if (reply.type == RedisReply::Type::kError) ThrowRefusal(reply.text);
  }

  // Returns when the link has ended. Only an idle link is pinged: on a busy one every command has a
  // deadline of its own, and a blocking one would hold up the ping.
  asio::awaitable<void> Watch() {
    while (link_->open()) {
      co_await Pause(options_.ping_interval);
      if (!link_->open() || link_->in_flight() > 0) continue;
      std::vector<std::string> ping{"PING"};
      co_await Greet(std::move(ping));
    }
    throw RedisUnavailable(link_->close_reason());
  }

  void Lost(const std::string& reason) {
    if (link_) link_->Close(reason);
    connected_ = false;
    last_failure_ = reason;
    if (reported_lost_) return;
    reported_lost_ = true;
    if (options_.on_change) options_.on_change(false, reason);
  }

  asio::awaitable<void> Pause(milliseconds duration) {
    pause_.expires_after(duration);
    error_code ignored;
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  asio::any_io_executor executor_;
  Options options_;
  Backoff backoff_;
  asio::steady_timer pause_;
  std::shared_ptr<RedisLink> link_;
  std::string last_failure_ = "no attempt has ended yet";
  bool connected_ = false;
  bool stopped_ = false;
  bool reported_lost_ = false;
  std::uint64_t connections_ = 0;
};

RedisClient::RedisClient(asio::any_io_executor executor, Options options)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(options))) {
  // hiredis writes to its sockets with write(2), which raises SIGPIPE on a connection the server
  // has reset.
  std::signal(SIGPIPE, SIG_IGN);
}

RedisClient::~RedisClient() { Stop(); }

void RedisClient::Start() { impl_->Start(); }

void RedisClient::Stop() { impl_->Stop(); }

asio::awaitable<RedisReply> RedisClient::Command(std::vector<std::string> args) {
  return impl_->Command(std::move(args), impl_->options().command_timeout);
}

asio::awaitable<RedisReply> RedisClient::Command(std::vector<std::string> args,
                                                 milliseconds timeout) {
  return impl_->Command(std::move(args), timeout);
}

bool RedisClient::connected() const { return impl_->connected(); }

std::uint64_t RedisClient::reconnects() const { return impl_->reconnects(); }

}  // namespace platform
