// A request and an answer of HTTP/1.1, as handlers see them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platform {

struct HttpRequest {
  std::string method;                        // as received: "GET", "POST", ...
  std::string target;                        // as received: "/v1/events?after=0-0"
  std::string path;                          // target up to '?', not decoded
  std::map<std::string, std::string> query;  // decoded; of a repeated key the last one
  std::vector<std::pair<std::string, std::string>> headers;  // as received, repeated ones kept
  std::string body;
  std::uint64_t connection = 0;  // the same for all requests of one connection to one server

  // The value of the first header of this name (any case), or an empty view.
  std::string_view Header(std::string_view name) const;
  std::size_t HeaderCount(std::string_view name) const;
};

struct HttpResponse {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type = "application/json";  // sent only with a body
  std::string body;
};

// Whether two names of header fields are the same, whatever their case.
bool SameName(std::string_view a, std::string_view b);

}  // namespace platform
