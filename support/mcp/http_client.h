// A small synchronous HTTP client over libcurl: one connection, kept and reused; an overall
// deadline per request; no proxy, no redirects. Not thread-safe: one client per thread.
//
// When a kept connection turns out dead before a byte of the answer came, libcurl sends the request
// once more on a new one. Where that matters use a fresh client for each request.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/base/errors.h"

namespace proving_ground {

// No answer. When not `sent`, the server cannot have acted on the request.
class HttpUnavailable : public EnvironmentError {
 public:
  HttpUnavailable(const std::string& happened, bool sent);
  bool sent() const { return sent_; }

 private:
  bool sent_;
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string body;  // sent when not empty, and always with POST
  std::chrono::milliseconds answer_within{5'000};
};

struct HttpResult {
  int status = 0;
  HttpHeaders headers;  // names in lower case
  std::string body;

  // First header of that (lower-case) name.
  std::optional<std::string> Header(std::string_view name) const;
};

class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  // Any status is a result. Throws HttpUnavailable.
  HttpResult Send(const HttpRequest& request);

 private:
  class Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace proving_ground
