// Base64 as it is met in configuration: both alphabets, with and without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace proving_ground {

// nullopt for text that is not base64 (RFC 4648 section 4 or 5).
std::optional<std::string> DecodeBase64(std::string_view encoded);

// RFC 4648 section 4, padded.
std::string EncodeBase64(std::string_view bytes);

// Whether all bytes are what people write: printable ASCII, tab and line ends. Not of an empty
// text.
bool IsPrintable(std::string_view text);

}  // namespace proving_ground
