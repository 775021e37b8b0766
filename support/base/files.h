// Files: read, and written so that a reader never sees half of one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace proving_ground {

// Whole content of a file. Throws EnvironmentError.
std::string ReadFile(const std::filesystem::path& path);

// Writes `content` to a temporary file beside `path`, flushes it to the disk and renames it, so
// that `path` holds either the old or the new content, whatever happens in between. The folder must
// exist; the file is readable by its owner only when `mode` is 0600. Throws EnvironmentError; the
// temporary file is removed then.
void WriteFileAtomically(const std::filesystem::path& path, std::string_view content,
                         unsigned mode = 0644);

// Makes a folder and its parents; an existing one is fine. Throws EnvironmentError.
void MakeFolder(const std::filesystem::path& path);

// A fresh folder below the system's temporary folder ($TMPDIR), removed with all it holds.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& prefix);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace proving_ground
