#include "support/attacks/mcp/signing_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr int kNumberSize = 32;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void Require(bool done, const char* what) {
  if (!done) throw EnvironmentError(std::string("OpenSSL cannot ") + what, "check its version");
}

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Signature = std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)>;

}  // namespace

std::string ToBase64Url(std::string_view bytes) {
  std::string text;
  unsigned int buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) text += kAlphabet[(buffer >> (bits - 6)) & 63];
  }
  if (bits > 0) text += kAlphabet[(buffer << (6 - bits)) & 63];
  return text;
}

std::optional<std::string> FromBase64Url(std::string_view text) {
  constexpr std::string_view kDigits(kAlphabet, 64);
  std::string bytes;
  unsigned int buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    buffer = (buffer << 6) | static_cast<unsigned int>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((buffer >> bits) & 255);
  }
  return bytes;
}

std::string Hmac256(std::string_view key, std::string_view text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  Require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(),
               Bytes(digest), &size) != nullptr,
          "compute an HMAC");
  digest.resize(size);
  return digest;
}

SigningKey::SigningKey() : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free) {
  Require(key_ != nullptr, "make a P-256 key");
}

SigningKey::SigningKey(const std::string& pem) {
  const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  key_ = {PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  char group[32] = "";
  if (!key_ || EVP_PKEY_get_group_name(key_.get(), group, sizeof group, nullptr) != 1 ||
      std::string_view(group) != "prime256v1") {
    throw UsageError("the signing key of the contract is no P-256 private key in PEM",
                     "point x-acceptance.security.signing_key_file at the key that tokens are "
                     "signed with, or leave it out");
  }
}

std::string SigningKey::Sign(std::string_view text) const {
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::string der(128, '\0');
  std::size_t size = der.size();
  Require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
              EVP_DigestSign(context.get(), Bytes(der), &size, Bytes(text), text.size()) == 1,
          "sign");
  const unsigned char* begin = Bytes(der);
  const Signature pair(d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(size)), &ECDSA_SIG_free);
  std::string signature(2 * kNumberSize, '\0');
  Require(pair &&
              BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), Bytes(signature), kNumberSize) ==
                  kNumberSize &&
              BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), Bytes(signature) + kNumberSize,
                           kNumberSize) == kNumberSize,
          "write a signature");
  return signature;
}

bool SigningKey::Verifies(std::string_view text, std::string_view signature) const {
  if (signature.size() != 2 * kNumberSize) return false;
  const Signature pair(ECDSA_SIG_new(), &ECDSA_SIG_free);
  if (ECDSA_SIG_set0(pair.get(), BN_bin2bn(Bytes(signature), kNumberSize, nullptr),
                     BN_bin2bn(Bytes(signature) + kNumberSize, kNumberSize, nullptr)) != 1) {
    return false;
  }
  std::string der(128, '\0');
  unsigned char* end = Bytes(der);
  const int size = i2d_ECDSA_SIG(pair.get(), &end);
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return size > 0 &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(der), static_cast<std::size_t>(size), Bytes(text),
                          text.size()) == 1;
}

std::string SigningKey::PublicPem() const {
  const Bio out(BIO_new(BIO_s_mem()), &BIO_free);
  Require(PEM_write_bio_PUBKEY(out.get(), key_.get()) == 1, "write a public key");
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string SigningKey::PublicPoint() const {
  std::array<char, 1 + 2 * kNumberSize> point{};
  std::size_t size = 0;
  Require(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                          reinterpret_cast<unsigned char*>(point.data()),
                                          point.size(), &size) == 1 &&
              size == point.size() && point[0] == 4,  // 4: not compressed
          "read a public key");
  return std::string(point.data() + 1, 2 * kNumberSize);
}

}  // namespace proving_ground
