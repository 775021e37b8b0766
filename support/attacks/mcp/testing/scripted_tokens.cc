#include <chrono>

#include "support/attacks/mcp/testing/scripted_gateway.h"
#include "support/attacks/mcp/testing/scripted_request.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr const char* kIssuer = "proving-ground";
constexpr const char* kAudience = "mcp-gateway";

std::int64_t Now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

McpSender ScriptedGateway::Team(const std::string& team) const {
  const json claims = {{"iss", kIssuer}, {"aud", kAudience}, {"sub", team},         {"team", team},
                       {"iat", Now()},   {"nbf", Now()},     {"exp", Now() + 3'600}};
  const std::string text =
      ToBase64Url(R"({"alg":"ES256","typ":"JWT"})") + "." + ToBase64Url(claims.dump());
  GatewayTarget target;
  target.address = "127.0.0.1";
  target.port = port_;
  target.host = "gateway:8080";
  target.answer_within = std::chrono::milliseconds(1'500);
  return {target, text + "." + ToBase64Url(key_.Sign(text))};
}

std::map<std::string, McpSender> ScriptedGateway::Teams() const {
  std::map<std::string, McpSender> teams;
  for (const auto& [team, tools] : Tools()) teams.emplace(team, Team(team));
  return teams;
}

// The team of the request's token; empty: there is none that counts.
std::string ScriptedGateway::Authorize(const Incoming& request) const {
  std::string header = request.Header("authorization");
  if (request.Count("authorization") > 1 && !Is(Defect::kFirstAuthorization)) return {};
  if (header.empty() && Is(Defect::kTokenInQuery)) {
    const std::size_t at = request.target.find("access_token=");
    if (at != std::string::npos) header = "Bearer " + request.target.substr(at + 13);
  }
  if (!header.starts_with("Bearer ")) return {};
  const std::string team = TeamOf(header.substr(7));
  const std::string claimed = request.Header("x-team");
  return !team.empty() && !claimed.empty() && Is(Defect::kTrustsHeader) ? claimed : team;
}

std::string ScriptedGateway::TeamOf(const std::string& token) const {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string::npos || last == first) return {};
  const auto header_text = FromBase64Url(token.substr(0, first));
  const auto claims_text = FromBase64Url(token.substr(first + 1, last - first - 1));
  const auto signature = FromBase64Url(token.substr(last + 1));
  if (!header_text || !claims_text || !signature) return {};
  const json header = json::parse(*header_text, nullptr, false);
  const json claims = json::parse(*claims_text, nullptr, false);
  if (!header.is_object() || !claims.is_object()) return {};
  if (!IsSigned(token.substr(0, last), *signature, header)) return {};
  const json audience = claims.value("aud", json());
  const bool named =
      audience == kAudience || (Is(Defect::kAudiencePrefix) && audience.is_string() &&
                                audience.get<std::string>().starts_with(kAudience));
  if (!named && !Is(Defect::kNoAudience)) return {};
  if (claims.value("iss", json()) != kIssuer && !Is(Defect::kNoIssuer)) return {};
  const json expiry = claims.value("exp", json());
  const bool alive = expiry.is_number_integer() && expiry.get<std::int64_t>() > Now();
  if (!alive && !Is(Defect::kNoExpiry)) return {};
  if (claims.value("nbf", std::int64_t{0}) > Now() && !Is(Defect::kNoNotBefore)) return {};
  const std::string team = claims.value("team", "");
  return Tools().contains(team) || Is(Defect::kUnknownTeams) ? team : "";
}

bool ScriptedGateway::IsSigned(const std::string& text, const std::string& signature,
                               const json& header) const {
  if (Is(Defect::kNoSignature)) return true;
  const std::string algorithm = LowerCase(header.value("alg", ""));
  if (Is(Defect::kAlgorithmOfToken) && algorithm == "none") return true;
  // The double takes the offered key at its word: the forgery is signed with it.
  if (Is(Defect::kKeyOfToken) && header.contains("jwk")) return true;
  return algorithm == "es256" && !header.contains("crit") && key_.Verifies(text, signature);
}

}  // namespace proving_ground
