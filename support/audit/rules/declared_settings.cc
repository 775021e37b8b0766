// Settings out of the resolved compose model. Short spellings are understood too: other versions of
// Compose, and models that were not resolved, still carry them.
#include "support/audit/rules/declared_parts.h"
#include "support/audit/rules/json_view.h"
#include "support/audit/rules/setting_reader.h"
#include "support/audit/rules/settings.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;

std::vector<Item> Capabilities(std::vector<Item> items) {
  for (Item& item : items) item.value = CapabilityName(item.value);
  return items;
}

std::vector<Item> Devices(const SettingReader& reader) {
  std::vector<Item> devices;
  for (auto& [value, field] : reader.Elements("devices")) {
    const std::string source = value.is_object() ? Text(Member(value, "source")) : Text(&value);
    devices.push_back({value.is_object() ? source : source.substr(0, source.find(':')), field});
  }
  return devices;
}

std::vector<Item> DeviceRequests(const SettingReader& reader) {
  std::vector<Item> requests;
  const SettingReader reservations = reader.Sub("deploy").Sub("resources").Sub("reservations");
  for (const auto& [value, field] : reservations.Elements("devices")) {
    requests.push_back({"device reservation", field});
  }
  const json* gpus = reader.Find("gpus");
  if (gpus != nullptr && (gpus->is_string() || !gpus->empty())) requests.push_back({"GPU", "gpus"});
  return requests;
}

Privileges ReadPrivileges(const SettingReader& reader) {
  Privileges privileges;
  privileges.privileged = reader.Flag("privileged");
  privileges.added_capabilities = Capabilities(reader.List("cap_add"));
  privileges.dropped_capabilities = Capabilities(reader.List("cap_drop"));
  privileges.security_options = reader.List("security_opt");
  privileges.user = reader.Word("user");
  privileges.groups = reader.List("group_add");
  privileges.devices = Devices(reader);
  privileges.device_rules = reader.List("device_cgroup_rules");
  privileges.device_requests = DeviceRequests(reader);
  for (const Item& item : privileges.security_options) {
    const SecurityOption option = ParseSecurityOption(item.value);
    if (option.name == "systempaths" && option.value == "unconfined")
      privileges.opened_paths = true;
  }
  return privileges;
}

Namespaces ReadNamespaces(const SettingReader& reader) {
  Namespaces namespaces;
  namespaces.network = reader.Word("network_mode");
  namespaces.process = reader.Word("pid");
  namespaces.ipc = reader.Word("ipc");
  namespaces.uts = reader.Word("uts");
  namespaces.user = reader.Word("userns_mode");
  namespaces.cgroup = reader.Word("cgroup");
  namespaces.cgroup_parent = reader.Word("cgroup_parent");
  namespaces.runtime = reader.Word("runtime");
  return namespaces;
}

std::vector<Ulimit> ReadUlimits(const SettingReader& reader) {
  std::vector<Ulimit> ulimits;
  const json* found = reader.Find("ulimits");
  if (!IsObject(found)) return ulimits;
  for (const auto& [name, value] : found->items()) {
    Ulimit ulimit{name, 0, 0, "ulimits." + name};
    if (value.is_object()) {  // Compose leaves zeros out: {} is soft 0, hard 0
      ulimit.soft = Integer(Member(value, "soft")).value_or(0);
      ulimit.hard = Integer(Member(value, "hard")).value_or(0);
    } else if (const auto both = Integer(&value)) {
      ulimit.soft = ulimit.hard = *both;
    } else {
      reader.Unreadable(ulimit.field, "a whole number");
      continue;
    }
    ulimits.push_back(std::move(ulimit));
  }
  return ulimits;
}

template <typename Value>
std::optional<Value> Positive(std::optional<Value> value) {
  return value && *value > 0 ? value : std::nullopt;
}

// cpu_quota and cpu_period: microseconds, the period also as a duration.
std::optional<double> QuotaInCpus(const SettingReader& reader) {
  constexpr double kDefaultPeriod = 100'000;  // the engine's, in microseconds
  const auto quota = Positive(reader.Decimal("cpu_quota"));
  if (!quota) return std::nullopt;
  auto period = Positive(Number(reader.Find("cpu_period")));
  if (!period) {
    if (const auto span = reader.Span("cpu_period")) period = span->count() * 1000.0;
  }
  return *quota / Positive(period).value_or(kDefaultPeriod);
}

Limits ReadLimits(const SettingReader& reader) {
  const SettingReader deployed = reader.Sub("deploy").Sub("resources").Sub("limits");
  Limits limits;
  limits.memory = Positive(reader.Bytes("mem_limit"));
  if (!limits.memory) limits.memory = Positive(deployed.Bytes("memory"));
  limits.memory_and_swap = reader.Bytes("memswap_limit");
  limits.cpus = Positive(reader.Decimal("cpus"));
  if (!limits.cpus) limits.cpus = Positive(deployed.Decimal("cpus"));
  if (!limits.cpus) limits.cpus = QuotaInCpus(reader);
  limits.other_cpu_bound = Positive(reader.Decimal("cpu_shares")) || !reader.Word("cpuset").empty();
  limits.pids = Positive(reader.Whole("pids_limit"));
  if (!limits.pids) limits.pids = Positive(deployed.Whole("pids"));
  limits.realtime = reader.Find("cpu_rt_runtime") != nullptr;
  limits.oom_kill_disabled = reader.Flag("oom_kill_disable");
  limits.oom_score = reader.Whole("oom_score_adj").value_or(0);
  limits.shared_memory = reader.Bytes("shm_size");
  limits.ulimits = ReadUlimits(reader);
  return limits;
}

Healthcheck ReadHealth(const SettingReader& reader) {
  Healthcheck health;
  health.present = reader.Find("healthcheck") != nullptr;
  const SettingReader check = reader.Sub("healthcheck");
  health.disabled = check.Flag("disable");
  const json* test = check.Find("test");
  if (test != nullptr && test->is_string()) health.test = {"CMD-SHELL", Text(test)};
  if (IsArray(test)) health.test = check.Words("test");
  health.disabled = health.disabled || (!health.test.empty() && health.test[0] == "NONE");
  health.interval = check.Span("interval");
  health.timeout = check.Span("timeout");
  health.retries = check.Whole("retries");
  return health;
}

// `restart`, or deploy.restart_policy where there is none.
void ReadRestart(const SettingReader& reader, Lifecycle& lifecycle) {
  const std::vector<std::string> parts = Split(reader.Word("restart"), ':');
  lifecycle.restart = parts[0];
  if (parts.size() > 1) {
    const json text = parts[1];
    lifecycle.restarts = Integer(&text).value_or(0);
  }
  if (!lifecycle.restart.empty()) return;
  const SettingReader policy = reader.Sub("deploy").Sub("restart_policy");
  const std::string condition = policy.Word("condition");
  if (policy.Find("condition") == nullptr &&
      reader.Sub("deploy").Find("restart_policy") == nullptr) {
    return;
  }
  lifecycle.restart = condition == "none" ? "no" : condition == "on-failure" ? condition : "always";
  lifecycle.restarts = policy.Whole("max_attempts").value_or(0);
}

Lifecycle ReadLifecycle(const SettingReader& reader) {
  Lifecycle lifecycle;
  ReadRestart(reader, lifecycle);
  lifecycle.health = ReadHealth(reader);
  lifecycle.stop_grace = reader.Span("stop_grace_period");
  lifecycle.stop_signal = reader.Word("stop_signal");
  lifecycle.init = reader.Flag("init");
  lifecycle.terminal = reader.Flag("tty");
  lifecycle.open_input = reader.Flag("stdin_open");
  const SettingReader logging = reader.Sub("logging");
  lifecycle.log_driver = logging.Word("driver");
  lifecycle.log_options = logging.Named("options", "=");
  return lifecycle;
}

}  // namespace

Settings DeclaredSettings(const json& model, const json& service) {
  Settings settings;
  const SettingReader reader(&service, "", settings.unreadable);
  settings.image = reader.Word("image");
  settings.privileges = ReadPrivileges(reader);
  settings.namespaces = ReadNamespaces(reader);
  settings.read_only = reader.Flag("read_only");
  settings.mounts = DeclaredMounts(reader, settings.unreadable);
  settings.limits = ReadLimits(reader);
  settings.networking = DeclaredNetworking(model, reader);
  settings.lifecycle = ReadLifecycle(reader);
  settings.texts.environment = reader.Named("environment", "=");
  settings.texts.command = reader.List("command");
  settings.texts.entrypoint = reader.List("entrypoint");
  settings.texts.labels = reader.Named("labels", "=");
  return settings;
}

}  // namespace proving_ground::audit
