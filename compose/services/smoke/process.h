#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace platform::testing {

// One service as a process of its own. The destructor kills it.
class Process {
 public:
  // Starts `arguments[0]` with its output appended to `log`. Throws std::runtime_error.
  Process(std::vector<std::string> arguments, const std::string& log);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void Signal(int number) const;

  // Waits for the end and returns the exit code, or minus the number of the signal that ended it.
  // Nothing is returned if it still runs after `time`.
  std::optional<int> WaitForEnd(std::chrono::milliseconds time);

  // Resident memory, in KiB.
  long ResidentKib() const;

 private:
  pid_t pid_ = -1;
};

}  // namespace platform::testing
