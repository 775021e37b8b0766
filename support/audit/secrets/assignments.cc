#include "support/audit/secrets/assignments.h"

#include <iterator>

#include "support/audit/secrets/assignment.h"
#include "support/audit/secrets/judgement.h"
#include "support/audit/secrets/secret_name.h"

namespace proving_ground {

std::vector<std::string_view> AssignmentRecognizer::Literals() const {
  return {std::begin(kTellingLiterals), std::end(kTellingLiterals)};
}

void AssignmentRecognizer::Inspect(const Text& text, size_t literal, size_t at,
                                   std::vector<Candidate>& found) const {
  const NameSpan name = ExtendName(text.bytes, at, at + kTellingLiterals[literal].size());
  // What follows is cheaper to look at than what the name means.
  const std::optional<Assignment> assignment = ParseAssignment(text, name);
  if (!assignment) return;
  const NameMeaning meaning = MeaningOf(assignment->name);
  if (meaning == NameMeaning::kNothing) return;
  if (const auto candidate = JudgeAssignment(text, *assignment, meaning))
    found.push_back(*candidate);
}

}  // namespace proving_ground
