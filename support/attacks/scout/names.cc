#include "support/attacks/scout/names.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <poll.h>
#include <resolv.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using Message = std::array<unsigned char, 512>;

// A question for the addresses of a name; its identifier, the first two bytes, is ours to choose.
std::vector<unsigned char> Question(const std::string& name, ns_type type, std::size_t identifier) {
  struct __res_state state = {};
  state.options = RES_INIT | RES_RECURSE;
  Message message{};
  const int size = ::res_nmkquery(&state, ns_o_query, name.c_str(), ns_c_in, type, nullptr, 0,
                                  nullptr, message.data(), message.size());
  if (size < 0) throw UsageError("'" + name + "' is no host name", "correct it");
  message[0] = static_cast<unsigned char>(identifier >> 8U);
  message[1] = static_cast<unsigned char>(identifier & 0xFFU);
  return {message.begin(), message.begin() + size};
}

std::vector<std::string> AddressesIn(ns_msg& answer) {
  std::vector<std::string> addresses;
  for (int i = 0; i < ns_msg_count(answer, ns_s_an); ++i) {
    ns_rr record{};
    if (::ns_parserr(&answer, ns_s_an, i, &record) != 0) break;
    const bool v4 = ns_rr_type(record) == ns_t_a && ns_rr_rdlen(record) == sizeof(in_addr);
    const bool v6 = ns_rr_type(record) == ns_t_aaaa && ns_rr_rdlen(record) == sizeof(in6_addr);
    if (!v4 && !v6) continue;
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(v4 ? AF_INET : AF_INET6, ns_rr_rdata(record), text.data(), text.size());
    addresses.emplace_back(text.data());
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

}  // namespace

sockaddr_in EngineNameServer() {
  sockaddr_in server = {};
  server.sin_family = AF_INET;
  server.sin_port = htons(53);
  ::inet_pton(AF_INET, "127.0.0.11", &server.sin_addr);
  return server;
}

NameQueries::NameQueries(const std::vector<std::string>& names, const sockaddr_in& server,
                         bool ipv6)
    : names_(names),
      questions_(ipv6 ? 2 * names.size() : names.size()),
      socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  if (!socket_.valid()) throw SystemError("make a socket", errno);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&server), sizeof(server)) != 0) {
    throw SystemError("reach the name server", errno);
  }
  // First all questions for IPv4, then all for IPv6, numbered through.
  for (std::size_t i = 0; i < questions_; ++i) {
    const std::vector<unsigned char> question =
        Question(names_[i % names_.size()], i < names_.size() ? ns_t_a : ns_t_aaaa, i);
    // One that is lost counts as unanswered; names that must resolve are checked by the judge.
    static_cast<void>(::send(socket_.get(), question.data(), question.size(), 0));
  }
}

Resolved NameQueries::Finish(Deadline deadline) {
  Resolved resolved;
  std::set<std::size_t> answered;
  while (answered.size() < questions_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.Remaining());
    pollfd entry{socket_.get(), POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) <= 0) break;
    Message message{};
    const ssize_t size = ::recv(socket_.get(), message.data(), message.size(), 0);
    if (size < 0) {
      if (errno == EAGAIN || errno == EINTR) continue;
      break;  // nobody listens there
    }
    ns_msg answer{};
    if (::ns_initparse(message.data(), static_cast<int>(size), &answer) != 0) continue;
    const std::size_t index = ns_msg_id(answer);
    if (index >= questions_ || !answered.insert(index).second) continue;
    const std::vector<std::string> addresses = AddressesIn(answer);
    if (addresses.empty()) continue;
    std::vector<std::string>& known = resolved[names_[index % names_.size()]];
    known.insert(known.end(), addresses.begin(), addresses.end());
  }
  return resolved;
}

}  // namespace proving_ground
