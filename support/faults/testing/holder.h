// A child process that holds a fault open, to be killed.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <set>
#include <string>

#include "support/base/file_descriptor.h"

namespace proving_ground {

// The children of `parent` that run the program `name`.
std::set<pid_t> ChildrenOf(pid_t parent, const std::string& name);

class Holder {
 public:
  // Starts fault_holder; returns when the fault's effect is proved. Throws EnvironmentError.
  Holder(const std::filesystem::path& folder, const std::string& project, const std::string& fault);
  // Kills it, if that was not done.
  ~Holder();
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  // SIGKILL, and waits until it is gone.
  void Kill();
  // The same to its reaper. Call it before Kill.
  void KillReaper();
  pid_t Reaper() const { return reaper_; }

 private:
  pid_t process_ = -1;
  pid_t reaper_ = -1;
};

}  // namespace proving_ground
