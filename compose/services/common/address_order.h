#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <map>
#include <vector>

namespace platform {

// Which of the addresses of one server name to try first: the one whose last failure is longest
// ago. A client then goes round all of them, and does not stick to a server that accepts
// connections and says nothing more, as one does whose process is frozen.
class AddressOrder {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  // No connection, no answer, or the answer that another server is in charge.
  void Failed(const Endpoint& endpoint);

  // Sorts what the name resolves to at present; those that never failed come first, in the order
  // given. Forgets all other addresses.
  void Sort(std::vector<Endpoint>& endpoints);

 private:
  std::map<Endpoint, std::chrono::steady_clock::time_point> failures_;  // the last of each
};

}  // namespace platform
