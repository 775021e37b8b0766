// Tells secrets apart without holding them.
#pragma once

#include <string>
#include <string_view>

namespace proving_ground {

// HMAC-SHA256 with a salt of the run, cut to 96 bits: the same secret has the same fingerprint
// within a run, and a fingerprint in a report cannot be tried against a list of passwords without
// the salt.
class Fingerprinter {
 public:
  // With a random salt. Throws EnvironmentError if the system gives no random bytes.
  Fingerprinter();
  explicit Fingerprinter(std::string salt) : salt_(std::move(salt)) {}

  // 24 hexadecimal digits.
  std::string Of(std::string_view secret) const;

 private:
  std::string salt_;
};

}  // namespace proving_ground
