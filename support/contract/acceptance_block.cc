#include "support/contract/acceptance_block.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "support/contract/contract.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr const char* kHowToAdd =
    "add the block to a compose file and name that file in COMPOSE_FILE "
    "(compose/compose.acceptance.yaml is an example)";

const json& BlockOf(const json& model) {
  if (!model.is_object()) {
    throw ContractError("the compose model is not a mapping",
                        "give the output of docker compose config --format json");
  }
  const auto found = model.find("x-acceptance");
  if (found == model.end() || !found->is_object()) {
    throw ContractError("the compose model has no x-acceptance block", kHowToAdd);
  }
  return *found;
}

}  // namespace

json AcceptanceBlock(const json& model, const std::string& profile) {
  json merged = BlockOf(model);
  const json profiles = merged.value("profiles", json::object());
  merged.erase("profiles");
  if (profile.empty() || profile == "seed") return merged;
  if (!profiles.is_object() || !profiles.contains(profile)) {
    std::vector<std::string> known = {"seed"};
    for (const auto& item : profiles.items()) known.push_back(item.key());
    throw ContractError(fmt::format("profile \"{}\" is not in x-acceptance.profiles", profile),
                        fmt::format("known: {}", fmt::join(known, ", ")));
  }
  merged.merge_patch(profiles.at(profile));
  return merged;
}

}  // namespace proving_ground
