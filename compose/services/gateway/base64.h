#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace platform {

// Decodes base64url without padding (RFC 7515 section 2), or base64 with padding (RFC 4648 section
// 4). Strict: any character outside the alphabet, wrong padding, or a stray bit at the end yields
// nothing, so that no two spellings mean the same.
std::optional<std::string> DecodeBase64Url(std::string_view text);
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace platform
