#include "support/faults/testing/small_stack.h"

#include <functional>
#include <map>

#include "support/base/files.h"
#include "support/faults/container_faults.h"
#include "support/faults/redis_access.h"
#include "support/faults/stack_faults.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

constexpr char kModel[] = R"(
x-idle: &idle
  image: SLEEPER
  pull_policy: never
  restart: unless-stopped
  stop_grace_period: 3s
services:
  redis:
    image: proving-ground/redis:0.1.0
    pull_policy: never
    restart: unless-stopped
    stop_grace_period: 5s
    entrypoint: [redis-server, --port, "6379", --bind, "*", --aclfile, /run/secrets/users.acl,
                 --dir, /var/lib/redis, --appendonly, "yes", --appendfsync, always, --save, ""]
    ports: ["127.0.0.1::6379"]
    networks: [backend, ports]
    volumes:
      - "./users.acl:/run/secrets/users.acl:ro"
      - "data:/var/lib/redis"
  coordinator: {<<: *idle, networks: [backend, team]}
  second: {<<: *idle, networks: [backend]}
  worker: {<<: *idle, networks: [team], deploy: {replicas: 3}}
  control: {<<: *idle, networks: [backend, team]}
networks:
  backend: {internal: true}
  team: {internal: true}
  ports: {}
volumes:
  data: {}
)";

constexpr char kAccounts[] =
    "user default reset off\n"
    "user client reset on >client-password ~kept ~canary +@all -@admin -@dangerous\n"
    "user operator reset on >operator-password ~* &* +@all\n";

ComposeOptions OptionsFor(const std::filesystem::path& folder, const std::string& project,
                          const Engine& engine) {
  return {
      .files = {folder / "compose.yaml"}, .project = project, .docker_host = engine.address().url};
}

}  // namespace

void SmallStack::Write(const std::filesystem::path& folder, const std::string& sleeper_image) {
  std::string model = kModel;
  model.replace(model.find("SLEEPER"), std::string("SLEEPER").size(), sleeper_image);
  WriteFileAtomically(folder / "compose.yaml", model);
  WriteFileAtomically(folder / "users.acl", kAccounts, 0444);
  WriteFileAtomically(folder / "client", "client-password\n", 0444);
  WriteFileAtomically(folder / "operator", "operator-password\n", 0600);
}

SmallStack::SmallStack(const std::filesystem::path& folder, const std::string& project)
    : folder_(folder),
      engine_(Engine::Connect()),
      compose_(OptionsFor(folder, project, engine_)),
      stack_(compose_, engine_),
      context_{engine_, compose_, stack_,
               RedisOperator{"redis", 6379, "operator", folder / "operator"}} {}

void SmallStack::Up() {
  stack_.Up({}, Within(90s));
  StoreKeepsake();
}

std::string SmallStack::Down() {
  Residue residue = stack_.Down({.volumes = true, .grace = 1s}, Within(90s));
  residue.networks.clear();
  return residue.empty() ? "" : ResidueText(residue);
}

RedisAccount SmallStack::client() const { return {"client", folder_ / "client", "canary"}; }

void SmallStack::StoreKeepsake() {
  ConnectAsOperator(context_, Within(20s)).Command({"SET", "kept", "keepsake"});
}

bool SmallStack::HasKeepsake() const {
  return ConnectAsOperator(context_, Within(20s)).Command({"GET", "kept"}).text == "keepsake";
}

Fault SmallStack::MakeFault(const std::string& name) const {
  const TargetContainer coordinator{"coordinator"};
  const auto redis_answers = [this] {
    try {
      ConnectAs(context_, "client", "client-password").Command({"PING"});
      return true;
    } catch (const RedisUnavailable&) {
      return false;
    }
  };
  const auto ready = [](const TargetContainer&, Clock::time_point, std::string&) { return true; };
  const std::map<std::string, std::function<Fault()>> makers = {
      {"Restart", [&] { return Restart(context_, coordinator); }},
      {"Crash", [&] { return Crash(context_, coordinator); }},
      {"CrashRedis", [&] { return Crash(context_, {"redis"}); }},
      {"Kill", [&] { return Kill(context_, coordinator); }},
      {"KillSome",
       [&] {
         return KillSome(context_, {{"worker", 1}, {"worker", 3}});
       }},
      {"Stop", [&] { return Stop(context_, {"redis"}); }},
      {"Freeze", [&] { return Freeze(context_, coordinator); }},
      {"FreezeRedis", [&] { return Freeze(context_, {"redis"}, redis_answers); }},
      {"Recreate", [&] { return Recreate(context_, coordinator); }},
      {"RecreateLastWorker",
       [&] {
         return Recreate(context_, {"worker", 3});
       }},
      {"ReadOnly", [&] { return ReadOnly(context_, client()); }},
      {"OutOfMemory", [&] { return OutOfMemory(context_, client()); }},
      {"KillClients", [&] { return KillClients(context_, client()); }},
      {"KillClientsOfUser", [&] { return KillClients(context_, client(), {"client"}); }},
      {"RevokeUser", [&] { return RevokeUser(context_, client()); }},
      {"RotatePassword", [&] { return RotatePassword(context_, client()); }},
      {"StackDownUp", [&] { return StackDownUp(context_, 2s); }},
      {"RollingRestart",
       [&] {
         return RollingRestart(context_, {coordinator, {"second"}}, ready);
       }},
  };
  return makers.at(name)();
}

}  // namespace proving_ground
