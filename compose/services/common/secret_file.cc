#include "compose/services/common/secret_file.h"

#include <fstream>

#include "compose/services/common/configuration_error.h"

namespace platform {
namespace {

constexpr std::size_t kMaxSecretBytes = 64 * 1024;

}  // namespace

std::string ReadSecretFile(const std::filesystem::path& path) {
  const std::string name = "secret file " + path.string();
  std::ifstream file(path, std::ios::binary);
  std::string content(kMaxSecretBytes + 1, '\0');
  // Opening a directory succeeds; only reading from it fails.
  if (!file ||
      (file.read(content.data(), static_cast<std::streamsize>(content.size())), file.bad())) {
    throw ConfigurationError(
        name + " cannot be read; create it, or make it readable for this service's user");
  }
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.size() > kMaxSecretBytes) {
    throw ConfigurationError(name + " is larger than 64 KiB; name the right file");
  }
  if (content.ends_with('\n')) content.pop_back();
  if (content.ends_with('\r')) content.pop_back();
  if (content.empty()) throw ConfigurationError(name + " is empty; write the secret into it");
  return content;
}

}  // namespace platform
