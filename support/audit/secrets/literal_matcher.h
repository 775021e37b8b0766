// Finds many literals in a text at once, in one pass (Aho and Corasick, CACM 18(6), 1975).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace proving_ground {

class LiteralMatcher {
 public:
  enum class Case { kExact, kIgnored };

  // Empty literals are never found. With kIgnored the literals and the text are compared without
  // regard to the case of ASCII letters.
  explicit LiteralMatcher(const std::vector<std::string_view>& literals,
                          Case letters = Case::kExact);

  // Calls visit(index of the literal, offset where it begins) for every occurrence, overlapping
  // ones too, in the order of their ends.
  template <typename Visitor>
  void ForEach(std::string_view text, Visitor&& visit) const {
    uint32_t state = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      state = next_[state * columns_ + column_[static_cast<unsigned char>(text[i])]];
      for (uint32_t at = first_output_[state]; at != kNone; at = outputs_[at].next) {
        visit(outputs_[at].literal, i + 1 - outputs_[at].size);
      }
    }
  }

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};
  struct Output {
    uint32_t literal;
    uint32_t size;
    uint32_t next;  // of the literals that end here too, or kNone
  };

  uint32_t AddColumns(const std::vector<std::string_view>& literals, Case letters);
  uint32_t AddState();
  void AddLiteral(uint32_t index, std::string_view literal);
  void CompleteTransitions();

  std::array<uint16_t, 256> column_{};  // of a byte; 0 is every byte that is in no literal
  uint32_t columns_ = 0;
  std::vector<uint32_t> next_;  // state after [state * columns_ + column]
  std::vector<uint32_t> first_output_;
  std::vector<Output> outputs_;
};

}  // namespace proving_ground
