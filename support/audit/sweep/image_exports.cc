#include "support/audit/sweep/image_exports.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <fstream>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

// An id is "sha256:" and digits: what else it may hold must not lead out of the folder.
std::string FileName(std::string id) {
  for (char& c : id) {
    if (c == '/' || c == ':') c = '-';
  }
  return id + ".tar";
}

void ExportTo(const fs::path& part, const EngineView& engine, const std::string& id,
              std::chrono::milliseconds timeout) {
  std::ofstream stream(part, std::ios::binary | std::ios::trunc);
  engine.Export(
      id,
      [&](std::string_view piece) {
        stream.write(piece.data(), static_cast<std::streamsize>(piece.size()));
      },
      timeout);
  stream.close();
  if (!stream) {
    throw EnvironmentError(fmt::format("{} cannot be written", part.string()),
                           "make room on the disk, or the folder writable");
  }
}

void Export(const EngineView& engine, const std::string& id, std::chrono::milliseconds timeout,
            const fs::path& file) {
  MakeFolder(file.parent_path());
  fs::path part = file;
  part += ".part";
  try {
    ExportTo(part, engine, id, timeout);
  } catch (...) {
    fs::remove(part);
    throw;
  }
  fs::rename(part, file);
}

}  // namespace

ImageArchiveSummary ImageExports::Read(const EngineView& engine, const std::string& id,
                                       std::chrono::milliseconds timeout,
                                       const std::function<void(const ImageFile&)>& on_file) const {
  if (folder_.empty()) {
    return ReadImageArchive([&](const PieceSink& sink) { engine.Export(id, sink, timeout); }, {},
                            on_file);
  }
  const fs::path file = folder_ / FileName(id);
  if (!fs::exists(file)) Export(engine, id, timeout, file);
  const FileDescriptor kept(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!kept.valid()) {
    throw EnvironmentError(fmt::format("{} cannot be read", file.string()), "remove it");
  }
  try {
    const ImageArchiveSummary summary = ReadImageArchive(kept.get(), {}, on_file);
    if (!summary.complete) fs::remove(file);
    return summary;
  } catch (const EnvironmentError&) {
    fs::remove(file);
    throw;
  }
}

}  // namespace proving_ground
