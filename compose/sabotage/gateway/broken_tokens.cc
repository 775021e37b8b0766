// What a token must prove, each proof left out by itself.
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "compose/sabotage/gateway/broken_parts.h"
#include "compose/services/gateway/base64.h"
#include "compose/services/gateway/json_reader.h"

namespace platform {
namespace {

using nlohmann::json;
using std::chrono::system_clock;

enum class Lax {
  kSignature,       // nobody looks at it
  kNoneAlgorithm,   // the token may say that it has none
  kEmptySignature,  // checked only where there is one
  kOfferedKey,      // the token brings the key along
  kSharedSecret,    // the token chooses the algorithm, and the public key is taken for a secret
  kCritical,        // extensions that must be understood are not
  kExpiry,
  kNoExpiry,  // a token that names none is good for ever
  kNotBefore,
  kAudience,
  kAudiencePrefix,
  kIssuer,
};

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key ReadKey(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  return {PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
}

// The key of a token's header (RFC 7517).
Key ReadOffer(const json& offer) {
  const std::string point = "\x04" + DecodeBase64Url(offer.at("x").get<std::string>()).value() +
                            DecodeBase64Url(offer.at("y").get<std::string>()).value();
  const std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> builder(
      OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters(
      OSSL_PARAM_BLD_to_param(builder.get()), &OSSL_PARAM_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  return {key, &EVP_PKEY_free};
}

// A signature of ES256: two numbers of 32 bytes (RFC 7518 section 3.4).
bool IsSigned(const std::string& text, const std::string& signature, EVP_PKEY* key) {
  if (key == nullptr || signature.size() != 64) return false;
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(ECDSA_SIG_new(),
                                                                   &ECDSA_SIG_free);
  ECDSA_SIG_set0(pair.get(), BN_bin2bn(bytes, 32, nullptr), BN_bin2bn(bytes + 32, 32, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                       &EVP_MD_CTX_free);
  EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key);
  const bool good =
      EVP_DigestVerify(digest.get(), der, static_cast<std::size_t>(size),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  OPENSSL_free(der);
  return good;
}

bool IsMac(const std::string& text, const std::string& mac, const std::string& secret) {
  unsigned char right[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), right, &size);
  return mac == std::string(reinterpret_cast<const char*>(right), size);
}

class LaxVerifier : public TokenVerifier {
 public:
  LaxVerifier(JwtVerifier::Options options, Lax lax) : options_(std::move(options)), lax_(lax) {}

  std::optional<Caller> Verify(std::string_view token) override {
    try {
      return Read(std::string(token));
    } catch (const std::exception&) {
      return std::nullopt;
    }
  }

 private:
  bool Is(Lax lax) const { return lax_ == lax; }

  std::optional<Caller> Read(const std::string& token) const {
    const std::size_t first = token.find('.');
    const std::size_t second = token.find('.', first + 1);
    const std::string text = token.substr(0, second);
    const json header = ReadJson(DecodeBase64Url(text.substr(0, first)).value());
    const json claims = ReadJson(DecodeBase64Url(text.substr(first + 1)).value());
    const std::string signature =
        second == std::string::npos ? "" : DecodeBase64Url(token.substr(second + 1)).value();
    if (header.contains("crit") && !Is(Lax::kCritical)) return std::nullopt;
    if (!Proves(header, text, signature) || !Fits(claims)) return std::nullopt;
    return Caller{claims.at("team"), claims.at("sub"), claims.at("jti"),
                  system_clock::now() + std::chrono::seconds(1)};
  }

  bool Proves(const json& header, const std::string& text, const std::string& signature) const {
    if (Is(Lax::kSignature)) return true;
    if (Is(Lax::kEmptySignature) && signature.empty()) return true;
    std::string algorithm = header.at("alg");
    std::transform(algorithm.begin(), algorithm.end(), algorithm.begin(),
                   [](unsigned char letter) { return std::tolower(letter); });
    if (Is(Lax::kNoneAlgorithm) && algorithm == "none") return true;
    if (Is(Lax::kSharedSecret) && algorithm == "hs256")
      return IsMac(text, signature, options_.public_key_pem);
    if (algorithm != "es256") return false;
    if (Is(Lax::kOfferedKey) && header.contains("jwk"))
      return IsSigned(text, signature, ReadOffer(header["jwk"]).get());
    return IsSigned(text, signature, ReadKey(options_.public_key_pem).get());
  }

  bool Fits(const json& claims) const {
    const std::int64_t now =
        std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch())
            .count();
    const bool expires = !Is(Lax::kExpiry) && (claims.contains("exp") || !Is(Lax::kNoExpiry));
    if (expires && claims.at("exp").get<std::int64_t>() < now) return false;
    if (!Is(Lax::kNotBefore) && claims.at("nbf").get<std::int64_t>() > now + 5) return false;
    if (!Is(Lax::kIssuer) && claims.at("iss") != options_.issuer) return false;
    return Is(Lax::kAudience) || IsForUs(claims.at("aud"));
  }

  bool IsForUs(const json& audience) const {
    if (audience.is_array()) {
      return std::any_of(audience.begin(), audience.end(),
                         [this](const json& one) { return IsForUs(one); });
    }
    if (Is(Lax::kAudiencePrefix)) return audience.get<std::string>().starts_with(options_.audience);
    return audience == options_.audience;
  }

  const JwtVerifier::Options options_;
  const Lax lax_;
};

class LaxTokens : public GatewayFactory {
 public:
  explicit LaxTokens(Lax lax) : lax_(lax) {}

  std::unique_ptr<TokenVerifier> MakeVerifier(JwtVerifier::Options options) const override {
    return std::make_unique<LaxVerifier>(std::move(options), lax_);
  }

 private:
  const Lax lax_;
};

}  // namespace

BrokenParts BrokenTokens() {
  const std::pair<const char*, Lax> lax[] = {
      {"ignores-signature", Lax::kSignature},
      {"accepts-none-algorithm", Lax::kNoneAlgorithm},
      {"accepts-stripped-signature", Lax::kEmptySignature},
      {"accepts-offered-key", Lax::kOfferedKey},
      {"accepts-public-key-as-secret", Lax::kSharedSecret},
      {"ignores-critical-extensions", Lax::kCritical},
      {"ignores-expiry", Lax::kExpiry},
      {"accepts-no-expiry", Lax::kNoExpiry},
      {"ignores-not-before", Lax::kNotBefore},
      {"ignores-audience", Lax::kAudience},
      {"accepts-audience-prefix", Lax::kAudiencePrefix},
      {"ignores-issuer", Lax::kIssuer},
  };
  BrokenParts parts;
  for (const auto& [name, what] : lax) {
    parts.emplace(name, [what = what] { return std::make_unique<LaxTokens>(what); });
  }
  return parts;
}

}  // namespace platform
