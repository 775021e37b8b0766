#include "support/faults/probe/dns_lookup.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <poll.h>
#include <resolv.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"

namespace proving_ground {
namespace {

constexpr int kAnswerWithinMs = 10;

using Message = std::array<unsigned char, 512>;

std::string ToText(const in_addr& address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, &address, text.data(), text.size());
  return text.data();
}

bool IsNumeric(const std::string& host) {
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

// The addresses in an answer; empty for one without, or that is damaged.
std::vector<std::string> AddressesIn(const Message& message, std::size_t size) {
  std::vector<std::string> addresses;
  ns_msg answer{};
  if (::ns_initparse(message.data(), static_cast<int>(size), &answer) != 0) return addresses;
  for (int i = 0; i < ns_msg_count(answer, ns_s_an); ++i) {
    ns_rr record{};
    if (::ns_parserr(&answer, ns_s_an, i, &record) != 0) break;
    if (ns_rr_type(record) != ns_t_a || ns_rr_rdlen(record) != sizeof(in_addr)) continue;
    in_addr address{};
    std::copy_n(ns_rr_rdata(record), sizeof(address), reinterpret_cast<unsigned char*>(&address));
    addresses.push_back(ToText(address));
  }
  // Servers rotate their answers; that is no change.
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

// The state of the C library's resolver: its configuration.
class ResolverState {
 public:
  ResolverState() { ::res_ninit(&state_); }
  ~ResolverState() { ::res_nclose(&state_); }
  ResolverState(const ResolverState&) = delete;
  ResolverState& operator=(const ResolverState&) = delete;
  res_state get() { return &state_; }

 private:
  struct __res_state state_ {};
};

// Asks for one host. No answer is ever mistaken for another's: each asker has a socket of its own.
class Asker {
 public:
  Asker(const std::string& host, const sockaddr_in& server)
      : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const int size =
        ::res_nmkquery(ResolverState().get(), ns_o_query, host.c_str(), ns_c_in, ns_t_a, nullptr, 0,
                       nullptr, question_.data(), question_.size());
    if (size < 0) throw UsageError("'" + host + "' is no host name", "correct it");
    question_size_ = static_cast<std::size_t>(size);
    if (!socket_.valid() ||
        ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&server), sizeof(server)) != 0) {
      throw SystemError("cannot reach the name server", errno);
    }
  }

  std::vector<std::string> Ask() {
    // What goes wrong here goes wrong again, or does not, at the next call.
    static_cast<void>(::send(socket_.get(), question_.data(), question_size_, 0));
    std::vector<std::string> newest;
    pollfd entry{socket_.get(), POLLIN, 0};
    int wait = kAnswerWithinMs;
    while (::poll(&entry, 1, wait) > 0) {
      Message answer{};
      const ssize_t size = ::recv(socket_.get(), answer.data(), answer.size(), 0);
      if (size < 0) break;
      auto addresses = AddressesIn(answer, static_cast<std::size_t>(size));
      if (addresses.empty()) continue;
      newest = std::move(addresses);
      wait = 0;  // only what is there already
    }
    return newest;
  }

 private:
  Message question_{};
  std::size_t question_size_ = 0;
  FileDescriptor socket_;
};

}  // namespace

Lookup DnsLookup(const std::string& host) {
  if (IsNumeric(host)) return [host] { return std::vector<std::string>{host}; };
  ResolverState configuration;
  if (configuration.get()->nscount < 1) {
    throw EnvironmentError("there is no name server to ask for " + host,
                           "run the probe on a network of the stack");
  }
  return DnsLookupFrom(configuration.get()->nsaddr_list[0], host);
}

Lookup DnsLookupFrom(const sockaddr_in& server, const std::string& host) {
  const auto asker = std::make_shared<Asker>(host, server);
  return [asker] { return asker->Ask(); };
}

}  // namespace proving_ground
