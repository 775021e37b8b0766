#include <openssl/sha.h>

#include "compose/services/gateway/tools/schema.h"
#include "compose/services/gateway/tools/tools.h"

namespace platform {
namespace {

asio::awaitable<ToolResult> Digest(const ToolCall& call) {
  const auto& text = call.arguments["text"].get_ref<const std::string&>();
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * sizeof digest);
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  co_return ToolResult::Text(std::move(hex));
}

}  // namespace

std::vector<Tool> TextTools() {
  return {{"text_digest", "Returns the SHA-256 of a text (UTF-8) as 64 hexadecimal digits.",
           ObjectSchema({{"text", StringSchema("The text to digest", 0, 500'000)}}, {"text"}),
           Digest}};
}

}  // namespace platform
