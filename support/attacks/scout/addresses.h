// Addresses of both families, as the system calls take them and as people write them.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

namespace proving_ground {

struct AnySocketAddress {
  sockaddr_storage address = {};
  socklen_t size = 0;
};

// "172.18.0.3" or "fd00::3". Throws UsageError.
AnySocketAddress ToSocketAddress(const std::string& address, int port);

// One address of an interface of the current network namespace; loopback and link-local ones are
// left out.
struct InterfaceAddress {
  std::string address;
  int prefix = 0;  // bits of the address that name its network
};

// Throws EnvironmentError.
std::vector<InterfaceAddress> AddressesHere();

}  // namespace proving_ground
