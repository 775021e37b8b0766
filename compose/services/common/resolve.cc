#include "compose/services/common/resolve.h"

#include <netdb.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace platform {

namespace asio = boost::asio;
using asio::ip::address;

namespace {

struct Found {
  std::vector<address> addresses;
  std::string failure;
};

Found LookUp(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  Found found;
  if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list); error != 0) {
    found.failure = gai_strerror(error);
    return found;
  }
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    endpoint.resize(entry->ai_addrlen);
    std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
    found.addresses.push_back(endpoint.address());
  }
  freeaddrinfo(list);
  if (found.addresses.empty()) found.failure = "it has no address";
  return found;
}

// What the coroutine that waits shares with the thread that looks up. `wake` belongs to the
// coroutine, and is reset when it goes away: timer and executor may be gone before the thread ends.
struct Lookup {
  std::mutex mutex;
  asio::steady_timer* wake = nullptr;
  Found found{.addresses = {}, .failure = "no answer in time"};
};

void Finish(const std::shared_ptr<Lookup>& lookup, Found found) {
  const std::lock_guard lock(lookup->mutex);
  if (lookup->wake == nullptr) return;
  lookup->found = std::move(found);
  asio::post(lookup->wake->get_executor(), [lookup] {
    const std::lock_guard relock(lookup->mutex);
    if (lookup->wake != nullptr) lookup->wake->cancel();
  });
}

class Waiting {
 public:
  Waiting(Lookup& lookup, asio::steady_timer& wake) : lookup_(lookup) { lookup_.wake = &wake; }
  ~Waiting() {
    const std::lock_guard lock(lookup_.mutex);
    lookup_.wake = nullptr;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Lookup& lookup_;
};

[[noreturn]] void Fail(const std::string& host, const std::string& why) {
  throw ResolveError("cannot resolve " + host + ": " + why);
}

// What happens outside the coroutine, where g++ 12 is to be trusted with temporaries.
void LookUpInBackground(const std::shared_ptr<Lookup>& lookup, const std::string& host) {
  try {
    std::thread([lookup, host] { Finish(lookup, LookUp(host)); }).detach();
  } catch (const std::system_error& error) {
    Fail(host, error.what());
  }
}

}  // namespace

asio::awaitable<std::vector<address>> Resolve(asio::any_io_executor executor, std::string host,
                                              std::chrono::milliseconds timeout) {
  boost::system::error_code error;
  std::vector<address> addresses{asio::ip::make_address(host, error)};
  if (!error) co_return addresses;
  asio::steady_timer wake(executor, timeout);
  const auto lookup = std::make_shared<Lookup>();
  const Waiting waiting(*lookup, wake);
  LookUpInBackground(lookup, host);
  co_await wake.async_wait(asio::redirect_error(asio::use_awaitable, error));
  const std::lock_guard lock(lookup->mutex);
  if (lookup->found.addresses.empty()) Fail(host, lookup->found.failure);
  addresses = lookup->found.addresses;
  co_return addresses;
}

void LimitLookupTime() { setenv("RES_OPTIONS", "timeout:1 attempts:1", 0); }

}  // namespace platform
