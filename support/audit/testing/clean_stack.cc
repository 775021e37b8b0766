#include "support/audit/testing/clean_stack.h"

#include <fmt/format.h>

namespace proving_ground::audit {
namespace {

using nlohmann::json;

constexpr const char* kService = R"({
  "cap_drop": ["ALL"], "read_only": true, "restart": "unless-stopped", "user": "10001:10001",
  "cgroup": "private", "security_opt": ["no-new-privileges:true"], "command": null, "entrypoint": null,
  "deploy": {"resources": {"limits": {"cpus": 0.5, "memory": "67108864", "pids": 32}}},
  "ulimits": {"core": {}, "nofile": {"soft": 4096, "hard": 4096}},
  "logging": {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}},
  "healthcheck": {"test": ["CMD", "/bin/program", "--healthcheck"], "interval": "5s", "timeout": "1s",
                  "retries": 2},
  "stop_grace_period": "10s"})";

// What differs between the services.
constexpr const char* kServices = R"({
  "redis": {"labels": {"acceptance.role": "redis"}, "networks": {"back-sales": {}, "back-support": {}},
    "entrypoint": ["redis-server", "/etc/redis/redis.conf"],
    "configs": [{"source": "redis-conf", "target": "/etc/redis/redis.conf"}],
    "secrets": [{"source": "users.acl", "target": "/run/secrets/users.acl"}],
    "volumes": [{"type": "volume", "source": "redis-data", "target": "/data", "volume": {}}]},
  "gateway": {"labels": {"acceptance.role": "gateway"},
    "networks": {"edge": {}, "back-sales": {}, "back-support": {}, "team-sales": {}, "team-support": {}},
    "ports": [{"mode": "ingress", "host_ip": "127.0.0.1", "target": 8080, "protocol": "tcp"}],
    "secrets": [{"source": "redis-sales", "target": "/run/secrets/redis-sales"},
                {"source": "redis-support", "target": "/run/secrets/redis-support"}]},
  "sales-coordinator": {"labels": {"acceptance.role": "coordinator", "acceptance.team": "sales"},
    "networks": {"back-sales": {}, "team-sales": {}},
    "secrets": [{"source": "redis-sales", "target": "/run/secrets/redis-sales"}]},
  "support-coordinator": {"labels": {"acceptance.role": "coordinator", "acceptance.team": "support"},
    "networks": {"back-support": {}, "team-support": {}},
    "secrets": [{"source": "redis-support", "target": "/run/secrets/redis-support"}]},
  "sales-worker": {"labels": {"acceptance.role": "worker", "acceptance.team": "sales"},
    "networks": {"team-sales": {}}, "tmpfs": ["/tmp:size=1m,mode=0700"],
    "secrets": [{"source": "token-sales", "target": "/run/secrets/token-sales"}]},
  "support-worker": {"labels": {"acceptance.role": "worker", "acceptance.team": "support"},
    "networks": {"team-support": {}}, "tmpfs": ["/tmp:size=1m,mode=0700"],
    "secrets": [{"source": "token-support", "target": "/run/secrets/token-support"}]}})";

constexpr const char* kRest = R"({
  "name": "shop",
  "x-acceptance": {"teams": ["sales", "support"], "redis": {"operator_user": "operator",
    "operator_password_file": "secrets/redis-operator"}},
  "networks": {
    "edge": {"name": "shop_edge", "driver_opts": {"com.docker.network.bridge.enable_ip_masquerade": "false"}},
    "back-sales": {"name": "shop_back-sales", "internal": true},
    "back-support": {"name": "shop_back-support", "internal": true},
    "team-sales": {"name": "shop_team-sales", "internal": true},
    "team-support": {"name": "shop_team-support", "internal": true}},
  "volumes": {"redis-data": {"name": "shop_redis-data"}},
  "configs": {"redis-conf": {"name": "shop_redis-conf", "file": "/home/ann/shop/redis.conf"}},
  "secrets": {
    "users.acl": {"name": "shop_users.acl", "file": "/home/ann/shop/secrets/users.acl"},
    "redis-sales": {"name": "shop_redis-sales", "file": "/home/ann/shop/secrets/redis-sales"},
    "redis-support": {"name": "shop_redis-support", "file": "/home/ann/shop/secrets/redis-support"},
    "token-sales": {"name": "shop_token-sales", "file": "/home/ann/shop/secrets/token-sales"},
    "token-support": {"name": "shop_token-support", "file": "/home/ann/shop/secrets/token-support"}}})";

constexpr const char* kContainer = R"({
  "Image": "sha256:1111", "AppArmorProfile": "", "State": {"Status": "running", "Running": true},
  "HostConfig": {"Privileged": false, "ReadonlyRootfs": true, "CapDrop": ["ALL"], "CapAdd": null,
    "SecurityOpt": ["no-new-privileges:true"], "NetworkMode": "shop_net", "PidMode": "", "IpcMode": "private",
    "UTSMode": "", "UsernsMode": "", "CgroupnsMode": "private", "Runtime": "runc", "CgroupParent": "",
    "Memory": 67108864, "MemorySwap": 134217728, "NanoCpus": 500000000, "PidsLimit": 32, "ShmSize": 67108864,
    "Ulimits": [{"Name": "core", "Hard": 0, "Soft": 0}, {"Name": "nofile", "Hard": 4096, "Soft": 4096}],
    "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m"}},
    "RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0}, "PortBindings": {},
    "MaskedPaths": ["/proc/kcore"], "ReadonlyPaths": ["/proc/sys"]},
  "Config": {"User": "10001:10001", "Image": "shop/program:1.0", "StopTimeout": 10, "Env": ["PATH=/bin"],
    "Healthcheck": {"Test": ["CMD", "/bin/program", "--healthcheck"], "Interval": 5000000000,
                    "Timeout": 1000000000, "Retries": 2}},
  "Mounts": []})";

constexpr const char* kInfo = R"({
  "MemTotal": 8589934592, "NCPU": 2, "Debug": false, "SecurityOptions": ["name=seccomp,profile=default", "name=rootless"],
  "Swarm": {"LocalNodeState": "inactive"}, "MemoryLimit": true, "CpuCfsQuota": true, "PidsLimit": true,
  "RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8"],
                     "IndexConfigs": {"docker.io": {"Secure": true}}}})";

constexpr const char* kRedisConf = R"(protected-mode yes
aclfile /run/secrets/users.acl
appendonly yes
appendfsync always
save ""
maxmemory 32mb
maxmemory-policy noeviction
maxclients 1000
timeout 300
)";

constexpr const char* kAcl = R"(user default reset off
user sales reset on #aa01 ~team:sales:* &team:sales:* +@string +@hash +del +eval -@admin -@dangerous
user support reset on #aa02 ~team:support:* &team:support:* +@string +@hash +del -@admin -@dangerous
user monitor reset on #aa03 +ping +dbsize
user operator reset on #aa04 ~* &* +@all
)";

std::string IdOf(const std::string& service) { return "id-of-" + service; }

json InspectionOf(const std::string& service, const json& declared) {
  json container = json::parse(kContainer);
  container["Id"] = IdOf(service);
  container["Name"] = "/shop-" + service + "-1";
  container["Config"]["Labels"] = declared.at("labels");
  container["Config"]["Labels"]["com.docker.compose.service"] = service;
  if (declared.contains("entrypoint"))
    container["Config"]["Entrypoint"] = declared.at("entrypoint");
  for (const auto& item : declared.at("networks").items()) {
    container["NetworkSettings"]["Networks"]["shop_" + item.key()]["Aliases"] =
        json::array({service});
  }
  if (service == "gateway") {
    container["HostConfig"]["PortBindings"] =
        json::parse(R"({"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]})");
  }
  if (service == "redis") {
    container["Mounts"] =
        json::parse(R"([{"Type": "volume", "Name": "shop_redis-data", "Destination": "/data",
      "RW": true, "Source": "/var/lib/docker/volumes/shop_redis-data/_data"}])");
  }
  if (service.ends_with("worker")) {
    container["HostConfig"]["Tmpfs"]["/tmp"] = "size=1m,mode=0700";
  }
  return container;
}

LiveTruth TruthOf(int number) {
  LiveTruthTexts texts;
  texts["status"] =
      "Name:\tprogram\nUid:\t10001\t10001\t10001\t10001\nGid:\t10001\t10001\t10001\t10001\n"
      "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
      "CapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n";
  texts["mountinfo"] =
      "10 1 0:1 / / ro,relatime - overlay overlay rw,lowerdir=x\n"
      "11 10 0:2 / /proc rw,nosuid,nodev,noexec - proc proc rw\n"
      "12 11 0:2 /sys /proc/sys ro,nosuid - proc proc rw\n"
      "13 11 0:2 /sysrq-trigger /proc/sysrq-trigger ro,nosuid - proc proc rw\n"
      "14 10 0:3 / /sys ro,nosuid - sysfs sysfs ro\n"
      "15 14 0:4 / /sys/fs/cgroup/memory ro,nosuid master:9 - cgroup cgroup rw,memory\n"
      "16 10 0:5 / /tmp rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=1024k\n";
  texts["tcp"] =
      "  sl  local_address rem_address   st\n"
      "   0: 0B00007F:8A5B 00000000:0000 0A 00000000:00000000\n";
  texts["tcp6"] = "  sl  local_address                         remote_address\n";
  for (const char* name : {"cgroup", "ipc", "mnt", "net", "pid", "uts"}) {
    texts[std::string("ns/") + name] = fmt::format("{}:[{}]", name, 4026530000 + number);
  }
  texts["memory.max"] = "67108864\n";
  texts["cpu.max"] = "50000 100000\n";
  texts["pids.max"] = "32\n";
  return ParseLiveTruth(texts);
}

json& ContainerOf(AuditInput& input, const std::string& service) {
  for (json& container : input.inspected->containers) {
    if (container.at("Id") == IdOf(service)) return container;
  }
  throw std::logic_error("no container of " + service);
}

class Fake : public SecretSearch {
 public:
  std::vector<SecretHit> Find(std::string_view, std::string_view value) const override {
    if (value.find("S3CRET-") == std::string_view::npos) return {};
    return {{"token", value.size(), "f00d", value.find("S3CRET-known") != std::string_view::npos}};
  }
};

}  // namespace

const SecretSearch& FakeSearch() {
  static const Fake kFake{};
  return kFake;
}

AuditInput CleanStack() {
  AuditInput input;
  input.model = json::parse(kRest);
  input.inspected.emplace();
  input.inspected->info = json::parse(kInfo);
  int number = 0;
  const json services = json::parse(kServices);
  for (const auto& [name, parts] : services.items()) {
    json service = json::parse(kService);
    service["image"] = "shop/program:1.0";
    service.merge_patch(parts);
    input.inspected->containers.push_back(InspectionOf(name, service));
    input.live[IdOf(name)] = TruthOf(++number);
    input.model["services"][name] = std::move(service);
  }
  for (const auto& [key, declared] : input.model.at("networks").items()) {
    input.inspected->networks.push_back({{"Name", declared.at("name")},
                                         {"Driver", "bridge"},
                                         {"Internal", declared.value("internal", false)},
                                         {"Options", declared.value("driver_opts", json::object())},
                                         {"Containers", json::object()}});
  }
  const json image =
      json::parse(R"({"Id": "sha256:1111", "RepoDigests": [], "Created": "2026-11-01T00:00:00Z",
    "Config": {"User": "10001:10001", "Env": ["PATH=/bin"], "OnBuild": null}})");
  input.inspected->images["sha256:1111"] = image;
  input.inspected->tags["shop/program:1.0"] = image;
  input.inspected->histories["sha256:1111"] =
      json::parse(R"([{"CreatedBy": "/bin/sh -c #(nop) COPY dir:7a0e in / "}])");
  input.contract = ParseContract(input.model, {});
  input.folder = "/home/ann/shop";
  input.redis_files = {{"/etc/redis/redis.conf", kRedisConf}, {"/run/secrets/users.acl", kAcl}};
  input.redis_in_force = {
      {{"protected-mode", "yes"}, {"appendonly", "yes"}, {"maxmemory", "33554432"}}, {kAcl}, {}};
  input.detector = &FakeSearch();
  for (const char* name : {"cgroup", "ipc", "mnt", "net", "pid", "uts"})
    input.host_namespaces[name] = 4026531000;
  input.now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  return input;
}

AuditInput ScaledStack(int containers) {
  AuditInput input = CleanStack();
  const char* const workers[] = {"sales-worker", "support-worker"};
  for (int number = static_cast<int>(input.live.size()) + 1; number <= containers; ++number) {
    const std::string service = workers[number % 2];
    json container = ContainerOf(input, service);
    container["Id"] = fmt::format("{}-{}", IdOf(service), number);
    container["Name"] = fmt::format("/shop-{}-{}", service, number);
    input.live[container["Id"]] = TruthOf(number);
    input.inspected->containers.push_back(std::move(container));
  }
  return input;
}

Change Model(const std::string& patch) {
  return [patch](AuditInput& input) {
    input.model.merge_patch(json::parse(patch));
    input.contract = ParseContract(input.model, {});
  };
}

Change Declared(const std::string& service, const std::string& patch) {
  return
      [=](AuditInput& input) { input.model["services"][service].merge_patch(json::parse(patch)); };
}

Change Given(const std::string& service, const std::string& patch) {
  return [=](AuditInput& input) { ContainerOf(input, service).merge_patch(json::parse(patch)); };
}

Change NetworkGiven(const std::string& name, const std::string& patch) {
  return [=](AuditInput& input) {
    for (json& network : input.inspected->networks) {
      if (network.at("Name") == name) network.merge_patch(json::parse(patch));
    }
  };
}

Change ImageGiven(const std::string& patch) {
  return [=](AuditInput& input) {
    for (auto& [id, image] : input.inspected->images) image.merge_patch(json::parse(patch));
  };
}

Change HistoryGiven(const std::string& step) {
  return [=](AuditInput& input) {
    for (auto& [id, history] : input.inspected->histories) history.push_back({{"CreatedBy", step}});
  };
}

Change EngineGiven(const std::string& patch) {
  return [=](AuditInput& input) { input.inspected->info.merge_patch(json::parse(patch)); };
}

Change Inside(const std::string& service, const std::function<void(LiveTruth&)>& change) {
  return [=](AuditInput& input) { change(input.live.at(IdOf(service))); };
}

Change RedisConf(const std::string& line) {
  return [=](AuditInput& input) { input.redis_files["/etc/redis/redis.conf"] += line + "\n"; };
}

Change RedisAcl(const std::string& line) {
  return [=](AuditInput& input) { input.redis_files["/run/secrets/users.acl"] += line + "\n"; };
}

Change ComposeFile(const std::string& text) {
  return [=](AuditInput& input) { input.compose_files.push_back({"compose.yaml", text}); };
}

Change All(const std::vector<Change>& changes) {
  return [=](AuditInput& input) {
    for (const Change& change : changes) change(input);
  };
}

Change Both(const std::string& service, const std::string& declared,
            const std::string& host_config) {
  return All(
      {Declared(service, declared), Given(service, "{\"HostConfig\": " + host_config + "}")});
}

}  // namespace proving_ground::audit
