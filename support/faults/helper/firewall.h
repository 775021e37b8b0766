// Packet rules in the network namespace that this program runs in, bound to its life.
//
// They live in a table of their own that has the flag `owner`: the kernel lets nobody else change
// it, and removes it as soon as the process that made it has ended, however that came about.
// (nft(8), "flags owner"; Linux 5.12 and later.)
#pragma once

#include <nftables/libnftables.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace proving_ground {

// Packets by the name of the counter that counted them.
using PacketCounts = std::map<std::string, std::int64_t>;

class Firewall {
 public:
  // `rules` in the language of nft: what stands between the braces of a table, named counters
  // included. Throws EnvironmentError with what the kernel says against them.
  explicit Firewall(const std::string& rules);

  // How many packets each named counter has counted. Throws EnvironmentError when the table is
  // gone.
  PacketCounts Packets() const;

 private:
  using Context = std::unique_ptr<nft_ctx, decltype(&nft_ctx_free)>;
  static Context MakeContext();

  const std::string table_;
  Context owner_;   // holds the table as long as it lives
  Context reader_;  // apart, since reading may make a context lose its connection to the kernel
};

}  // namespace proving_ground
