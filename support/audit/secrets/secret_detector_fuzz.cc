// Bytes of any origin, searched as every kind of text: nothing is reported that does not lie in
// them.

#include <cstdlib>

#include "support/audit/secrets/secret_detector.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (!proving_ground::ScanBytes(data, size)) std::abort();
  return 0;
}
