#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "compose/services/common/awaitable.h"

namespace platform {

class ResolveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Returns the addresses of a host, at least one; a numeric address is its own. Throws ResolveError
// that names the host when it has none, or when there is no answer in time.
//
// Each look-up has a thread of its own, which is left behind at the timeout. The name server of a
// Docker network gives no answer at all for a service that does not run at the moment, and
// getaddrinfo() then hangs for seconds: whoever waited for that, or behind it as in the one thread
// of Asio's resolver, would notice the return of the service late.
boost::asio::awaitable<std::vector<boost::asio::ip::address>> Resolve(
    boost::asio::any_io_executor executor, std::string host, std::chrono::milliseconds timeout);

// Makes a look-up that gets no answer end, and its thread with it, after 1 s instead of 10 s. To be
// called before the first one; leaves alone what RES_OPTIONS says already.
void LimitLookupTime();

}  // namespace platform
