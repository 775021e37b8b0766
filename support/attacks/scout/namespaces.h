// Network namespaces of other processes, entered by this thread.
#pragma once

#include <cstdint>

#include "support/base/file_descriptor.h"

namespace proving_ground {

class NetworkNamespace {
 public:
  // That of a process as this program's process namespace numbers it. Throws EnvironmentError.
  static NetworkNamespace Of(int process);
  // The one this thread is in.
  static NetworkNamespace Current();

  // Enters it, and makes sure that the kernel has done so: the namespace that this thread is in
  // afterwards has this one's number. Takes SYS_ADMIN. Throws EnvironmentError.
  void Enter() const;

  // The kernel's number of it.
  std::uint64_t inode() const { return inode_; }

 private:
  explicit NetworkNamespace(FileDescriptor file);

  FileDescriptor file_;
  std::uint64_t inode_ = 0;
};

}  // namespace proving_ground
