// A set of words, written as one text.
#pragma once

#include <string_view>
#include <unordered_set>

namespace proving_ground {

class WordList {
 public:
  // Words are separated by blanks and line ends. The text must outlive the list.
  explicit WordList(std::string_view words) {
    while (!words.empty()) {
      const size_t end = words.find_first_of(" \n");
      if (end > 0) words_.insert(words.substr(0, end));
      words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    }
  }

  bool Contains(std::string_view word) const { return words_.contains(word); }

 private:
  std::unordered_set<std::string_view> words_;
};

}  // namespace proving_ground
