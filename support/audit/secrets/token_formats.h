// Tokens that say themselves what they are. The formats are public: issuers document their prefixes
// so that leaked tokens are recognized.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

struct TokenFormat {
  std::string_view rule;
  std::string_view literal;    // case counts
  std::string_view tail;       // pattern of what follows the literal
  std::string_view head = "";  // pattern of what stands before it
};

std::span<const TokenFormat> CloudTokenFormats();  // clouds, platforms, infrastructure, monitoring
std::span<const TokenFormat> CodeTokenFormats();   // code hosting, CI, package registries, planning
std::span<const TokenFormat> ServiceTokenFormats();  // payment, chat, mail, AI, databases
std::span<const TokenFormat> HashFormats();          // password hashes: guessable offline

class TokenRecognizer : public Recognizer {
 public:
  TokenRecognizer();
  ~TokenRecognizer() override;

  std::vector<std::string_view> Literals() const override;
  void Inspect(const Text& text, size_t literal, size_t at,
               std::vector<Candidate>& found) const override;

 private:
  struct Compiled;
  void Add(std::span<const TokenFormat> formats);

  std::vector<std::unique_ptr<Compiled>> formats_;
};

}  // namespace proving_ground
