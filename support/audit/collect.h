// Gathers what a running stack is audited on, without changing anything of it.
//
//   EngineSource source(engine);
//   Inspect(source, input);                       // support/audit/audit_input.h
//   CollectLive(engine, input);
//   CollectRedis(operator_client, input);
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/audit/audit_input.h"
#include "support/engine/engine.h"
#include "support/redis/redis_client.h"

namespace proving_ground::audit {

// What an engine knows. `engine` must outlive it.
class EngineSource final : public InspectSource {
 public:
  explicit EngineSource(const Engine& engine) : engine_(engine) {}

  nlohmann::json Info() override;
  std::vector<std::string> Containers(const std::string& project) override;
  nlohmann::json Container(const std::string& id) override;
  nlohmann::json Network(const std::string& id) override;
  nlohmann::json Volume(const std::string& name) override;
  nlohmann::json Image(const std::string& name) override;
  nlohmann::json ImageHistory(const std::string& name) override;

 private:
  const Engine& engine_;
};

// Where the view of the kernel came from.
enum class LiveSource {
  kNone,         // nothing could be read
  kThisMachine,  // /proc of this machine, which is proven to be the engine's
  kHelper,       // a helper container that sees the processes of the engine's host
};

// Fills input.live and input.host_namespaces for the running containers of input.inspected. What
// keeps it from doing so goes to input.unavailable. `proc` is replaced by tests. Throws
// Interrupted.
LiveSource CollectLive(const Engine& engine, AuditInput& input,
                       const std::filesystem::path& proc = "/proc");

// The part of CollectLive that reads `proc`: true when it was the engine's machine and told all.
bool ReadLiveHere(const std::filesystem::path& proc, AuditInput& input);
// The part of CollectLive that asks a helper. Throws EnvironmentError.
void ReadLiveInHelper(const Engine& engine, AuditInput& input);

// Fills input.redis_in_force by what Redis answers to its operator, or says in input.redis_unread
// why it could not.
void CollectRedis(RedisClient& redis, AuditInput& input);

}  // namespace proving_ground::audit
