#include "support/attacks/scout/namespaces.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

constexpr const char* kOwn = "/proc/thread-self/ns/net";

FileDescriptor Open(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) throw SystemError("open " + path, errno);
  return file;
}

std::uint64_t InodeOf(const FileDescriptor& file) {
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) throw SystemError("look at a network namespace", errno);
  return status.st_ino;
}

}  // namespace

NetworkNamespace::NetworkNamespace(FileDescriptor file)
    : file_(std::move(file)), inode_(InodeOf(file_)) {}

NetworkNamespace NetworkNamespace::Of(int process) {
  return NetworkNamespace(Open("/proc/" + std::to_string(process) + "/ns/net"));
}

NetworkNamespace NetworkNamespace::Current() { return NetworkNamespace(Open(kOwn)); }

void NetworkNamespace::Enter() const {
  if (::setns(file_.get(), CLONE_NEWNET) != 0)
    throw SystemError("enter a network namespace", errno);
  if (InodeOf(Open(kOwn)) != inode_) {
    throw EnvironmentError("the kernel did not change the network namespace",
                           "see whether a security module forbids it");
  }
}

}  // namespace proving_ground
