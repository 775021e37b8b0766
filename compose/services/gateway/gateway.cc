#include "compose/services/gateway/gateway.h"

namespace platform {
namespace {

HttpResponse Text(unsigned status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

// Paths of whoever runs the gateway. They tell nothing about callers and take no token.
bool IsProbe(const HttpRequest& request) {
  return request.method == "GET" && (request.path == "/healthz" || request.path == "/readyz");
}

}  // namespace

asio::awaitable<HttpResponse> Gateway::Handle(const HttpRequest& request) {
  if (IsProbe(request)) {
    co_return request.path == "/healthz" ? Text(200, R"({"ok":true})") : Ready();
  }
  if (!parts_.guard.Admits(request)) {
    parts_.audit.Denied({.reason = "host"});
    co_return Text(403, R"({"error":"Forbidden"})");
  }
  if (request.path == "/metrics" && request.method == "GET") {
    HttpResponse metrics = Text(200, parts_.metrics.Render());
    metrics.content_type = "text/plain; version=0.0.4";
    co_return metrics;
  }
  const auto token = BearerToken(request);
  const auto caller = token ? parts_.verifier.Verify(*token) : std::nullopt;
  if (!caller) {
    parts_.audit.Denied({.reason = "token"});
    co_return Unauthorized(request);
  }
  const auto limiter = parts_.limiters.find(caller->team);
  TeamStore* store = parts_.stores.Find(caller->team);
  if (limiter == parts_.limiters.end() || store == nullptr) {
    parts_.audit.Denied(
        {.reason = "team", .subject = caller->subject, .token_id = caller->token_id});
    co_return Unauthorized(request);
  }
  co_return co_await Serve(*caller, limiter->second, *store, request);
}

asio::awaitable<HttpResponse> Gateway::Serve(const Caller& caller, TeamLimiter& limiter,
                                             TeamStore& store, const HttpRequest& request) {
  const auto started = std::chrono::steady_clock::now();
  const auto permit = limiter.TryAcquire();
  if (!permit) {
    parts_.audit.Denied({.reason = "limit",
                         .team = caller.team,
                         .subject = caller.subject,
                         .token_id = caller.token_id});
    HttpResponse response = Text(429, R"({"error":"Too Many Requests"})");
    response.headers.emplace_back("Retry-After", "1");
    co_return response;
  }
  if (auto refusal = RefuseHeader(request)) co_return *refusal;
  const auto message = ReadMcpMessage(request);
  HttpResponse response;
  if (const auto* error = std::get_if<McpError>(&message)) {
    response = error->ToResponse();
  } else {
    response =
        co_await parts_.service.Answer(caller, store, request, std::get<McpMessage>(message));
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  parts_.metrics.Team(caller.team).request_seconds->Observe(seconds.count());
  co_return response;
}

std::optional<HttpResponse> Gateway::RefuseHeader(const HttpRequest& request) const {
  if (request.path != "/mcp") return Text(404, R"({"error":"Not Found"})");
  if (request.method != "POST") {
    HttpResponse response = Text(405, R"({"error":"Method Not Allowed"})");
    response.headers.emplace_back("Allow", "POST");
    return response;
  }
  if (!DeclaresJson(request))
    return Text(415, R"({"error":"Content-Type must be application/json"})");
  if (!AcceptsMcp(request)) {
    return Text(406, R"({"error":"Accept must list application/json and text/event-stream"})");
  }
  return std::nullopt;
}

HttpResponse Gateway::Ready() const {
  const std::size_t available = parts_.stores.available();
  const std::string counts = R"("stores":)" + std::to_string(parts_.stores.size()) +
                             R"(,"available":)" + std::to_string(available);
  // Ready while any team can be served: taking the gateway away from all of them helps none.
  if (available == 0)
    return Text(503, R"({"ready":false,"reason":"redis does not answer",)" + counts + "}");
  return Text(200, R"({"ready":true,)" + counts + "}");
}

HttpResponse Gateway::Unauthorized(const HttpRequest& request) const {
  // One text for every kind of bad token. No resource metadata: tokens are issued to teams by hand,
  // there is no authorization server to point at.
  HttpResponse response = Text(401, R"({"error":"Unauthorized"})");
  const bool presented = request.HeaderCount("Authorization") > 0;
  response.headers.emplace_back(
      "WWW-Authenticate",
      presented ? R"(Bearer realm="mcp", error="invalid_token")" : R"(Bearer realm="mcp")");
  return response;
}

}  // namespace platform
