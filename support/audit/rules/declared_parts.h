// Parts of DeclaredSettings that are files of their own.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "support/audit/rules/setting_reader.h"
#include "support/audit/rules/settings.h"

namespace proving_ground::audit {

// `volumes`, `tmpfs` and use_api_socket of a service.
std::vector<Mount> DeclaredMounts(const SettingReader& reader, std::vector<Item>& unreadable);
// Ports, networks, names and resolvers of a service; the model gives networks their real names.
Networking DeclaredNetworking(const nlohmann::json& model, const SettingReader& reader);

}  // namespace proving_ground::audit
