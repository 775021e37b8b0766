#include "support/faults/in_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"

namespace proving_ground {
namespace {

FileDescriptor OpenForWriting(const std::filesystem::path& path) {
  return FileDescriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
}

// Secrets are mostly read-only, even for their owner.
FileDescriptor OpenReadOnlyFile(const std::filesystem::path& path) {
  struct stat before = {};
  if (::stat(path.c_str(), &before) != 0) throw SystemError("reading " + path.string(), errno);
  if (::chmod(path.c_str(), before.st_mode | S_IWUSR) != 0) {
    throw SystemError("making " + path.string() + " writable", errno);
  }
  FileDescriptor file = OpenForWriting(path);
  const int error_number = errno;
  ::chmod(path.c_str(), before.st_mode);
  if (!file.valid()) throw SystemError("writing " + path.string(), error_number);
  return file;
}

}  // namespace

void OverwriteInPlace(const std::filesystem::path& path, std::string_view content) {
  FileDescriptor file = OpenForWriting(path);
  if (!file.valid() && errno == EACCES) file = OpenReadOnlyFile(path);
  if (!file.valid()) throw SystemError("writing " + path.string(), errno);
  for (std::string_view rest = content; !rest.empty();) {
    const ssize_t written = ::write(file.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw SystemError("writing " + path.string(), errno);
    rest.remove_prefix(static_cast<size_t>(written));
  }
  // Shortened last: a reader never finds it empty.
  if (::ftruncate(file.get(), static_cast<off_t>(content.size())) != 0 ||
      ::fsync(file.get()) != 0) {
    throw SystemError("writing " + path.string(), errno);
  }
}

void RemoveForGood(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    throw SystemError("removing " + path.string(), errno);
  }
  const FileDescriptor folder(::open(path.parent_path().empty() ? "." : path.parent_path().c_str(),
                                     O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::fsync(folder.get()) != 0) {
    throw SystemError("removing " + path.string(), errno);
  }
}

}  // namespace proving_ground
