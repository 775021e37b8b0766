#include <arpa/inet.h>
#include <sys/socket.h>

#include <cerrno>
#include <cmath>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"
#include "support/faults/helper/commands.h"
#include "support/faults/helper/firewall.h"
#include "support/faults/helper/packet_rules.h"
#include "support/faults/helper/report.h"

namespace proving_ground {
namespace {

constexpr int kProofDatagrams = 1'000;
constexpr int kDiscardPort = 9;  // where nobody listens; RFC 863
// Deviations of the binomial distribution within which the measured share must lie.
constexpr double kDeviations = 5;

std::string Rules(const LoseOptions& options) {
  const auto lose = [&](const std::string& match) {
    return "    " + match + " counter name seen\n    " + match + " numgen random mod 100 < " +
           std::to_string(options.percent) + " counter name lost drop\n";
  };
  std::string rules = PeerSet(options.addresses) + "  counter seen { }\n  counter lost { }\n";
  rules += Chain("output", lose("ip daddr @peers"));
  if (options.both_ways) rules += Chain("input", lose("ip saddr @peers"));
  return rules;
}

// Sends datagrams to the peer. What it answers to a closed port comes back the same way.
void SendDatagrams(const in_addr& host) {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) throw SystemError("make a socket", errno);
  sockaddr_in target = {};
  target.sin_family = AF_INET;
  target.sin_port = htons(kDiscardPort);
  target.sin_addr = host;
  for (int datagram = 0; datagram < kProofDatagrams; ++datagram) {
    // A datagram dropped on its way out is reported as not permitted: just what is wanted.
    ::sendto(socket.get(), "", 0, 0, reinterpret_cast<const sockaddr*>(&target), sizeof(target));
  }
}

// Share of the datagrams that was lost, in percent. Throws EnvironmentError when it is not the one
// wanted.
double ProveShare(const LoseOptions& options, const Firewall& firewall) {
  SendDatagrams(ParseHost(options.addresses.front()));
  const PacketCounts counts = firewall.Packets();
  const auto packets = static_cast<double>(counts.at("seen"));
  if (packets < kProofDatagrams / 2) {
    throw EnvironmentError("the rules have not seen the datagrams meant to prove their effect",
                           "check that " + options.addresses.front() + " can be routed to");
  }
  const double wanted = options.percent / 100.0;
  const double measured = static_cast<double>(counts.at("lost")) / packets;
  if (std::abs(measured - wanted) > kDeviations * std::sqrt(wanted * (1 - wanted) / packets)) {
    throw EnvironmentError("lost are " + std::to_string(measured * 100) + " percent of packets",
                           "check which other rules this network namespace has");
  }
  return measured * 100;
}

}  // namespace

void Lose(const LoseOptions& options) {
  const Firewall firewall(Rules(options));
  nlohmann::json ready = nlohmann::json::object();
  ready["ready"] = true;
  ready["measured_percent"] = ProveShare(options, firewall);
  Report(ready);
  Count(firewall, options.end, [](const PacketCounts& counts) {
    nlohmann::json line = nlohmann::json::object();
    line["packets"] = counts.at("seen");
    line["lost"] = counts.at("lost");
    return line;
  });
}

}  // namespace proving_ground
