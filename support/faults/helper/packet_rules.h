// Pieces of packet rules that the commands share.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/base/poll.h"
#include "support/faults/helper/firewall.h"

namespace proving_ground {

// The set `peers` of these addresses. Throws UsageError when one is no address.
std::string PeerSet(const std::vector<std::string>& addresses);

// A chain that sees packets sent ("output") or received ("input"), with these rules.
std::string Chain(std::string_view hook, const std::string& rules);

// Reports what is counted from now on until `end` or SIGTERM: as `line` puts it, with the time it
// was counted for as "held_ms".
void Count(const Firewall& firewall, Deadline end,
           const std::function<nlohmann::json(const PacketCounts&)>& line);

}  // namespace proving_ground
