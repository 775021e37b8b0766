#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/faults/helper/commands.h"
#include "support/faults/helper/firewall.h"
#include "support/faults/helper/packet_rules.h"
#include "support/faults/helper/report.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

// Longer than any answer on a container network takes, short enough to prove at once.
constexpr milliseconds kSilence{250};
// A lost first packet is repeated after a second.
constexpr milliseconds kPatienceBefore{2'500};

std::string Rules(const DropOptions& options) {
  std::string out = "    ip daddr @peers tcp flags & (syn | ack) == syn counter name attempts\n";
  if (options.direction != Direction::kIn) out += "    ip daddr @peers counter name sent drop\n";
  std::string rules = PeerSet(options.addresses) +
                      "  counter attempts { }\n  counter sent { }\n  counter received { }\n" +
                      Chain("output", out);
  if (options.direction != Direction::kOut) {
    rules += Chain("input", "    ip saddr @peers counter name received drop\n");
  }
  return rules;
}

// The addresses, and the control after them.
std::vector<SocketAddress> Canaries(const DropOptions& options) {
  std::vector<SocketAddress> canaries;
  for (const std::string& address : options.addresses) {
    canaries.push_back({.host = ParseHost(address), .port = options.port});
  }
  if (options.control) canaries.push_back(*options.control);
  return canaries;
}

// Throws EnvironmentError unless every address, and the control, answers while nothing is dropped.
void ProveReachable(const DropOptions& options, const std::vector<SocketAddress>& canaries) {
  const auto answers = Reach(canaries, kPatienceBefore);
  for (size_t index = 0; index < canaries.size(); ++index) {
    if (answers[index]) continue;
    const bool is_control = index >= options.addresses.size();
    throw EnvironmentError((is_control ? std::string("the control") : options.addresses[index]) +
                               " does not answer although nothing is dropped yet",
                           "check that the service there runs");
  }
}

// Throws EnvironmentError unless no address answers any more and the control does.
void ProveDropped(const DropOptions& options, const std::vector<SocketAddress>& canaries) {
  const auto answers = Reach(canaries, kSilence);
  for (size_t index = 0; index < options.addresses.size(); ++index) {
    if (answers[index]) {
      throw EnvironmentError(options.addresses[index] + " still answers: the rules have no effect",
                             "check that the traffic takes another way");
    }
  }
  if (options.control && !answers.back()) {
    throw EnvironmentError("the control does not answer any more either",
                           "check whether it has ended, or the machine is overloaded");
  }
}

}  // namespace

void Drop(const DropOptions& options) {
  const std::vector<SocketAddress> canaries = Canaries(options);
  ProveReachable(options, canaries);
  const Firewall firewall(Rules(options));
  ProveDropped(options, canaries);
  const PacketCounts counts = firewall.Packets();
  if (counts.at("sent") + counts.at("received") == 0) {
    throw EnvironmentError("the addresses are silent, but not because of a packet dropped here",
                           "check that the services at all addresses run");
  }
  nlohmann::json ready = nlohmann::json::object();
  ready["ready"] = true;
  ready["canary_before"] = true;
  ready["canary_now"] = false;
  ready["packets"] = counts.at("sent") + counts.at("received");
  if (options.control) ready["control"] = true;
  Report(ready);
  Count(firewall, options.end, [](const PacketCounts& counts) {
    nlohmann::json line = nlohmann::json::object();
    line["packets"] = counts.at("sent") + counts.at("received");
    line["connection_attempts"] = counts.at("attempts");
    return line;
  });
}

}  // namespace proving_ground
