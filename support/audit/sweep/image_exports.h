// The files of images, as the engine exports them; for one who sweeps the same images again and
// again, each is exported once.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "support/audit/sweep/engine_view.h"
#include "support/audit/sweep/image_archive.h"

namespace proving_ground {

class ImageExports {
 public:
  // `folder` takes the exports, one file for each image; empty: nothing is kept.
  explicit ImageExports(std::filesystem::path folder = {}) : folder_(std::move(folder)) {}

  // Calls `on_file` for each file of the image with this id, which is a digest of its content: what
  // was exported once stays true. Throws as EngineView::Export and ReadImageArchive, and
  // EnvironmentError when the export cannot be kept; a damaged or broken off one is not kept.
  ImageArchiveSummary Read(const EngineView& engine, const std::string& id,
                           std::chrono::milliseconds timeout,
                           const std::function<void(const ImageFile&)>& on_file) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace proving_ground
