// Which hosts and origins are admitted, and how a message is read.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "compose/sabotage/gateway/handlers.h"
#include "compose/services/gateway/mcp_message.h"

namespace platform {
namespace {

using nlohmann::json;

enum class Blind { kHost, kOrigin, kOriginPrefix };

class BlindGuard : public RequestGuard {
 public:
  BlindGuard(std::unique_ptr<RequestGuard> guard, Blind blind, std::vector<std::string> hosts,
             std::vector<std::string> origins)
      : guard_(std::move(guard)),
        blind_(blind),
        host_(std::move(hosts.front())),
        origins_(std::move(origins)) {}

  bool Admits(const HttpRequest& request) const override {
    HttpRequest seen = request;
    if (blind_ == Blind::kHost) ReplaceHeader(seen, "Host", host_);
    if (blind_ == Blind::kOrigin || IsLoosely(request.Header("Origin")))
      RemoveHeader(seen, "Origin");
    return guard_->Admits(seen);
  }

 private:
  bool IsLoosely(std::string_view origin) const {
    return blind_ == Blind::kOriginPrefix &&
           std::any_of(origins_.begin(), origins_.end(),
                       [&](const std::string& one) { return origin.starts_with(one); });
  }

  const std::unique_ptr<RequestGuard> guard_;
  const Blind blind_;
  const std::string host_;
  const std::vector<std::string> origins_;
};

class Blinded : public GatewayFactory {
 public:
  explicit Blinded(Blind blind) : blind_(blind) {}

  std::unique_ptr<RequestGuard> MakeGuard(std::vector<std::string> hosts,
                                          std::vector<std::string> origins) const override {
    auto guard = GatewayFactory::MakeGuard(hosts, origins);
    return std::make_unique<BlindGuard>(std::move(guard), blind_, std::move(hosts),
                                        std::move(origins));
  }

 private:
  const Blind blind_;
};

// Carries out each message of an array by itself.
class RunsBatches : public GatewayFactory {
 public:
  HttpHandler MakeHandler(Gateway& gateway) const override {
    return [&gateway](const HttpRequest& request) -> asio::awaitable<HttpResponse> {
      const json batch = json::parse(request.body, nullptr, false);
      if (!batch.is_array() || batch.empty()) co_return co_await gateway.Handle(request);
      json answers = json::array();
      for (const json& message : batch) {
        HttpRequest one = request;
        one.body = message.dump();
        const HttpResponse response = co_await gateway.Handle(one);
        json answer = json::parse(response.body, nullptr, false);
        if (!answer.is_discarded()) answers.push_back(std::move(answer));
      }
      HttpResponse together;
      together.body = answers.dump();
      co_return together;
    };
  }
};

// Carries out what wants no answer, and gives none.
class RunsNotifications : public GatewayFactory {
 public:
  HttpHandler MakeHandler(Gateway& gateway) const override {
    return [&gateway](const HttpRequest& request) -> asio::awaitable<HttpResponse> {
      json message = json::parse(request.body, nullptr, false);
      const bool silent = message.is_object() && !message.contains("id");
      if (!silent) co_return co_await gateway.Handle(request);
      message["id"] = 1;
      HttpRequest one = request;
      one.body = message.dump();
      HttpResponse response = co_await gateway.Handle(one);
      response.status = 202;
      response.body.clear();
      co_return response;
    };
  }
};

// What a reader that is not strict makes of it: of two names the last one, comments left out.
void ReadLoosely(HttpRequest& request) {
  const json message = json::parse(request.body, nullptr, false, /*ignore_comments=*/true);
  if (!message.is_discarded())
    request.body = message.dump(-1, ' ', false, json::error_handler_t::replace);
}

// Headers are put right instead of compared.
void BelieveBody(HttpRequest& request) {
  const std::string method = TextOf(request.body, {"method"});
  const std::string name = TextOf(request.body, {"params", "name"});
  if (!method.empty()) ReplaceHeader(request, "Mcp-Method", method);
  if (!name.empty()) ReplaceHeader(request, "Mcp-Name", name);
}

constexpr const char* kVersionHeader = "MCP-Protocol-Version";
const std::vector<std::string> kVersionField{"params", "_meta",
                                             "io.modelcontextprotocol/protocolVersion"};

// Whatever the header says, the body is served by the rules that it looks like.
void ConfuseEras(HttpRequest& request) {
  const std::string version = TextOf(request.body, kVersionField);
  RemoveHeader(request, kVersionHeader);
  if (!version.empty()) request.headers.emplace_back(kVersionHeader, version);
}

// A revision that nobody knows is served by the rules of one that is known.
void TakeAnyVersion(HttpRequest& request) {
  const std::string version = TextOf(request.body, kVersionField);
  if (request.HeaderCount(kVersionHeader) != 1) return;
  if (version.empty()) return ReplaceHeader(request, kVersionHeader, std::string(kLegacyVersion));
  json message = json::parse(request.body);
  message["params"]["_meta"][kVersionField.back()] = kModernVersion;
  request.body = message.dump();
  ReplaceHeader(request, kVersionHeader, std::string(kModernVersion));
}

// A web page may send text/plain to anybody, without asking first.
void TakeAnyType(HttpRequest& request) {
  ReplaceHeader(request, "Content-Type", "application/json");
  RemoveHeader(request, "Content-Encoding");
}

void TakeAnyMethod(HttpRequest& request) {
  if (!request.body.empty()) request.method = "POST";
}

auto Bent(Bend bend) {
  return [bend = std::move(bend)] { return BendingGateway(bend); };
}
auto Blinding(Blind blind) {
  return [blind] { return std::make_unique<Blinded>(blind); };
}

}  // namespace

BrokenParts BrokenReadings() {
  return {
      {"ignores-host", Blinding(Blind::kHost)},
      {"ignores-origin", Blinding(Blind::kOrigin)},
      {"accepts-origin-prefix", Blinding(Blind::kOriginPrefix)},
      {"runs-batches", [] { return std::make_unique<RunsBatches>(); }},
      {"runs-notifications", [] { return std::make_unique<RunsNotifications>(); }},
      {"reads-json-loosely", Bent(ReadLoosely)},
      {"ignores-mirrored-headers", Bent(BelieveBody)},
      {"confuses-eras", Bent(ConfuseEras)},
      {"accepts-any-version", Bent(TakeAnyVersion)},
      {"accepts-any-content-type", Bent(TakeAnyType)},
      {"accepts-any-method", Bent(TakeAnyMethod)},
  };
}

}  // namespace platform
