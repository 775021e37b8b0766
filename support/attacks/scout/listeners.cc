#include "support/attacks/scout/listeners.h"

#include <cstdio>
#include <sstream>

#include "support/base/files.h"

namespace proving_ground {
namespace {

constexpr const char* kListen = "0A";

// Addresses stand there as the bytes of memory words: 0100007F is 127.0.0.1 on the machines that
// engines run on (little-endian).
bool IsLoopback(const std::string& hexadecimal) {
  if (hexadecimal.size() == 8) return hexadecimal.ends_with("7F");
  if (hexadecimal == "00000000000000000000000001000000") return true;  // ::1
  // ::ffff:127.x.y.z
  return hexadecimal.starts_with("0000000000000000FFFF0000") && hexadecimal.ends_with("7F");
}

}  // namespace

std::set<int> ListeningPorts(std::string_view text) {
  std::set<int> ports;
  std::istringstream lines{std::string(text)};
  std::string line;
  std::getline(lines, line);  // heading
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string row, local, remote, state;
    words >> row >> local >> remote >> state;
    const std::size_t colon = local.find(':');
    if (state != kListen || colon == std::string::npos) continue;
    unsigned port = 0;
    if (std::sscanf(local.c_str() + colon + 1, "%4x", &port) != 1) continue;
    if (!IsLoopback(local.substr(0, colon))) ports.insert(static_cast<int>(port));
  }
  return ports;
}

std::set<int> ListeningPortsOf(int process) {
  const std::string folder = "/proc/" + std::to_string(process) + "/net/";
  std::set<int> ports = ListeningPorts(ReadFile(folder + "tcp"));
  try {
    ports.merge(ListeningPorts(ReadFile(folder + "tcp6")));
  } catch (const std::exception&) {
    // A kernel without IPv6 has no such file.
  }
  return ports;
}

}  // namespace proving_ground
