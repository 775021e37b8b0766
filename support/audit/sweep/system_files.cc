#include "support/audit/sweep/system_files.h"

#include <algorithm>
#include <array>

namespace proving_ground {

bool IsSystemFile(std::string_view path) {
  static constexpr std::array<std::string_view, 20> kFolders = {"usr/share/",
                                                                "usr/lib/",
                                                                "usr/lib64/",
                                                                "usr/libexec/",
                                                                "usr/include/",
                                                                "usr/bin/",
                                                                "usr/sbin/",
                                                                "lib/",
                                                                "lib64/",
                                                                "bin/",
                                                                "sbin/",
                                                                "var/lib/dpkg/",
                                                                "var/lib/apk/",
                                                                "var/lib/rpm/",
                                                                "var/cache/",
                                                                "etc/ssl/certs/",
                                                                "etc/pki/ca-trust/",
                                                                "usr/local/go/",
                                                                "usr/local/include/",
                                                                "etc/pam.d/"};
  static constexpr std::array<std::string_view, 6> kPackages = {
      "/site-packages/", "/dist-packages/", "/node_modules/",
      "/gems/",          "/go/pkg/mod/",    "/.cargo/registry/"};
  return std::any_of(kFolders.begin(), kFolders.end(),
                     [&](std::string_view folder) { return path.starts_with(folder); }) ||
         std::any_of(kPackages.begin(), kPackages.end(), [&](std::string_view folder) {
           return path.find(folder) != std::string_view::npos;
         });
}

bool IsText(std::string_view bytes) {
  constexpr size_t kLooked = 8 * 1024;
  return bytes.substr(0, kLooked).find('\0') == std::string_view::npos;
}

}  // namespace proving_ground
