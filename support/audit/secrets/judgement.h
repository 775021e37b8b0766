// Whether a value is a secret, given what its place says: the one decision that all rules about
// passwords share.
#pragma once

#include <optional>
#include <string_view>

#include "support/audit/secrets/assignment.h"
#include "support/audit/secrets/candidate.h"
#include "support/audit/secrets/secret_name.h"

namespace proving_ground {

// Rules that several recognizers report.
inline constexpr std::string_view kWeakPasswordRule = "weak-password";
inline constexpr std::string_view kPasswordRule = "password-assignment";
inline constexpr std::string_view kSecretRule = "secret-assignment";
inline constexpr std::string_view kArgumentRule = "password-in-call";

// Whether texts of this kind set values (compose files, environments, command lines, …) rather than
// speak of them (logs) or compute them (scripts).
bool SetsValues(TextKind kind);

// Judges a value at a place where nothing but a password stands, such as the password of a URL. The
// result is the confidence; kLow for words that anybody would try first. nullopt: it is none.
std::optional<Confidence> JudgePassword(std::string_view value, TextKind kind);

// Judges the value of an assignment.
std::optional<Candidate> JudgeAssignment(const Text& text, const Assignment& assignment,
                                         NameMeaning meaning);

// Judges a member of a mapping or list whose name says what its members are: the member's own name
// says nothing, so a word is none, and where much may stand the value must be machine-made.
std::optional<Candidate> JudgeMember(const Text& text, const Assignment& member,
                                     NameMeaning meaning);

// Judges what is handed to a call in quotes, [begin, end).
std::optional<Candidate> JudgeArgument(const Text& text, size_t begin, size_t end,
                                       CallMeaning meaning);

}  // namespace proving_ground
