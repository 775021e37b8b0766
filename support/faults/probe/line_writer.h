// Lines to a pipe whose reader may be slow: never blocks before the end.
#pragma once

#include <string>
#include <string_view>

#include "support/base/poll.h"

namespace proving_ground {

// Collects lines and hands them on in one piece, 10 ms after the first at the latest. What the
// reader is too slow for waits in memory.
class LineWriter {
 public:
  // `descriptor` is made non-blocking and stays the caller's.
  explicit LineWriter(int descriptor);

  void Add(std::string_view line);
  // When Flush is to be called next; far in the future while there is nothing to write.
  Clock::time_point due() const;
  // Writes what is due. Throws EnvironmentError when the reader is gone.
  void Flush();
  // Writes everything, and waits for the reader until the deadline. Throws like Flush;
  // DeadlineExceeded.
  void FlushAll(Deadline deadline);

 private:
  void Write();

  const int descriptor_;
  std::string buffer_;
  Clock::time_point due_ = Clock::time_point::max();
};

}  // namespace proving_ground
