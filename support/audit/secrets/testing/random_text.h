// Random texts for tests, the same for the same seed everywhere.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace proving_ground {

class RandomText {
 public:
  explicit RandomText(uint32_t seed) : engine_(seed) {}

  size_t Below(size_t bound) { return engine_() % bound; }
  std::string Of(std::string_view alphabet, size_t length);
  std::string Alphanumeric(size_t length);
  std::string Lower(size_t length);  // letters and digits
  std::string Upper(size_t length);  // letters and digits
  std::string Hex(size_t length);
  std::string UrlSafe(size_t length);
  std::string Base64(size_t bytes);
  std::string Uuid();
  std::string Word();
  template <typename T>
  const T& OneOf(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }

 private:
  std::mt19937 engine_;  // its output is laid down by the standard, that of distributions is not
};

}  // namespace proving_ground
