// A service as its clients find it: by name, at addresses that may change at any time.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/base/poll.h"
#include "support/faults/probe/dns_lookup.h"
#include "support/faults/probe/probe_config.h"

namespace proving_ground {

// Looks a name up again and again on a thread of its own, so that nobody else ever waits for it:
// every 100 ms while all is well, every 10 ms while there is trouble. Keeps what it knew when a
// lookup fails.
class Resolver {
 public:
  explicit Resolver(Lookup lookup);

  std::vector<std::string> addresses() const;
  void set_trouble(bool trouble);

 private:
  void Run(const std::stop_token& stop);

  const Lookup lookup_;
  mutable std::mutex mutex_;
  std::condition_variable_any trouble_began_;
  bool trouble_ = true;  // until the first answer
  std::vector<std::string> addresses_;
  std::jthread thread_;
};

// Which of a service's addresses to ask. One name may stand for a leader and its standbys: an
// address is kept while it serves, and while none does each is tried in turn.
class Target {
 public:
  Target(ServiceAddress address, const MakeLookup& make_lookup);

  // Whether there is an address to choose.
  bool IsKnown() const { return !resolver_.addresses().empty(); }
  // Absent while none is known.
  std::optional<std::string> Choose();
  // What became of a request sent to `address` at `issued`.
  void Report(const std::string& address, Clock::time_point issued, bool served);
  // Something is wrong that no answer has told yet.
  void ReportHanging() { resolver_.set_trouble(true); }

  // "http://gateway:8080"
  const std::string& origin() const { return origin_; }
  const std::string& host() const { return address_.host; }
  // For CURLOPT_CONNECT_TO: leads requests to the service to that address of it. The address is
  // part of what a connection is known by, so kept connections to an old address are used no more.
  std::string Route(const std::string& address) const;

 private:
  const ServiceAddress address_;
  const std::string origin_;
  Resolver resolver_;
  std::string preferred_;
  bool served_ = false;  // by the preferred address, the last time it was heard of
  Clock::time_point served_at_;
  std::size_t turn_ = 0;
};

}  // namespace proving_ground
