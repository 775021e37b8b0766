// TCP sockets that listen, as /proc/net/tcp and tcp6 list them.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace proving_ground {

// Ports in the text of such a file that other machines could connect to: those bound to a loopback
// address are left out. Lines that cannot be read are skipped.
std::set<int> ListeningPorts(std::string_view text);

// Of the network namespace of a process. Throws EnvironmentError.
std::set<int> ListeningPortsOf(int process);

}  // namespace proving_ground
