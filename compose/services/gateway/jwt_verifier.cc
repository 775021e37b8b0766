#include "compose/services/gateway/jwt_verifier.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <jwt/jwt.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "compose/services/common/configuration_error.h"
#include "compose/services/gateway/base64.h"
#include "compose/services/gateway/json_reader.h"

namespace platform {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr std::size_t kMaxTokenSize = 4096;
constexpr std::size_t kSignatureSize = 86;  // two 32-byte numbers, base64url without padding
constexpr std::int64_t kLastSecond =
    253'402'300'799;  // of the year 9999; keeps the arithmetic below from overflowing

void RequireP256PublicKey(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  char group[32] = "";
  if (!key || EVP_PKEY_get_group_name(key.get(), group, sizeof group, nullptr) != 1 ||
      std::string_view(group) != "prime256v1") {
    throw ConfigurationError(
        "the token key is no P-256 public key in PEM; make one with: "
        "openssl ec -in <private key> -pubout");
  }
}

struct TokenParts {
  json header;
  json claims;
};

// Splits and decodes a token of exactly three parts, without trusting any of it.
std::optional<TokenParts> Split(std::string_view token) {
  if (token.size() > kMaxTokenSize) return std::nullopt;
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.size() - second - 1 != kSignatureSize)
    return std::nullopt;
  const auto header = DecodeBase64Url(token.substr(0, first));
  const auto claims = DecodeBase64Url(token.substr(first + 1, second - first - 1));
  if (!header || !claims || !DecodeBase64Url(token.substr(second + 1))) return std::nullopt;
  return TokenParts{ReadJson(*header), ReadJson(*claims)};
}

// The header may say which algorithm it is, and nothing that changes how the token is to be
// verified. Key references (kid, jku, x5u, jwk) are not looked at.
bool IsAcceptableHeader(const json& header) {
  if (!header.is_object() || header.value("alg", json()) != "ES256" || header.contains("crit"))
    return false;
  const auto type = header.find("typ");
  return type == header.end() || *type == "JWT";
}

bool HasValidSignature(std::string_view token, const std::string& public_key_pem) {
  using namespace jwt::params;
  std::error_code error;
  const auto decoded = jwt::decode(jwt::string_view(token.data(), token.size()),
                                   algorithms({"ES256"}), error, secret(public_key_pem),
                                   verify(true), leeway(60));  // times are judged by CallerOf()
  return !error && decoded.header().algo() == jwt::algorithm::ES256;
}

std::optional<std::string> Text(const json& claims, const char* name) {
  const auto claim = claims.find(name);
  if (claim == claims.end() || !claim->is_string()) return std::nullopt;
  return claim->get<std::string>();
}

std::optional<system_clock::time_point> Time(const json& claims, const char* name) {
  const auto claim = claims.find(name);
  if (claim == claims.end() || !claim->is_number_integer()) return std::nullopt;
  if (claim->is_number_unsigned() &&
      claim->get<std::uint64_t>() > static_cast<std::uint64_t>(kLastSecond)) {
    return std::nullopt;
  }
  const auto value = claim->get<std::int64_t>();
  if (value < 0) return std::nullopt;
  return system_clock::time_point(seconds(value));
}

bool Names(const json& audience, const std::string& wanted) {
  if (audience.is_array())
    return std::find(audience.begin(), audience.end(), wanted) != audience.end();
  return audience == wanted;
}

}  // namespace

bool IsTeamName(std::string_view name) {
  return !name.empty() && name.size() <= 63 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

JwtVerifier::JwtVerifier(Options options) : options_(std::move(options)) {
  RequireP256PublicKey(options_.public_key_pem);
}

std::optional<Caller> JwtVerifier::Verify(std::string_view token) {
  try {
    const auto parts = Split(token);
    if (!parts || !IsAcceptableHeader(parts->header)) return std::nullopt;
    // Claims first: they are cheap to refuse, and a signature costs a tenth of a millisecond to
    // check.
    auto caller = CallerOf(parts->claims);
    if (!caller || !HasValidSignature(token, options_.public_key_pem)) return std::nullopt;
    return caller;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<Caller> JwtVerifier::CallerOf(const json& claims) const {
  if (!claims.is_object() || Text(claims, "iss") != options_.issuer) return std::nullopt;
  if (!claims.contains("aud") || !Names(claims["aud"], options_.audience)) return std::nullopt;
  const auto team = Text(claims, "team");
  const auto subject = Text(claims, "sub");
  const auto token_id = Text(claims, "jti");
  const auto issued_at = Time(claims, "iat");
  const auto not_before = Time(claims, "nbf");
  const auto expires_at = Time(claims, "exp");
  if (!team || !IsTeamName(*team) || !subject || !token_id || !issued_at || !not_before ||
      !expires_at) {
    return std::nullopt;
  }
  const auto now = options_.now();
  if (now + options_.leeway < *not_before || now + options_.leeway < *issued_at)
    return std::nullopt;
  if (now >= *expires_at + options_.leeway) return std::nullopt;
  if (*expires_at - *issued_at > options_.max_lifetime) return std::nullopt;
  return Caller{*team, *subject, *token_id, *expires_at + options_.leeway};
}

}  // namespace platform
