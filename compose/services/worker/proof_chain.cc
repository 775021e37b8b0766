#include "compose/services/worker/proof_chain.h"

#include <openssl/sha.h>

#include <array>

namespace platform {
namespace {

std::string Sha256Hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace

ProofChain::ProofChain(std::string_view nonce) : value_(Sha256Hex(nonce)) {}

void ProofChain::Extend(std::string_view answer) {
  std::string link = value_;
  link += '\n';
  link += answer;
  value_ = Sha256Hex(link);
}

}  // namespace platform
