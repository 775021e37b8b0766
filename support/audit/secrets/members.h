// Values without telling names in mappings and lists with one: the children of `app_secrets:`, the
// lines of a section `[credentials]`, the elements of `API_TOKENS = [...]`.
#pragma once

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

class MemberRecognizer : public Recognizer {
 public:
  std::vector<std::string_view> Literals() const override;
  void Inspect(const Text& text, size_t literal, size_t at,
               std::vector<Candidate>& found) const override;
};

}  // namespace proving_ground
