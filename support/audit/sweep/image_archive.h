// Reads the files of an image out of what the engine exports (`docker save`), as it comes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace proving_ground {

struct ImageArchiveLimits {
  std::int64_t file = 64 << 20;    // bytes of one file; what is beyond is not looked at
  std::int64_t total = 4LL << 30;  // bytes of all files
};

struct ImageFile {
  std::string path;       // without a leading '/'
  std::string content;    // at most limits.file bytes
  std::int64_t size = 0;  // as the archive has it
};

struct ImageArchiveSummary {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  int layers = 0;
  bool complete = true;  // false: a limit was met, or a layer could not be read
};

// Reads the exported archive from `descriptor` to its end and calls `on_file` for each regular file
// of each layer (gzip and zstd are undone); files of the outer archive itself, such as the image's
// configuration, come with the path "". Throws EnvironmentError when the archive is damaged.
ImageArchiveSummary ReadImageArchive(int descriptor, const ImageArchiveLimits& limits,
                                     const std::function<void(const ImageFile&)>& on_file);

// The same for what `produce` writes piece by piece, which runs on a thread of its own; what it
// throws is thrown here.
using PieceSink = std::function<void(std::string_view)>;
ImageArchiveSummary ReadImageArchive(const std::function<void(const PieceSink&)>& produce,
                                     const ImageArchiveLimits& limits,
                                     const std::function<void(const ImageFile&)>& on_file);

}  // namespace proving_ground
