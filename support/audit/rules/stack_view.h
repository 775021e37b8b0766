// An AuditInput brought into the shape rules ask for: services with their containers, networks and
// volumes with their members. It refers to the input, which must outlive it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/audit/audit_input.h"
#include "support/audit/rules/redis_config.h"
#include "support/audit/rules/settings.h"

namespace proving_ground::audit {

struct Container {
  std::string id;
  std::string name;
  const nlohmann::json* inspected = nullptr;
  const nlohmann::json* image = nullptr;    // inspection of its image; null: unknown
  const nlohmann::json* history = nullptr;  // of its image; null: unknown
  const LiveTruth* live = nullptr;          // null: not gathered
  bool running = false;
  Settings settings;
};

struct Service {
  std::string name;
  std::string role;                       // acceptance.role; empty: none
  std::string team;                       // acceptance.team; empty: shared
  const nlohmann::json* model = nullptr;  // null: its containers exist, the model lacks it
  Settings declared;
  std::vector<Container> containers;
  bool selected = true;  // its team takes part in this run

  // Has a part whose failure the failover thresholds are about.
  bool IsCentral() const { return role == "coordinator" || role == "redis" || role == "gateway"; }
};

struct NetworkView {
  std::string key;   // name in the model; empty: the model lacks it
  std::string name;  // real name
  const nlohmann::json* declared = nullptr;
  const nlohmann::json* inspected = nullptr;
  std::vector<const Service*> members;  // each once

  std::string driver() const;
  bool external() const;
  bool internal() const;
  // Members can send to each other: not switched off by the bridge's options.
  bool connects_members() const;
  // Packets can leave it: neither internal nor without masquerading.
  bool has_way_out() const;

 private:
  // Value of a driver option: the engine's where it was inspected, else the model's.
  std::string Option(const char* name) const;
};

struct VolumeUse {
  const Service* service;
  const Mount* mount;
};

struct VolumeView {
  std::string key;  // name in the model
  const nlohmann::json* declared = nullptr;
  std::vector<VolumeUse> uses;
};

class StackView {
 public:
  explicit StackView(const AuditInput& input);
  StackView(const StackView&) = delete;
  StackView& operator=(const StackView&) = delete;

  const AuditInput& input() const { return input_; }
  const std::vector<Service>& services() const { return services_; }
  const std::vector<NetworkView>& networks() const { return networks_; }
  const std::vector<VolumeView>& volumes() const { return volumes_; }
  // Configuration and accounts of the service of role redis; null where there is none.
  const RedisConfig* redis() const { return redis_ ? &*redis_ : nullptr; }

  const Service* FindService(std::string_view name) const;
  const Service* FindContainerOwner(std::string_view container) const;
  const NetworkView* FindNetwork(std::string_view real_name) const;
  // Inspection of the image a service is declared with; null: unknown.
  const nlohmann::json* ImageOf(const Service& service) const;
  // GET /info, or null.
  const nlohmann::json* info() const;

 private:
  void AddDeclared();
  void AddContainers();
  Container ReadContainer(const nlohmann::json& inspected) const;
  void AddNetworks();
  void AddVolumes();
  void AddRedis();

  const AuditInput& input_;
  std::vector<Service> services_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::string, std::size_t, std::less<>> by_container_;
  std::vector<NetworkView> networks_;
  std::map<std::string, std::size_t, std::less<>> by_network_;
  std::vector<VolumeView> volumes_;
  std::optional<RedisConfig> redis_;
};

}  // namespace proving_ground::audit
