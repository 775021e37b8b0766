// The gateway with one part replaced by a broken one: see ../README.md.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compose/services/gateway/gateway_main.h"

namespace platform {

// The factory of a gateway that is broken in the way of that name; nullptr: there is none.
std::unique_ptr<GatewayFactory> BrokenGateway(std::string_view name);

// All names, in byte order.
std::vector<std::string> BrokenGatewayNames();

}  // namespace platform
