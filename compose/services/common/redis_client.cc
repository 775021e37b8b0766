#include "compose/services/common/redis_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <utility>

#include "compose/services/common/backoff.h"
#include "compose/services/common/redis_link.h"

namespace platform {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using tcp = asio::ip::tcp;

// What waits for a name to be resolved. getaddrinfo() cannot be interrupted, so at the deadline the
// wait is given up and the answer, when it comes, dropped.
struct Resolution {
  explicit Resolution(const asio::any_io_executor& executor) : resolver(executor), wake(executor) {}
  tcp::resolver resolver;
  asio::steady_timer wake;
  std::string address;
  std::string failure = "resolving timed out";
};

asio::awaitable<std::string> Resolve(asio::any_io_executor executor, std::string host,
                                     milliseconds timeout) {
  error_code not_numeric;
  asio::ip::make_address(host, not_numeric);
  if (!not_numeric) co_return host;
  const auto resolution = std::make_shared<Resolution>(executor);
  resolution->wake.expires_after(timeout);
  resolution->resolver.async_resolve(
      host, "", [resolution](const error_code& error, const tcp::resolver::results_type& found) {
        if (error || found.empty()) {
          resolution->failure = "cannot resolve the host: " + error.message();
        } else {
          resolution->address = found.begin()->endpoint().address().to_string();
        }
        resolution->wake.cancel();
      });
  error_code ignored;
  co_await resolution->wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (resolution->address.empty()) throw RedisUnavailable(resolution->failure);
  co_return resolution->address;
}

}  // namespace

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
    if (reply.type == RedisReply::Type::kError) throw RedisError(reply.text);
    co_return reply;
  }

  const Options& options() const { return options_; }
  bool connected() const { return connected_ && link_->open(); }
  std::uint64_t reconnects() const { return connections_ == 0 ? 0 : connections_ - 1; }

 private:
  asio::awaitable<void> KeepConnected() {
    while (!stopped_) {
      try {
        co_await Establish();
        co_await Watch();
      } catch (const std::exception& error) {
        Lost(error.what());
      }
      if (stopped_) break;
      co_await Pause(backoff_.Next());
    }
  }

  // Connects and authenticates, and makes sure that the server is ready to serve: one that still
  // loads its data accepts connections and answers PING with an error.
  asio::awaitable<void> Establish() {
    const auto deadline = steady_clock::now() + options_.connect_timeout;
    const auto left = [deadline] {
      return std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
    };
    if (options_.unix_socket.empty()) {
      const std::string address = co_await Resolve(executor_, options_.host, left());
      if (stopped_) throw RedisUnavailable("stopped");
      link_ = RedisLink::ConnectTcp(executor_, address, options_.port);
    } else {
      link_ = RedisLink::ConnectUnix(executor_, options_.unix_socket);
    }
    link_->OnClose([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->pause_.cancel();
    });
    if (!options_.user.empty()) {
      std::vector<std::string> auth{"AUTH", options_.user, options_.password};
      co_await Greet(std::move(auth), left());
    }
    if (!options_.client_name.empty()) {
      std::vector<std::string> set_name{"CLIENT", "SETNAME", options_.client_name};
      co_await Greet(std::move(set_name), left());
    }
    std::vector<std::string> ping{"PING"};
    co_await Greet(std::move(ping), left());
    backoff_.Reset();
    ++connections_;
    connected_ = true;
    reported_lost_ = false;
    if (options_.on_change) options_.on_change(true, "");
  }

  asio::awaitable<void> Greet(std::vector<std::string> args, milliseconds timeout) {
    const RedisReply reply = co_await link_->Command(std::move(args), timeout);
    if (reply.type == RedisReply::Type::kError) throw RedisError(reply.text);
  }

  // Returns when the link has ended. Only an idle link is pinged: on a busy one every command has a
  // deadline of its own, and a blocking one would hold up the ping.
  asio::awaitable<void> Watch() {
    while (link_->open()) {
      co_await Pause(options_.ping_interval);
      if (!link_->open() || link_->in_flight() > 0) continue;
      std::vector<std::string> ping{"PING"};
      co_await Greet(std::move(ping), options_.command_timeout);
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
