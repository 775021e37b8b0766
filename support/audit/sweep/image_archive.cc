#include "support/audit/sweep/image_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>
#include <thread>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"

namespace proving_ground {
namespace {

struct FreeArchive {
  void operator()(struct archive* archive) const { archive_read_free(archive); }
};
using Archive = std::unique_ptr<struct archive, FreeArchive>;

constexpr size_t kBlock = 64 * 1024;
constexpr size_t kPeek = 512;  // a tar header

Archive NewArchive() {
  Archive archive(archive_read_new());
  archive_read_support_filter_all(archive.get());
  archive_read_support_format_tar(archive.get());
  return archive;
}

[[noreturn]] void ThrowDamaged(struct archive* archive) {
  const char* reason = archive_error_string(archive);
  throw EnvironmentError(
      fmt::format("the exported image cannot be read: {}", reason ? reason : "unknown"),
      "try `docker save` by hand");
}

bool LooksLikeArchive(std::string_view start) {
  return (start.size() > 262 && start.substr(257, 5) == "ustar") || start.starts_with("\x1f\x8b") ||
         start.starts_with("\x28\xb5\x2f\xfd");
}

// Data of the present entry of an archive, handed on as the bytes of an inner one.
struct EntryData {
  struct archive* outer;
  std::string pending;  // read already, to see what it is
  std::array<char, kBlock> block;
};

la_ssize_t ReadEntry(struct archive*, void* context, const void** data) {
  auto* entry = static_cast<EntryData*>(context);
  *data = entry->block.data();
  if (!entry->pending.empty()) {
    const size_t size = std::min(entry->pending.size(), entry->block.size());
    std::copy_n(entry->pending.begin(), size, entry->block.begin());
    entry->pending.erase(0, size);
    return static_cast<la_ssize_t>(size);
  }
  return archive_read_data(entry->outer, entry->block.data(), entry->block.size());
}

class Reader {
 public:
  Reader(const ImageArchiveLimits& limits, const std::function<void(const ImageFile&)>& on_file)
      : limits_(limits), on_file_(on_file) {}

  // Depth 0 is the export itself, 1 a layer.
  void Read(struct archive* archive, int depth) {
    struct archive_entry* entry = nullptr;
    for (int result = 0; (result = archive_read_next_header(archive, &entry)) != ARCHIVE_EOF;) {
      if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return Damaged(archive, depth);
      if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_size(entry) == 0) continue;
      if (summary_.bytes >= limits_.total) {
        summary_.complete = false;
        return;
      }
      const char* name = archive_entry_pathname(entry);
      ReadFile(archive, name == nullptr ? "" : name, archive_entry_size(entry), depth);
    }
  }

  const ImageArchiveSummary& summary() const { return summary_; }

 private:
  // A damaged export is an error; a damaged archive inside it may be anybody's file.
  void Damaged(struct archive* archive, int depth) {
    if (depth == 0) ThrowDamaged(archive);
    summary_.complete = false;
  }

  void ReadFile(struct archive* archive, std::string path, std::int64_t size, int depth) {
    EntryData data{archive, std::string(kPeek, '\0'), {}};
    const la_ssize_t got = archive_read_data(archive, data.pending.data(), kPeek);
    if (got < 0) return Damaged(archive, depth);
    data.pending.resize(static_cast<size_t>(got));
    if (depth == 0 && LooksLikeArchive(data.pending)) return ReadLayer(data, depth + 1);
    while (path.starts_with("./") || path.starts_with("/")) path.erase(0, path[0] == '/' ? 1 : 2);
    ImageFile file{depth == 0 ? "" : std::move(path), std::move(data.pending), size};
    while (static_cast<std::int64_t>(file.content.size()) < std::min(size, limits_.file)) {
      const la_ssize_t more = archive_read_data(archive, data.block.data(), data.block.size());
      if (more < 0) return Damaged(archive, depth);
      if (more == 0) break;
      file.content.append(data.block.data(), static_cast<size_t>(more));
    }
    if (size > limits_.file) summary_.complete = false;
    ++summary_.files;
    summary_.bytes += static_cast<std::int64_t>(file.content.size());
    on_file_(file);
  }

  void ReadLayer(EntryData& data, int depth) {
    ++summary_.layers;
    const Archive inner = NewArchive();
    if (archive_read_open(inner.get(), &data, nullptr, ReadEntry, nullptr) != ARCHIVE_OK) {
      summary_.complete = false;
      return;
    }
    Read(inner.get(), depth);
  }

  const ImageArchiveLimits& limits_;
  const std::function<void(const ImageFile&)>& on_file_;
  ImageArchiveSummary summary_;
};

// Thrown inside the producer to end it when nobody reads any more.
struct ReaderGone {};

void WriteAll(int descriptor, std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t sent = ::send(descriptor, piece.data(), piece.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) throw ReaderGone();
    piece.remove_prefix(static_cast<size_t>(sent));
  }
}

}  // namespace

ImageArchiveSummary ReadImageArchive(int descriptor, const ImageArchiveLimits& limits,
                                     const std::function<void(const ImageFile&)>& on_file) {
  const Archive archive = NewArchive();
  if (archive_read_open_fd(archive.get(), descriptor, kBlock) != ARCHIVE_OK) {
    ThrowDamaged(archive.get());
  }
  Reader reader(limits, on_file);
  reader.Read(archive.get(), 0);
  return reader.summary();
}

ImageArchiveSummary ReadImageArchive(const std::function<void(const PieceSink&)>& produce,
                                     const ImageArchiveLimits& limits,
                                     const std::function<void(const ImageFile&)>& on_file) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw EnvironmentError(std::string("no socket pair: ") + std::strerror(errno),
                           "close other programs");
  }
  std::exception_ptr failure;
  std::jthread producer([&, end = ends[1]] {
    const FileDescriptor owned(end);
    try {
      produce([end](std::string_view piece) { WriteAll(end, piece); });
    } catch (const ReaderGone&) {
      // The reader says why.
    } catch (...) {
      failure = std::current_exception();
    }
  });
  ImageArchiveSummary summary;
  std::exception_ptr damaged;
  {
    const FileDescriptor reading(ends[0]);
    try {
      summary = ReadImageArchive(reading.get(), limits, on_file);
    } catch (...) {
      damaged = std::current_exception();
    }
  }
  producer.join();
  // What broke the export off is the better reason.
  if (failure) std::rethrow_exception(failure);
  if (damaged) std::rethrow_exception(damaged);
  return summary;
}

}  // namespace proving_ground
