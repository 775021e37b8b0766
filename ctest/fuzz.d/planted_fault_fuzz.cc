// The control of fuzzing: a reader with a fault on purpose. A text that begins with "BUG!" makes it
// read one byte beyond the end. Nobody comes upon four bytes by chance within seconds: to find it,
// coverage must lead there byte by byte, and the sanitizer must notice the read.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

int ReadFaultily(const std::vector<char>& text) {
  int sum = 0;
  if (text.size() > 4 && text[0] == 'B') {
    if (text[1] == 'U') {
      if (text[2] == 'G') {
        if (text[3] == '!') sum += *(text.data() + text.size());
      }
    }
  }
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> text(data, data + size);
  // So that no optimization leaves the read out.
  [[maybe_unused]] const volatile int sum = ReadFaultily(text);
  return 0;
}
