// The x-acceptance block of a compose model, which all readers of the contract start from.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace proving_ground {

// The block of a resolved compose model with the profile merged in; "" and "seed" mean the block as
// it stands. Throws ContractError when there is none, or no such profile.
nlohmann::json AcceptanceBlock(const nlohmann::json& model, const std::string& profile);

}  // namespace proving_ground
