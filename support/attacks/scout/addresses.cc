#include "support/attacks/scout/addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <bit>
#include <cerrno>
#include <memory>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

std::string Text(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, address, text.data(), text.size());
  return text.data();
}

int Ones(const unsigned char* bytes, std::size_t size) {
  int ones = 0;
  for (std::size_t i = 0; i < size; ++i) ones += std::popcount(bytes[i]);
  return ones;
}

InterfaceAddress Describe(const ifaddrs& entry) {
  if (entry.ifa_addr->sa_family == AF_INET) {
    const auto* address = reinterpret_cast<const sockaddr_in*>(entry.ifa_addr);
    const auto* mask = reinterpret_cast<const sockaddr_in*>(entry.ifa_netmask);
    return {Text(AF_INET, &address->sin_addr),
            Ones(reinterpret_cast<const unsigned char*>(&mask->sin_addr), sizeof(in_addr))};
  }
  const auto* address = reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr);
  const auto* mask = reinterpret_cast<const sockaddr_in6*>(entry.ifa_netmask);
  return {Text(AF_INET6, &address->sin6_addr),
          Ones(reinterpret_cast<const unsigned char*>(&mask->sin6_addr), sizeof(in6_addr))};
}

bool IsWanted(const ifaddrs& entry) {
  if (entry.ifa_addr == nullptr || entry.ifa_netmask == nullptr) return false;
  if ((entry.ifa_flags & IFF_LOOPBACK) != 0) return false;
  if (entry.ifa_addr->sa_family == AF_INET) return true;
  if (entry.ifa_addr->sa_family != AF_INET6) return false;
  const auto* address = reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr);
  return !IN6_IS_ADDR_LINKLOCAL(&address->sin6_addr);
}

}  // namespace

AnySocketAddress ToSocketAddress(const std::string& address, int port) {
  AnySocketAddress result;
  auto& v4 = reinterpret_cast<sockaddr_in&>(result.address);
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<in_port_t>(port));
    result.size = sizeof(v4);
    return result;
  }
  auto& v6 = reinterpret_cast<sockaddr_in6&>(result.address);
  if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<in_port_t>(port));
    result.size = sizeof(v6);
    return result;
  }
  throw UsageError("'" + address + "' is no address", "write it as 172.18.0.3 or fd00::3");
}

std::vector<InterfaceAddress> AddressesHere() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) throw SystemError("list the addresses of interfaces", errno);
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, ::freeifaddrs);
  std::vector<InterfaceAddress> addresses;
  for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
    if (IsWanted(*entry)) addresses.push_back(Describe(*entry));
  }
  return addresses;
}

}  // namespace proving_ground
