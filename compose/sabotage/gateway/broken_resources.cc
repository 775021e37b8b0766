// What clients may spend.
#include <list>
#include <mutex>
#include <nlohmann/json.hpp>

#include "compose/sabotage/gateway/handlers.h"
#include "compose/services/gateway/limiter.h"

namespace platform {
namespace {

using nlohmann::json;
using Loosen = std::function<void(HttpServer::Options&)>;

class LooseServer : public GatewayFactory {
 public:
  explicit LooseServer(Loosen loosen) : loosen_(std::move(loosen)) {}

  HttpServer::Options MakeServer(HttpServer::Options options) const override {
    loosen_(options);
    return options;
  }

 private:
  const Loosen loosen_;
};

void AnyBody(HttpServer::Options& options) { options.max_body = std::size_t{1} << 30; }

void AnyHeader(HttpServer::Options& options) {
  options.max_header_bytes = std::size_t{64} << 20;
  options.max_headers = 1'000'000;
}

void AnyTime(HttpServer::Options& options) {
  options.header_timeout = options.body_timeout = options.idle_timeout = std::chrono::hours(24);
}

// Writes the message out once more, level by level on the stack.
void Renew(HttpRequest& request) {
  const json message = json::parse(request.body, nullptr, false);
  if (!message.is_discarded())
    request.body = message.dump(-1, ' ', false, json::error_handler_t::replace);
}

// Keeps every request that was refused, for ever.
void KeepRefused(const HttpRequest& request, const HttpResponse& response) {
  static std::mutex mutex;
  static std::list<HttpRequest> kept;
  const bool refused =
      response.status >= 400 || response.body.find("\"error\"") != std::string::npos;
  if (!refused) return;
  const std::lock_guard lock(mutex);
  kept.push_back(request);
}

// One allowance for all teams together: who asks most gets most.
class OneAllowance : public GatewayFactory {
 public:
  HttpHandler MakeHandler(Gateway& gateway) const override {
    return [this, &gateway](const HttpRequest& request) -> asio::awaitable<HttpResponse> {
      const auto permit = limiter_.TryAcquire();
      if (!permit && request.method == "POST") {
        HttpResponse refused;
        refused.status = 429;
        refused.body = R"({"error":"Too Many Requests"})";
        co_return refused;
      }
      co_return co_await gateway.Handle(request);
    };
  }

 private:
  // Twice what four teams ask for that ask 50 times in a second.
  mutable TeamLimiter limiter_{{.rate = 400, .burst = 400}};
};

auto Loosened(Loosen loosen) {
  return [loosen = std::move(loosen)] { return std::make_unique<LooseServer>(loosen); };
}

}  // namespace

BrokenParts BrokenResources() {
  return {
      {"no-body-limit", Loosened(AnyBody)},
      {"no-header-limit", Loosened(AnyHeader)},
      {"no-request-timeout", Loosened(AnyTime)},
      {"no-depth-limit", [] { return BendingGateway(Renew); }},
      {"leaks-memory", [] { return StainingGateway(KeepRefused); }},
      {"no-fairness", [] { return std::make_unique<OneAllowance>(); }},
  };
}

}  // namespace platform
