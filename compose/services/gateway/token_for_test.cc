#include "compose/services/gateway/token_for_test.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

namespace platform {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string TextOf(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::vector<unsigned char> SignDer(const std::string& private_pem, const std::string& text) {
  const Bio bio(BIO_new_mem_buf(private_pem.data(), static_cast<int>(private_pem.size())),
                &BIO_free);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  std::size_t size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) != 1) {
    throw std::runtime_error("cannot sign");
  }
  std::vector<unsigned char> signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, data, text.size()) != 1) {
    throw std::runtime_error("cannot sign");
  }
  signature.resize(size);
  return signature;
}

}  // namespace

std::string EncodeBase64UrlForTest(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return text;
}

SigningKeyForTest::SigningKeyForTest(const char* curve) {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve), &EVP_PKEY_free);
  const Bio private_bio(BIO_new(BIO_s_mem()), &BIO_free);
  const Bio public_bio(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey(private_bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_PUBKEY(public_bio.get(), key.get());
  private_pem_ = TextOf(private_bio);
  public_pem_ = TextOf(public_bio);
}

std::string SigningKeyForTest::SignText(const std::string& signed_text) const {
  const auto der = SignDer(private_pem_, signed_text);
  const unsigned char* position = der.data();
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(der.size())), &ECDSA_SIG_free);
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), reinterpret_cast<unsigned char*>(raw.data()), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), reinterpret_cast<unsigned char*>(raw.data()) + 32,
               32);
  return signed_text + "." + EncodeBase64UrlForTest(raw);
}

std::string SigningKeyForTest::Sign(const nlohmann::json& header,
                                    const nlohmann::json& claims) const {
  return SignText(EncodeBase64UrlForTest(header.dump()) + "." +
                  EncodeBase64UrlForTest(claims.dump()));
}

nlohmann::json ClaimsForTest(const std::string& team) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  return {{"iss", "issuer"}, {"aud", "mcp-gateway"}, {"sub", team}, {"team", team},
          {"jti", "test"},   {"iat", now},           {"nbf", now},  {"exp", now + 3600}};
}

}  // namespace platform
