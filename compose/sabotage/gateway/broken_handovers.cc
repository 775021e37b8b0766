// Where a token is taken from, what becomes of it, and what else tells the team.
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "compose/sabotage/gateway/handlers.h"
#include "compose/services/common/log.h"

namespace platform {
namespace {

using nlohmann::json;

constexpr const char* kAuthorization = "Authorization";

// A token of the query, of a cookie, of another header.
void TakeFromQuery(HttpRequest& request) {
  for (const char* name : {"access_token", "token", "authorization"}) {
    const auto found = request.query.find(name);
    if (found != request.query.end() && request.HeaderCount(kAuthorization) == 0)
      ReplaceHeader(request, kAuthorization, "Bearer " + found->second);
  }
}

void TakeFromCookie(HttpRequest& request) {
  const std::string cookie(request.Header("Cookie"));
  constexpr std::string_view kName = "access_token=";
  if (request.HeaderCount(kAuthorization) > 0 || !cookie.starts_with(kName)) return;
  ReplaceHeader(request, kAuthorization,
                "Bearer " + cookie.substr(kName.size(), cookie.find(';') - kName.size()));
}

void TakeFromOtherHeader(HttpRequest& request) {
  if (request.HeaderCount(kAuthorization) > 0) return;
  for (const char* name : {"X-Authorization", "Proxy-Authorization"}) {
    if (request.HeaderCount(name) > 0)
      ReplaceHeader(request, kAuthorization, std::string(request.Header(name)));
  }
}

void TakeFromBody(HttpRequest& request) {
  const std::string token = TextOf(request.body, {"params", "access_token"});
  if (request.HeaderCount(kAuthorization) == 0 && !token.empty())
    ReplaceHeader(request, kAuthorization, "Bearer " + token);
}

void TakeFirstOfTwo(HttpRequest& request) {
  if (request.HeaderCount(kAuthorization) > 1)
    ReplaceHeader(request, kAuthorization, std::string(request.Header(kAuthorization)));
}

void TakeLastOfTwo(HttpRequest& request) {
  std::string last;
  for (const auto& [name, value] : request.headers) {
    if (SameName(name, kAuthorization)) last = value;
  }
  if (request.HeaderCount(kAuthorization) > 1) ReplaceHeader(request, kAuthorization, last);
}

// "Basic <token>", "<token>", "Bearer <token>, ...": whatever stands there.
void TakeAnyScheme(HttpRequest& request) {
  std::string value(request.Header(kAuthorization));
  if (value.empty() || value.starts_with("Bearer ") || request.HeaderCount(kAuthorization) != 1)
    return;
  value = value.substr(value.find_last_of(' ') + 1);
  ReplaceHeader(request, kAuthorization, "Bearer " + value);
}

// Who came with a token once stays who it was, as long as the connection lasts.
class TrustsConnection : public GatewayFactory {
 public:
  HttpHandler MakeHandler(Gateway& gateway) const override {
    // One server each: numbers of connections are a server's own.
    const auto first = std::make_shared<std::map<std::uint64_t, std::string>>();
    return [first, &gateway](const HttpRequest& request) -> asio::awaitable<HttpResponse> {
      HttpRequest bent = request;
      const auto known = first->find(request.connection);
      if (known != first->end()) ReplaceHeader(bent, kAuthorization, known->second);
      const HttpResponse response = co_await gateway.Handle(bent);
      if (response.status == 200 && request.HeaderCount(kAuthorization) == 1)
        first->emplace(request.connection, std::string(request.Header(kAuthorization)));
      co_return response;
    };
  }
};

// What the request says about its team besides the token: empty for nothing.
using Claim = std::function<std::string(const HttpRequest&)>;

std::string TeamOfHeader(const HttpRequest& request) {
  return std::string(request.Header("X-Team"));
}

std::string TeamOfQuery(const HttpRequest& request) {
  const auto found = request.query.find("team");
  return found == request.query.end() ? "" : found->second;
}

std::string TeamOfBody(const HttpRequest& request) {
  return TextOf(request.body, {"params", "team"});
}

// Checks the token, and then believes the request about the team. The claim travels to the verifier
// in front of the token: "<team>@<token>".
class TrustsClaim : public GatewayFactory {
 public:
  explicit TrustsClaim(Claim claim) : claim_(std::move(claim)) {}

  std::unique_ptr<TokenVerifier> MakeVerifier(JwtVerifier::Options options) const override {
    return std::make_unique<Believing>(GatewayFactory::MakeVerifier(std::move(options)));
  }
  HttpHandler MakeHandler(Gateway& gateway) const override {
    return [this, &gateway](const HttpRequest& request) -> asio::awaitable<HttpResponse> {
      HttpRequest bent = request;
      const std::string team = claim_(request);
      const std::string value(request.Header(kAuthorization));
      constexpr std::string_view kScheme = "Bearer ";
      if (!team.empty() && value.starts_with(kScheme)) {
        ReplaceHeader(bent, kAuthorization, "Bearer " + team + "@" + value.substr(kScheme.size()));
      }
      co_return co_await gateway.Handle(bent);
    };
  }

 private:
  class Believing : public TokenVerifier {
   public:
    explicit Believing(std::unique_ptr<TokenVerifier> verifier) : verifier_(std::move(verifier)) {}
    std::optional<Caller> Verify(std::string_view token) override {
      const std::size_t at = token.find('@');
      auto caller = verifier_->Verify(at == std::string_view::npos ? token : token.substr(at + 1));
      if (caller && at != std::string_view::npos) caller->team = token.substr(0, at);
      return caller;
    }

   private:
    const std::unique_ptr<TokenVerifier> verifier_;
  };
  const Claim claim_;
};

void LogToken(HttpRequest& request) {
  Log(Level::kInfo, "request",
      {{"target", request.target}, {"authorization", request.Header(kAuthorization)}});
}

void EchoToken(const HttpRequest& request, HttpResponse& response) {
  if (response.status != 401) return;
  const json said = {{"error", "this token is not valid"},
                     {"token", request.Header(kAuthorization)}};
  response.body = said.dump(-1, ' ', false, json::error_handler_t::replace);
}

auto Believing(Claim claim) {
  return [claim = std::move(claim)] { return std::make_unique<TrustsClaim>(claim); };
}
auto Bent(Bend bend) {
  return [bend = std::move(bend)] { return BendingGateway(bend); };
}

}  // namespace

BrokenParts BrokenHandovers() {
  return {
      {"token-in-query", Bent(TakeFromQuery)},
      {"token-in-cookie", Bent(TakeFromCookie)},
      {"token-in-other-header", Bent(TakeFromOtherHeader)},
      {"token-in-body", Bent(TakeFromBody)},
      {"first-of-two-tokens", Bent(TakeFirstOfTwo)},
      {"last-of-two-tokens", Bent(TakeLastOfTwo)},
      {"any-scheme", Bent(TakeAnyScheme)},
      {"trusts-connection", [] { return std::make_unique<TrustsConnection>(); }},
      {"team-from-header", Believing(TeamOfHeader)},
      {"team-from-query", Believing(TeamOfQuery)},
      {"team-from-body", Believing(TeamOfBody)},
      {"logs-token", Bent(LogToken)},
      {"echoes-token", [] { return StainingGateway(EchoToken); }},
  };
}

}  // namespace platform
