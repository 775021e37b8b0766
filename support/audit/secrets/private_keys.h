// Private keys in their own formats: PEM (PKCS#1, PKCS#8, EC, OpenSSH), PGP blocks, PuTTY, JSON Web
// Key; also with line ends written as \n, on one line, or as base64 of the whole.
#pragma once

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

class PrivateKeyRecognizer : public Recognizer {
 public:
  std::vector<std::string_view> Literals() const override;
  void Inspect(const Text& text, size_t literal, size_t at,
               std::vector<Candidate>& found) const override;
};

}  // namespace proving_ground
