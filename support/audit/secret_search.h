// What the configuration rules ask of a secret detector. The rules know where a secret must not
// stand; the detector knows what one looks like.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace proving_ground {

// A secret that was recognised, described without its value.
struct SecretHit {
  std::string kind;         // "private key", "token", "known secret", …
  std::size_t length = 0;   // of the value, in bytes
  std::string fingerprint;  // salted: equal values of one run have equal ones
  bool known = false;       // it is one of the stack's own declared secrets
};

class SecretSearch {
 public:
  virtual ~SecretSearch() = default;

  // Secrets in `value`; `name` is what it is assigned to ("REDIS_PASSWORD", a label's name), empty
  // when there is none ("docker run" command lines, image history).
  virtual std::vector<SecretHit> Find(std::string_view name, std::string_view value) const = 0;
};

}  // namespace proving_ground
