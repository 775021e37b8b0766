#include "support/load/proof.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace proving_ground {

std::string Sha256Hex(std::string_view text) {
  std::array<unsigned char, 32> digest;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string FirstProof(std::string_view nonce) { return Sha256Hex(nonce); }

std::string NextProof(std::string_view proof, std::string_view result_text) {
  return Sha256Hex(std::string(proof) + "\n" + std::string(result_text));
}

}  // namespace proving_ground
