#include "support/attacks/scout/neighbours.h"

#include <fstream>
#include <iterator>
#include <sstream>

namespace proving_ground {
namespace {

std::string TextOf(const char* file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::optional<std::int64_t> TableFulls(const std::string& text) {
  std::istringstream lines(text);
  std::string line, word;
  std::getline(lines, line);
  std::istringstream head(line);
  int column = -1;
  for (int at = 0; head >> word; ++at) {
    if (word == "table_fulls") column = at;
  }
  if (column < 0) return std::nullopt;
  std::int64_t sum = 0;
  while (std::getline(lines, line)) {
    std::istringstream row(line);
    for (int at = 0; row >> word; ++at) {
      if (at == column) sum += std::stoll(word, nullptr, 16);
    }
  }
  return sum;
}

std::optional<std::int64_t> NeighboursRefused() {
  const auto refused = TableFulls(TextOf("/proc/net/stat/arp_cache"));
  if (!refused) return std::nullopt;
  // A kernel without IPv6 has no table for it.
  return *refused + TableFulls(TextOf("/proc/net/stat/ndisc_cache")).value_or(0);
}

}  // namespace proving_ground
