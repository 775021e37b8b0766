// A log as it comes, searched in pieces that end with a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "support/audit/sweep/sweep.h"

namespace proving_ground {

struct LogLimits {
  std::size_t piece = 1 << 20;    // bytes that are searched at once
  std::int64_t total = 64 << 20;  // bytes; what comes after them is not looked at
};

class LogPieces {
 public:
  LogPieces(Sweep& sweep, Place place, const LogLimits& limits = {})
      : sweep_(sweep), place_(std::move(place)), limits_(limits) {}

  // Pieces are cut anywhere.
  void Feed(std::string_view piece);
  // To be called once after the last piece. A log that is longer than the limit makes the sweep
  // incomplete.
  void Finish();

 private:
  Sweep& sweep_;
  Place place_;
  LogLimits limits_;
  std::string pending_;
  std::int64_t taken_ = 0;
};

}  // namespace proving_ground
