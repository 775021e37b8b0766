// What HTTP requests carry: JSON Web Tokens (decoded, not only matched), Basic and Bearer
// credentials in headers, the `auth` of registries' configuration.
#pragma once

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

class WebCredentialRecognizer : public Recognizer {
 public:
  std::vector<std::string_view> Literals() const override;
  void Inspect(const Text& text, size_t literal, size_t at,
               std::vector<Candidate>& found) const override;
};

}  // namespace proving_ground
