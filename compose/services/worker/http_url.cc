#include "compose/services/worker/http_url.h"

#include "compose/services/common/configuration_error.h"
#include "compose/services/common/options.h"

namespace platform {

HttpUrl ParseHttpUrl(std::string_view text) {
  const ConfigurationError error("'" + std::string(text) +
                                 "' is no address; write for example http://gateway:8080/mcp");
  constexpr std::string_view kScheme = "http://";
  if (!text.starts_with(kScheme) || text.find_first_of("?#@ ") != std::string_view::npos)
    throw error;
  std::string_view authority = text.substr(kScheme.size());
  HttpUrl url;
  if (const auto slash = authority.find('/'); slash != std::string_view::npos) {
    url.path = authority.substr(slash);
    authority = authority.substr(0, slash);
  }
  const bool has_port = authority.rfind(':') != std::string_view::npos && !authority.ends_with(']');
  const HostPort server =
      ParseHostPort(has_port ? std::string(authority) : std::string(authority) + ":80");
  if (server.port == 0) throw error;
  url.host = server.host;
  url.port = server.port;
  return url;
}

}  // namespace platform
