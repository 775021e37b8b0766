#include "support/faults/helper/firewall.h"

#include <nlohmann/json.hpp>
#include <random>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

void RunNft(nft_ctx* context, const std::string& command, const std::string& doing) {
  if (nft_run_cmd_from_buffer(context, command.c_str()) == 0) return;
  std::string reason = nft_ctx_get_error_buffer(context);
  reason = reason.substr(0, reason.find('\n'));
  throw EnvironmentError("cannot " + doing + ": " + reason,
                         "it takes the capability NET_ADMIN and a kernel with nf_tables that knows "
                         "the table flag 'owner' (Linux 5.12)");
}

}  // namespace

Firewall::Context Firewall::MakeContext() {
  Context context(nft_ctx_new(NFT_CTX_DEFAULT), nft_ctx_free);
  if (!context) throw EnvironmentError("libnftables could not be initialised", "check the kernel");
  nft_ctx_buffer_output(context.get());
  nft_ctx_buffer_error(context.get());
  nft_ctx_output_set_flags(context.get(), NFT_CTX_OUTPUT_JSON);
  return context;
}

// A name of its own, since several faults may hold in one namespace at once.
Firewall::Firewall(const std::string& rules)
    : table_("proving_ground_" + std::to_string(std::random_device()())),
      owner_(MakeContext()),
      reader_(MakeContext()) {
  RunNft(owner_.get(), "table inet " + table_ + " {\n  flags owner;\n" + rules + "}\n",
         "set packet rules");
}

PacketCounts Firewall::Packets() const {
  RunNft(reader_.get(), "list counters table inet " + table_, "read the counters");
  const auto answer = nlohmann::json::parse(nft_ctx_get_output_buffer(reader_.get()));
  PacketCounts packets;
  for (const nlohmann::json& entry : answer.at("nftables")) {
    if (!entry.contains("counter")) continue;
    const nlohmann::json& counter = entry["counter"];
    packets[counter.at("name").get<std::string>()] = counter.at("packets").get<std::int64_t>();
  }
  return packets;
}

}  // namespace proving_ground
