// Names looked up at the engine's own name server, from a container's network namespace.
#pragma once

#include <netinet/in.h>

#include <map>
#include <string>
#include <vector>

#include "support/base/file_descriptor.h"
#include "support/base/poll.h"

namespace proving_ground {

// Addresses by name, those without any left out.
using Resolved = std::map<std::string, std::vector<std::string>>;

// The server that the engine puts into the containers on networks of their own: 127.0.0.11:53.
sockaddr_in EngineNameServer();

class NameQueries {
 public:
  // Asks for the IPv4 addresses of all names at once, `ipv6` for the others too, in the network
  // namespace that this thread is in. Throws EnvironmentError; UsageError for what is no name.
  NameQueries(const std::vector<std::string>& names, const sockaddr_in& server, bool ipv6 = false);

  // What was answered until `deadline`; ends sooner when all have been.
  Resolved Finish(Deadline deadline);

 private:
  std::vector<std::string> names_;
  std::size_t questions_ = 0;
  FileDescriptor socket_;
};

}  // namespace proving_ground
