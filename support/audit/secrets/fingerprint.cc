#include "support/audit/secrets/fingerprint.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <iterator>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

constexpr size_t kSaltSize = 32;
constexpr size_t kFingerprintSize = 12;

std::string RandomSalt() {
  std::string salt(kSaltSize, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(salt.data()), static_cast<int>(salt.size())) !=
      1) {
    throw EnvironmentError("OpenSSL gives no random bytes",
                           "check the system's source of randomness");
  }
  return salt;
}

}  // namespace

Fingerprinter::Fingerprinter() : salt_(RandomSalt()) {}

std::string Fingerprinter::Of(std::string_view secret) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), salt_.data(), static_cast<int>(salt_.size()),
       reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data(), &size);
  std::string hexadecimal;
  for (size_t i = 0; i < kFingerprintSize; ++i) {
    fmt::format_to(std::back_inserter(hexadecimal), "{:02x}", digest[i]);
  }
  return hexadecimal;
}

}  // namespace proving_ground
