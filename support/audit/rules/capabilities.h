// Which capabilities a container's settings give its processes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/audit/rules/settings.h"

namespace proving_ground::audit {

// Bit n is capability number n.
using CapabilitySet = std::uint64_t;

bool Holds(CapabilitySet set, std::string_view name);
bool DropsAll(const Privileges& privileges);
// What the engine grants: its default set, less what is dropped, with what is added.
CapabilitySet GrantedCapabilities(const Privileges& privileges);
// "NET_RAW, SYS_ADMIN"; bits without a name as numbers.
std::string CapabilityText(CapabilitySet set);

}  // namespace proving_ground::audit
