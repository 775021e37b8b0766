#include "support/audit/secrets/literal_matcher.h"

#include <deque>

namespace proving_ground {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

LiteralMatcher::LiteralMatcher(const std::vector<std::string_view>& literals, Case letters) {
  columns_ = AddColumns(literals, letters);
  AddState();
  for (uint32_t i = 0; i < literals.size(); ++i) AddLiteral(i, literals[i]);
  CompleteTransitions();
}

uint32_t LiteralMatcher::AddColumns(const std::vector<std::string_view>& literals, Case letters) {
  uint32_t columns = 1;
  for (const std::string_view literal : literals) {
    for (const char c : literal) {
      const char folded = letters == Case::kIgnored ? Lower(c) : c;
      uint16_t& column = column_[static_cast<unsigned char>(folded)];
      if (column == 0) column = static_cast<uint16_t>(columns++);
      column_[static_cast<unsigned char>(c)] = column;
    }
  }
  if (letters == Case::kIgnored) {
    for (char c = 'A'; c <= 'Z'; ++c) {
      column_[static_cast<unsigned char>(c)] = column_[static_cast<unsigned char>(Lower(c))];
    }
  }
  return columns;
}

uint32_t LiteralMatcher::AddState() {
  next_.resize(next_.size() + columns_, kNone);
  first_output_.push_back(kNone);
  return static_cast<uint32_t>(first_output_.size() - 1);
}

void LiteralMatcher::AddLiteral(uint32_t index, std::string_view literal) {
  uint32_t state = 0;
  for (const char c : literal) {
    const size_t edge = state * columns_ + column_[static_cast<unsigned char>(c)];
    if (next_[edge] == kNone) {
      const uint32_t added = AddState();
      next_[edge] = added;
    }
    state = next_[edge];
  }
  if (literal.empty()) return;
  outputs_.push_back({index, static_cast<uint32_t>(literal.size()), first_output_[state]});
  first_output_[state] = static_cast<uint32_t>(outputs_.size() - 1);
}

// Breadth first, so that the state to fall back to is complete before it is needed.
void LiteralMatcher::CompleteTransitions() {
  std::vector<uint32_t> fallback(first_output_.size(), 0);
  std::deque<uint32_t> pending{0};
  while (!pending.empty()) {
    const uint32_t state = pending.front();
    pending.pop_front();
    for (uint32_t column = 0; column < columns_; ++column) {
      uint32_t& target = next_[state * columns_ + column];
      const uint32_t shorter = state == 0 ? 0 : next_[fallback[state] * columns_ + column];
      if (target == kNone) {
        target = shorter;
        continue;
      }
      fallback[target] = shorter;
      pending.push_back(target);
      // What ends at the shorter state ends here as well: its outputs follow the own ones.
      uint32_t* last = &first_output_[target];
      while (*last != kNone) last = &outputs_[*last].next;
      *last = first_output_[shorter];
    }
  }
}

}  // namespace proving_ground
