// Places where a password stands by position, not by name: options of commands (-p, -a, -u), SQL,
// configuration of Redis, .netrc, a command that reads the password from a pipe.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

// `pattern` is matched where `literal` (lower case) begins, without regard to case. In it
//   {g}  is anything up to the next part of the same command: on one line, continued lines, or the
//        elements of a JSON or YAML list
//   {s}  is what separates two words of a command
//   {v}  is a value, with or without quotes: what is reported
//   {q}  is a value in quotes
// Phrases without either report their only group.
struct Phrase {
  std::string_view rule;
  std::string_view literal;
  std::string_view pattern;
};

std::span<const Phrase> CommandPhrases();
std::span<const Phrase> ServerPhrases();  // SQL, configuration files, protocols

class PhraseRecognizer : public Recognizer {
 public:
  PhraseRecognizer();
  ~PhraseRecognizer() override;

  std::vector<std::string_view> Literals() const override;
  void Inspect(const Text& text, size_t literal, size_t at,
               std::vector<Candidate>& found) const override;

 private:
  struct Compiled;
  std::vector<std::unique_ptr<Compiled>> phrases_;
};

// The password that is piped to a command: `echo secret | sudo -S`, `<<< "user:secret"`.
class PipedPasswordRecognizer : public Recognizer {
 public:
  std::vector<std::string_view> Literals() const override;
  void Inspect(const Text& text, size_t literal, size_t at,
               std::vector<Candidate>& found) const override;
};

}  // namespace proving_ground
