// Archives as the engine exports them, for tests.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <map>
#include <string>

namespace proving_ground {

inline la_ssize_t AppendTo(struct archive*, void* text, const void* data, size_t size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

// `files`: content by path.
inline std::string Packed(const std::map<std::string, std::string>& files, bool gzip = false) {
  std::string packed;
  struct archive* archive = archive_write_new();
  archive_write_set_format_ustar(archive);
  if (gzip) archive_write_add_filter_gzip(archive);
  archive_write_open(archive, &packed, nullptr, AppendTo, nullptr);
  for (const auto& [path, content] : files) {
    struct archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, path.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_write_header(archive, entry);
    archive_write_data(archive, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_free(archive);
  return packed;
}

}  // namespace proving_ground
