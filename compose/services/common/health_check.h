#pragma once

#include <cstdint>
#include <string_view>

namespace platform {

// Asks the service on 127.0.0.1:`port` for `path` and returns the exit code of a container health
// check: 0 when the answer is 200 within two seconds, else 1. Plain sockets, for a check is a whole
// process every few seconds.
int CheckHealth(std::uint16_t port, std::string_view path);

}  // namespace platform
