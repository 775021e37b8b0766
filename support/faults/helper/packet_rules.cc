#include "support/faults/helper/packet_rules.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "support/faults/helper/reach.h"
#include "support/faults/helper/report.h"

namespace proving_ground {

std::string PeerSet(const std::vector<std::string>& addresses) {
  std::string elements;
  for (const std::string& address : addresses) {
    ParseHost(address);
    elements += (elements.empty() ? "" : ", ") + address;
  }
  return "  set peers { type ipv4_addr; elements = { " + elements + " }; }\n";
}

std::string Chain(std::string_view hook, const std::string& rules) {
  const std::string name(hook);
  return "  chain " + name + " {\n    type filter hook " + name + " priority 0;\n" + rules +
         "  }\n";
}

void Count(const Firewall& firewall, Deadline end,
           const std::function<nlohmann::json(const PacketCounts&)>& line) {
  const PacketCounts before = firewall.Packets();
  const Clock::time_point began = Clock::now();
  const auto counted = [&] {
    PacketCounts counts = firewall.Packets();
    for (auto& [name, packets] : counts) packets -= before.at(name);
    nlohmann::json document = line(counts);
    document["held_ms"] =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count();
    return document;
  };
  Live(end, [&] { Report(counted()); });
  nlohmann::json last = counted();
  last["ended"] = true;
  Report(last);
}

}  // namespace proving_ground
