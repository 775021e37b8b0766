#include "compose/services/gateway/caching_verifier.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

namespace platform {

std::size_t CachingVerifier::DigestHash::operator()(const Digest& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);  // a digest is as random as it gets
  return hash;
}

CachingVerifier::CachingVerifier(std::unique_ptr<TokenVerifier> verifier, Options options)
    : verifier_(std::move(verifier)), options_(std::move(options)) {}

std::optional<Caller> CachingVerifier::Verify(std::string_view token) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  const auto now = options_.now();
  if (const auto known = by_digest_.find(digest); known != by_digest_.end()) {
    if (now < known->second->valid_until) {
      entries_.splice(entries_.begin(), entries_, known->second);
      return known->second->caller;
    }
    entries_.erase(known->second);
    by_digest_.erase(known);
  }

  auto caller = verifier_->Verify(token);
  if (!caller) return std::nullopt;
  if (entries_.size() >= options_.capacity) {
    by_digest_.erase(entries_.back().digest);
    entries_.pop_back();
  }
  entries_.push_front(Entry{digest, *caller, std::min(caller->expires_at, now + options_.max_age)});
  by_digest_.emplace(digest, entries_.begin());
  return caller;
}

}  // namespace platform
