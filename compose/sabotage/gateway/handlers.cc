#include "compose/sabotage/gateway/handlers.h"

#include <nlohmann/json.hpp>

namespace platform {
namespace {

class Bending : public GatewayFactory {
 public:
  explicit Bending(Bend bend) : bend_(std::move(bend)) {}

  HttpHandler MakeHandler(Gateway& gateway) const override {
    return [this, &gateway](const HttpRequest& request) -> asio::awaitable<HttpResponse> {
      HttpRequest bent = request;
      bend_(bent);
      co_return co_await gateway.Handle(bent);
    };
  }

 private:
  const Bend bend_;
};

class Staining : public GatewayFactory {
 public:
  explicit Staining(Stain stain) : stain_(std::move(stain)) {}

  HttpHandler MakeHandler(Gateway& gateway) const override {
    return [this, &gateway](const HttpRequest& request) -> asio::awaitable<HttpResponse> {
      HttpResponse response = co_await gateway.Handle(request);
      stain_(request, response);
      co_return response;
    };
  }

 private:
  const Stain stain_;
};

}  // namespace

std::unique_ptr<GatewayFactory> BendingGateway(Bend bend) {
  return std::make_unique<Bending>(std::move(bend));
}

std::unique_ptr<GatewayFactory> StainingGateway(Stain stain) {
  return std::make_unique<Staining>(std::move(stain));
}

std::string TextOf(const std::string& body, const std::vector<std::string>& path) {
  const nlohmann::json whole = nlohmann::json::parse(body, nullptr, false);
  const nlohmann::json* at = &whole;
  for (const std::string& name : path) {
    if (!at->is_object() || !at->contains(name)) return {};
    at = &(*at)[name];
  }
  return at->is_string() ? at->get<std::string>() : "";
}

void RemoveHeader(HttpRequest& request, const std::string& name) {
  std::erase_if(request.headers, [&](const auto& header) { return SameName(header.first, name); });
}

void ReplaceHeader(HttpRequest& request, const std::string& name, std::string value) {
  RemoveHeader(request, name);
  request.headers.emplace_back(name, std::move(value));
}

}  // namespace platform
