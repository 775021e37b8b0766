#include "support/attacks/mcp/token_attacks.h"

#include "support/attacks/mcp/witness.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr const char* kHeader = "Authorization";

void TryForged(NotedAttempts& attempts, const std::vector<ForgedToken>& forged) {
  for (const ForgedToken& each : forged) {
    attempts.Try(each.name, Era::kModern,
                 [&](McpPost& post) { post.Replace(kHeader, "Bearer " + each.token); });
  }
  // The older revision must not be the way around.
  for (const ForgedToken& each : forged) {
    attempts.Try(each.name + " (2025-11-25)", Era::kLegacy,
                 [&](McpPost& post) { post.Replace(kHeader, "Bearer " + each.token); });
  }
}

// The rightful token, handed over in ways that must not count.
void TryHandovers(NotedAttempts& attempts, const std::string& token, const std::string& foreign) {
  const std::string bearer = "Bearer " + token;
  const auto with = [&](const std::string& name, const std::string& value) {
    attempts.Try(name, Era::kModern, [&](McpPost& post) { post.Replace(kHeader, value); });
  };
  attempts.Try("no token", Era::kModern, [](McpPost& post) { post.Remove(kHeader); });
  with("empty Authorization", "");
  with("Bearer without a token", "Bearer ");
  with("Basic", "Basic " + token);
  with("token without a scheme", token);
  with("token with something behind it", bearer + " x");
  with("two tokens in one header", bearer + ", " + bearer);
  with("NUL behind the token", bearer + std::string(1, '\0'));
  attempts.Try("two Authorization headers", Era::kModern,
               [&](McpPost& post) { post.Add(kHeader, bearer); });
  attempts.Try("two Authorization headers, the first one forged", Era::kModern, [&](McpPost& post) {
    post.Replace(kHeader, "Bearer " + foreign).Add(kHeader, bearer);
  });
  attempts.Try("two Authorization headers, the second one forged", Era::kModern,
               [&](McpPost& post) { post.Add(kHeader, "Bearer " + foreign); });
  for (const char* name : {"access_token", "token", "authorization"}) {
    attempts.Try(std::string("token in the query as ") + name, Era::kModern, [&](McpPost& post) {
      post.Remove(kHeader).target += "?" + std::string(name) + "=" + token;
    });
  }
  attempts.Try("token in a cookie", Era::kModern, [&](McpPost& post) {
    post.Remove(kHeader).Add("Cookie", "access_token=" + token + "; token=" + token);
  });
  attempts.Try("token in another header", Era::kModern, [&](McpPost& post) {
    post.Remove(kHeader).Add("X-Authorization", bearer).Add("Proxy-Authorization", bearer);
  });
  attempts.Try("token in the body", Era::kModern, [&](McpPost& post) {
    json body = json::parse(post.Remove(kHeader).body);
    body["params"]["_meta"]["authorization"] = bearer;
    body["params"]["access_token"] = token;
    post.body = body.dump();
  });
}

// Other spellings of the path must not lead around the check.
void TryPaths(NotedAttempts& attempts, const GatewayTarget& target) {
  const std::string& path = target.path;
  for (const std::string& spelling :
       {"/" + path, path + "/", path + "/..;" + path, "/healthz/.." + path, path + "%2f",
        "http://" + target.host + path, path + "?healthz", path + "#/healthz"}) {
    attempts.Try("no token, path " + spelling, Era::kModern,
                 [&](McpPost& post) { post.Remove(kHeader).target = spelling; });
  }
}

// What one request of a connection may must not rub off on the next.
void TrySameConnection(NotedAttempts& attempts, const McpSender& team, const std::string& foreign) {
  const auto deadline = [&] { return Within(team.target().answer_within); };
  for (const std::string& next : {std::string(), "Bearer " + foreign}) {
    RawConnection connection = team.Connect();
    connection.Send(team.Request(Era::kModern, "tools/list", json::object()).Bytes(), deadline());
    connection.Receive(deadline());
    McpPost post = attempts.witness().Call(Era::kModern, attempts.Next());
    post.Remove(kHeader);
    if (!next.empty()) post.Add(kHeader, next);
    connection.Send(post.Bytes(), deadline());
    attempts.Took(next.empty() ? "no token, on a connection that was served before"
                               : "forged token, on a connection that was served before",
                  connection.Receive(deadline()));
  }
}

}  // namespace

AttackRecord AttackTokens(const McpSender& team, const TokenForge& forge,
                          std::chrono::system_clock::time_point now) {
  NotedAttempts attempts(team);
  const auto control = [&](const std::string& when) {
    for (const Era era : {Era::kModern, Era::kLegacy}) {
      const std::string revision = " (" + std::string(VersionOf(era)) + ")";
      attempts.Control("the rightful token, " + when + revision, era, team.token());
      if (forge.has_key()) {
        attempts.Control("a token forged right in every way, " + when + revision, era,
                         forge.Right(now));
      }
    }
  };
  control("before");
  const std::vector<ForgedToken> strangers = forge.OfAStranger(now);
  TryForged(attempts, strangers);
  TryForged(attempts, forge.WithTheKey(now));
  TryHandovers(attempts, team.token(), strangers.front().token);
  TryPaths(attempts, team.target());
  TrySameConnection(attempts, team, strangers.front().token);
  control("after");
  AttackRecord record = attempts.Finish();
  if (!forge.has_key()) {
    record.unfit =
        "the contract names no signing key: whether expiry, audience and issuer are looked at "
        "could not be tried";
  }
  return record;
}

}  // namespace proving_ground
