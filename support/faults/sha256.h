// SHA-256, as Redis and the undo journal write it.
#pragma once

#include <string>
#include <string_view>

namespace proving_ground {

// 64 hexadecimal digits.
std::string Sha256(std::string_view content);

}  // namespace proving_ground
