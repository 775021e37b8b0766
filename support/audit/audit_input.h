// Everything a configuration audit looks at: what the compose files say, what the engine did of it,
// and what the kernel enforces.
//
//   AuditInput input;
//   input.model = compose.Config(deadline);      // secret: never shown
//   input.contract = ParseContract(input.model, {});
//   input.compose_files = ReadComposeFiles(files);
//   input.redis_files = ReadRedisFiles(input.model);
//   Inspect(source, input);                      // containers, networks, volumes, images
//   input.live[container_id] = ParseLiveTruth(texts);
//   const AuditResult result = Audit(input);     // support/audit/audit.h
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/audit/live_truth.h"
#include "support/audit/secret_search.h"
#include "support/contract/contract.h"

namespace proving_ground::audit {

// Hands out what the engine knows, as the JSON of its API. Members throw what their transport
// throws.
class InspectSource {
 public:
  virtual ~InspectSource() = default;

  // GET /info.
  virtual nlohmann::json Info() = 0;
  // Ids of all containers of a compose project, stopped ones included:
  // GET /containers/json?all=1&filters={"label":["com.docker.compose.project=<project>"]}.
  virtual std::vector<std::string> Containers(const std::string& project) = 0;
  // GET /containers/{id}/json.
  virtual nlohmann::json Container(const std::string& id) = 0;
  // GET /networks/{id}: with its members, which the list of networks lacks.
  virtual nlohmann::json Network(const std::string& id) = 0;
  // GET /volumes/{name}.
  virtual nlohmann::json Volume(const std::string& name) = 0;
  // GET /images/{id or name}/json.
  virtual nlohmann::json Image(const std::string& name) = 0;
  // GET /images/{id or name}/history.
  virtual nlohmann::json ImageHistory(const std::string& name) = 0;
};

// The engine's side of the input. Raw JSON holds secrets in clear (environment): never shown.
struct Inspected {
  nlohmann::json info;
  std::vector<nlohmann::json> containers;
  std::vector<nlohmann::json> networks;
  std::vector<nlohmann::json> volumes;
  std::map<std::string, nlohmann::json> images;     // by the id that containers name
  std::map<std::string, nlohmann::json> tags;       // what an image name means now, by that name
  std::map<std::string, nlohmann::json> histories;  // by image id
};

// Something the engine was asked for and did not give.
struct Unavailable {
  std::string object;  // "container 3f2a…", "network shop_backend"
  std::string reason;
};

// A compose file as text, for line numbers and for what the resolved model no longer shows.
struct ComposeText {
  std::string name;  // as it is to be shown in findings
  std::string text;
};

// Somebody who is connected to Redis: IP address, and the account it logged in to.
struct RedisConnection {
  std::string address;
  std::string account;
};

// What a running Redis says about itself: values of the settings that WatchedRedisSettings names,
// and the lines of ACL LIST, which hold hashes of passwords.
struct RedisInForce {
  std::map<std::string, std::string> settings;
  std::vector<std::string> accounts;
  std::vector<RedisConnection> connections;  // all but the one that asked
};

// No secret is among them.
const std::vector<std::string>& WatchedRedisSettings();

struct AuditInput {
  nlohmann::json model;  // docker compose config --format json
  Contract contract;
  std::vector<ComposeText> compose_files;  // later ones override earlier ones
  std::filesystem::path folder;            // of the first compose file
  std::optional<Inspected> inspected;      // nullopt: only what is declared is audited
  std::vector<Unavailable> unavailable;
  std::map<std::string, LiveTruth> live;  // by container id
  // Namespaces of the engine's host, as in LiveTruth; empty: unknown.
  std::map<std::string, std::uint64_t> host_namespaces;
  // Files mounted into services of role redis (its configuration and accounts), text by the path
  // inside the container. The accounts are secret.
  std::map<std::string, std::string> redis_files;
  std::optional<RedisInForce> redis_in_force;
  std::string redis_unread = "Redis was not asked";  // why redis_in_force is missing
  const SecretSearch* detector = nullptr;            // null: rules that need it are not evaluated
  std::chrono::system_clock::time_point now = std::chrono::system_clock::now();
};

// Fills input.inspected. What vanished meanwhile, or cannot be read, goes to input.unavailable.
void Inspect(InspectSource& source, AuditInput& input);

// Throws UsageError when one cannot be read.
std::vector<ComposeText> ReadComposeFiles(const std::vector<std::filesystem::path>& files);

// Reads the configs, secrets and single bind-mounted files of services of role redis that are at
// most a mebibyte. What cannot be read is left out: the rules about it are then not evaluated.
std::map<std::string, std::string> ReadRedisFiles(const nlohmann::json& model);

}  // namespace proving_ground::audit
