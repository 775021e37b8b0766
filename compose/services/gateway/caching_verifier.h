#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <unordered_map>

#include "compose/services/gateway/token_verifier.h"

namespace platform {

// Remembers the tokens that another verifier accepted, by their SHA-256 and until they expire,
// because checking a signature costs more than the whole rest of a request. Refusals are not
// remembered: there is no end of them.
class CachingVerifier : public TokenVerifier {
 public:
  struct Options {
    std::size_t capacity = 1024;  // the least recently used one makes room
    // Even an unexpired token is verified again after this long.
    std::chrono::seconds max_age{60};
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
  };

  CachingVerifier(std::unique_ptr<TokenVerifier> verifier, Options options);

  std::optional<Caller> Verify(std::string_view token) override;

  std::size_t size() const { return entries_.size(); }

 private:
  using Digest = std::array<unsigned char, 32>;
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const;
  };
  struct Entry {
    Digest digest;
    Caller caller;
    std::chrono::system_clock::time_point valid_until;
  };

  const std::unique_ptr<TokenVerifier> verifier_;
  const Options options_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<Digest, std::list<Entry>::iterator, DigestHash> by_digest_;
};

}  // namespace platform
