// Secrets that programs hand to calls by position: KeyStore.load(in, "…"), set_password(user, "…"),
// new UsernamePasswordCredentials("user", "…").
#pragma once

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

class CallRecognizer : public Recognizer {
 public:
  std::vector<std::string_view> Literals() const override;
  void Inspect(const Text& text, size_t literal, size_t at,
               std::vector<Candidate>& found) const override;
};

}  // namespace proving_ground
