// Looking up the name of a service without ever waiting for the answer.
#pragma once

#include <netinet/in.h>

#include <functional>
#include <string>
#include <vector>

namespace proving_ground {

// IPv4 addresses of a host, in text and sorted; empty when nothing was learned this time.
using Lookup = std::function<std::vector<std::string>()>;
using MakeLookup = std::function<Lookup(const std::string& host)>;

// Asks the first name server of /etc/resolv.conf; a numeric address stands for itself. Every call
// sends a question and takes an answer to this or an earlier one, for which it waits 10 ms.
//
// The C library's resolver would wait for seconds: Docker's name server hands the name of a
// container that does not run on to another server, and on an internal network none answers. By the
// time the C library gave up, the container might have been back for long. Throws EnvironmentError
// when there is no name server.
Lookup DnsLookup(const std::string& host);
// The same with another name server.
Lookup DnsLookupFrom(const sockaddr_in& server, const std::string& host);

}  // namespace proving_ground
