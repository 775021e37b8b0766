#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "compose/services/common/http_server.h"

namespace platform {

// Finds the end of a request's header in bytes that arrive in pieces, and refuses the line shapes
// that parsers are known to read differently: bare LF, bare CR, folded lines (RFC 9112 sections 2.2
// and 5.2).
class HeaderScanner {
 public:
  enum class Result { kNeedMore, kComplete, kMalformed, kTooLarge };

  HeaderScanner(std::size_t max_bytes, std::size_t max_fields)
      : max_bytes_(max_bytes), max_fields_(max_fields) {}

  // `received` is everything received so far, and only grows from call to call.
  Result Scan(std::string_view received);

  // Size of the header with its empty line, once complete.
  std::size_t size() const { return line_start_; }

 private:
  const std::size_t max_bytes_;
  const std::size_t max_fields_;
  std::size_t line_start_ = 0;
  std::size_t scanned_ = 0;
  std::size_t lines_ = 0;
};

// Parses one request: first its header, then the body piece by piece.
class HttpParser {
 public:
  explicit HttpParser(const HttpServer::Options& options);
  ~HttpParser();

  // Both return 0, or the status (400, 413, 431) to refuse the request with. ParseBody() sets
  // `consumed` to how many bytes belonged to this request's body.
  unsigned ParseHeader(std::string_view header);
  unsigned ParseBody(std::string_view received, std::size_t& consumed);

  bool done() const;
  bool keep_alive() const;
  bool expects_continue() const;

  // The request; headers as they stood before the body (trailers of a chunked body are ignored).
  HttpRequest& request();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace platform
