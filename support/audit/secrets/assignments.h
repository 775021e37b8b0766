// Values whose name tells that they are secret.
#pragma once

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

class AssignmentRecognizer : public Recognizer {
 public:
  std::vector<std::string_view> Literals() const override;
  void Inspect(const Text& text, size_t literal, size_t at,
               std::vector<Candidate>& found) const override;
};

}  // namespace proving_ground
