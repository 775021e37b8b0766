#include "support/attacks/mcp/token_forge.h"

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::system_clock;

constexpr std::int64_t kHour = 3'600;
constexpr const char* kNobody = "acceptance-nobody";

std::string Part(const json& value) { return ToBase64Url(value.dump()); }
std::string Unsigned(const json& header, const json& claims) {
  return Part(header) + "." + Part(claims);
}
std::string Signed(const json& header, const json& claims, const SigningKey& key) {
  const std::string text = Unsigned(header, claims);
  return text + "." + ToBase64Url(key.Sign(text));
}

// The same object with one member more, or another one.
json With(json object, const char* name, json value) {
  object[name] = std::move(value);
  return object;
}
json Without(json object, const char* name) {
  object.erase(name);
  return object;
}

json JsonPart(std::string_view text) {
  const auto decoded = FromBase64Url(text);
  return decoded ? json::parse(*decoded, nullptr, false) : json(json::value_t::discarded);
}

// A public key as a token may offer it (RFC 7517).
json KeyOffer(const SigningKey& key) {
  const std::string point = key.PublicPoint();
  return {{"kty", "EC"},
          {"crv", "P-256"},
          {"x", ToBase64Url(point.substr(0, 32))},
          {"y", ToBase64Url(point.substr(32))}};
}

}  // namespace

TokenForge::TokenForge(const std::string& rightful, std::string team, std::optional<SigningKey> key)
    : rightful_(rightful), team_(std::move(team)), key_(std::move(key)) {
  const std::size_t first = rightful.find('.');
  const std::size_t last = rightful.rfind('.');
  if (first != std::string::npos && last > first) {
    header_ = JsonPart(std::string_view(rightful).substr(0, first));
    claims_ = JsonPart(std::string_view(rightful).substr(first + 1, last - first - 1));
    signature_ = rightful.substr(last + 1);
  }
  if (!header_.is_object() || !claims_.is_object()) {
    throw EnvironmentError("the access token of " + team_ + " is no signed JSON (RFC 7519)",
                           "tokens of other kinds cannot be forged one claim at a time");
  }
  if (key_ && header_.value("alg", json()) != json("ES256")) {
    throw EnvironmentError("the access token of " + team_ + " is not of the kind ES256",
                           "leave x-acceptance.security.signing_key_file out");
  }
}

// The rightful claims, issued at `now`, valid as long as the rightful token is.
json TokenForge::ClaimsAt(system_clock::time_point now) const {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  json claims = claims_;
  for (const char* name : {"iat", "nbf"}) {
    if (claims.contains(name)) claims[name] = seconds;
  }
  claims["exp"] = seconds + kHour;
  return claims;
}

std::string TokenForge::Right(system_clock::time_point now) const {
  return Signed(header_, ClaimsAt(now), key_.value());
}

std::vector<ForgedToken> TokenForge::OfAStranger(system_clock::time_point now) const {
  const SigningKey own;
  const json claims = ClaimsAt(now);
  const std::string rightful_text = rightful_.substr(0, rightful_.rfind('.'));
  std::string flipped = signature_;
  if (!flipped.empty()) flipped[0] = flipped[0] == 'A' ? 'B' : 'A';

  std::vector<ForgedToken> forged = {
      {"signed with another key", Signed(header_, claims, own)},
      {"key offered in the token itself", Signed(With(header_, "jwk", KeyOffer(own)), claims, own)},
      {"key named by a path", Signed(With(header_, "kid", "../../../dev/null"), claims, own)},
      {"signature stripped", rightful_text + "."},
      {"signature and dot stripped", rightful_text},
      {"one bit of the signature changed", rightful_text + "." + flipped},
      {"signature of zeros", rightful_text + "." + ToBase64Url(std::string(64, '\0'))},
      {"claims changed under the old signature",
       Unsigned(header_, With(claims_, "acceptance", true)) + "." + signature_},
      {"not a token", "acceptance"},
      {"three empty parts", ".."},
      {"header is no JSON", ToBase64Url("{") + "." + Part(claims) + "." + signature_},
  };
  for (const char* none : {"none", "None", "NONE", "nOnE"}) {
    const std::string text = Unsigned(With(header_, "alg", none), claims_);
    forged.push_back({std::string("algorithm ") + none, text + "."});
    forged.push_back(
        {std::string("algorithm ") + none + ", old signature", text + "." + signature_});
  }
  return forged;
}

std::vector<ForgedToken> TokenForge::WithTheKey(system_clock::time_point now) const {
  if (!key_) return {};
  const json claims = ClaimsAt(now);
  std::vector<ForgedToken> forged = WithWrongTimes(claims);
  for (auto& part : {WithWrongNames(claims), WithWrongHeaders(claims)}) {
    forged.insert(forged.end(), part.begin(), part.end());
  }
  return forged;
}

std::vector<ForgedToken> TokenForge::WithWrongTimes(const json& claims) const {
  const auto now = claims["exp"].get<std::int64_t>() - kHour;
  json expired = With(claims, "exp", now - kHour);
  // Issued before it expired: a lifetime below zero would be wrong in a second way.
  for (const char* name : {"iat", "nbf"}) {
    if (expired.contains(name)) expired[name] = now - 2 * kHour;
  }
  std::vector<ForgedToken> forged = {
      {"expired", Signed(header_, expired, *key_)},
      {"without expiry", Signed(header_, Without(claims, "exp"), *key_)},
      {"expiry as text", Signed(header_, With(claims, "exp", "never"), *key_)},
      {"not yet valid",
       Signed(header_, With(With(claims, "exp", now + 2 * kHour), "nbf", now + kHour), *key_)},
  };
  return forged;
}

std::vector<ForgedToken> TokenForge::WithWrongNames(const json& claims) const {
  std::vector<ForgedToken> forged;
  const auto add = [&](const std::string& name, const json& wrong) {
    forged.push_back({name, Signed(header_, wrong, *key_)});
  };
  if (claims.contains("aud")) {
    const json& audience = claims["aud"];
    const std::string right = audience.is_string() ? audience.get<std::string>() : "gateway";
    add("another audience", With(claims, "aud", "acceptance-service"));
    add("audience with something behind it", With(claims, "aud", right + "-other"));
    add("audiences of strangers", With(claims, "aud", {right + "-other", "acceptance-service"}));
    add("without audience", Without(claims, "aud"));
  }
  if (claims.contains("iss")) {
    const std::string right = claims["iss"].is_string() ? claims["iss"].get<std::string>() : "";
    add("another issuer", With(claims, "iss", "acceptance-issuer"));
    add("issuer with something behind it", With(claims, "iss", right + ".example"));
    add("without issuer", Without(claims, "iss"));
  }
  add("of a team that does not exist", OfNobody(claims));
  return forged;
}

// Whichever claims name the team name somebody else.
json TokenForge::OfNobody(json claims) const {
  for (auto& [name, value] : claims.items()) {
    if (value == json(team_)) value = kNobody;
  }
  return claims;
}

std::vector<ForgedToken> TokenForge::WithWrongHeaders(const json& claims) const {
  json critical = With(header_, "crit", {"acceptance"});
  critical["acceptance"] = true;
  // A server that lets the token choose takes the public key for a shared secret (RFC 8725, 2.1): as
  // it stands in its file, or as it was read, without the last line break.
  const std::string text = Unsigned(With(header_, "alg", "HS256"), claims);
  const auto symmetric = [&](const std::string& secret) {
    return text + "." + ToBase64Url(Hmac256(secret, text));
  };
  const std::string file = key_->PublicPem();
  const std::string trimmed = file.substr(0, file.find_last_not_of('\n') + 1);
  return {{"critical extension that nobody knows", Signed(critical, claims, *key_)},
          {"public key used as a shared secret", symmetric(file)},
          {"public key used as a shared secret, trimmed", symmetric(trimmed)},
          {"other algorithm named than was used",
           Signed(With(header_, "alg", "ES384"), claims, *key_)}};
}

}  // namespace proving_ground
