// HTTP requests, many at a time, on one thread: libcurl's multi interface with a clock.
//
// HTTP/1.1; connections are kept while they work. A request is sent once: libcurl repeats one by
// itself when a kept connection turns out dead, which would make two operations of one, so bodies
// are given in a way that cannot be given twice.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "support/base/file_descriptor.h"
#include "support/base/poll.h"

namespace proving_ground {

struct ProbeRequest {
  std::string url;
  std::string route;  // see Target::Route
  std::vector<std::string> headers;
  std::optional<std::string> body;  // present: POST; absent: GET
  std::chrono::milliseconds patience{0};
  std::chrono::milliseconds connect_patience{0};  // 0: as long as `patience`
};

struct ProbeAnswer {
  int status = 0;     // 0: none came
  bool sent = false;  // did any of the request leave this machine
  std::string body;
  std::string reason;  // why none came
  Clock::time_point at;
};

class Requests {
 public:
  using Done = std::function<void(const ProbeAnswer&)>;

  Requests();
  ~Requests();
  Requests(const Requests&) = delete;
  Requests& operator=(const Requests&) = delete;

  // Returns at once; `done` is called by Serve, not before `patience` is over at the latest.
  void Send(ProbeRequest request, Done done);
  // Waits until something happens to a request, `until` has come, or `interrupt` (a descriptor, or
  // -1) becomes readable; then calls `done` of what has ended.
  void Serve(Clock::time_point until, int interrupt);
  // Requests under way.
  std::size_t open() const { return busy_.size(); }

 private:
  class Transfer;

  void SetAlarm(Clock::time_point at);
  void TakeAnswers();

  void* multi_;  // CURLM
  FileDescriptor alarm_;
  std::vector<std::unique_ptr<Transfer>> idle_;                      // for reuse
  std::unordered_map<const void*, std::unique_ptr<Transfer>> busy_;  // by handle
};

}  // namespace proving_ground
