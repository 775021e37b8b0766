#include "support/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"

namespace proving_ground {
namespace {

FileDescriptor Open(const std::filesystem::path& path, int flags, const std::string& doing) {
  FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC));
  if (!file.valid()) throw SystemError(doing + " " + path.string(), errno);
  return file;
}

// A new file with an unused name beside `path`, so that renaming it stays within one file system.
struct NewFile {
  FileDescriptor descriptor;
  std::filesystem::path path;
};

NewFile CreateBeside(const std::filesystem::path& path) {
  std::string name = path.string() + ".XXXXXX";
  FileDescriptor descriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (!descriptor.valid()) throw SystemError("writing " + path.string(), errno);
  return {std::move(descriptor), name};
}

void WriteAll(int descriptor, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw SystemError("writing " + path.string(), errno);
    content.remove_prefix(static_cast<size_t>(written));
  }
}

std::filesystem::path FolderOf(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

std::string ReadFile(const std::filesystem::path& path) {
  const FileDescriptor file = Open(path, O_RDONLY, "reading");
  std::string content;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw SystemError("reading " + path.string(), errno);
    if (size == 0) return content;
    content.append(buffer.data(), static_cast<size_t>(size));
  }
}

void WriteFileAtomically(const std::filesystem::path& path, std::string_view content,
                         unsigned mode) {
  NewFile file = CreateBeside(path);
  try {
    WriteAll(file.descriptor.get(), content, path);
    if (::fchmod(file.descriptor.get(), mode) != 0 || ::fsync(file.descriptor.get()) != 0) {
      throw SystemError("writing " + path.string(), errno);
    }
    if (::rename(file.path.c_str(), path.c_str()) != 0) {
      throw SystemError("renaming " + file.path.string() + " to " + path.string(), errno);
    }
  } catch (...) {
    ::unlink(file.path.c_str());
    throw;
  }
  // The rename itself is on the disk only after its folder is.
  const FileDescriptor folder = Open(FolderOf(path), O_RDONLY | O_DIRECTORY, "opening");
  if (::fsync(folder.get()) != 0) throw SystemError("writing " + path.string(), errno);
}

void MakeFolder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw SystemError("making folder " + path.string(), error.value());
}

TemporaryFolder::TemporaryFolder(const std::string& prefix) {
  std::string name = (std::filesystem::temp_directory_path() / (prefix + ".XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) throw SystemError("making folder " + name, errno);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // nothing useful can be done about it while unwinding
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace proving_ground
