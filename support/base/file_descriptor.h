// An owned file descriptor.
#pragma once

#include <unistd.h>

#include <utility>

namespace proving_ground {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(other.Release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      Close();
      descriptor_ = other.Release();
    }
    return *this;
  }
  ~FileDescriptor() { Close(); }

  bool valid() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

  void Close() {
    if (valid()) ::close(std::exchange(descriptor_, -1));
  }

 private:
  int Release() { return std::exchange(descriptor_, -1); }

  int descriptor_ = -1;
};

}  // namespace proving_ground
