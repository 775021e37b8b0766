// Settings out of GET /containers/{id}/json.
#include "support/audit/rules/json_view.h"
#include "support/audit/rules/setting_reader.h"
#include "support/audit/rules/settings.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;

template <typename Value>
std::optional<Value> Positive(std::optional<Value> value) {
  return value && *value > 0 ? value : std::nullopt;
}

std::vector<Item> Capabilities(std::vector<Item> items) {
  for (Item& item : items) item.value = CapabilityName(item.value);
  return items;
}

// Engines list what they mask and make read-only; an empty list means that nothing is. Engines that
// list neither are too old to tell.
bool OpenedPaths(const json& container) {
  for (const char* name : {"MaskedPaths", "ReadonlyPaths"}) {
    const json* paths = Path(container, {"HostConfig", name});
    if (IsArray(paths) && paths->empty()) return true;
  }
  return false;
}

Privileges ReadPrivileges(const json& container, const SettingReader& host,
                          const SettingReader& config) {
  Privileges privileges;
  privileges.privileged = host.Flag("Privileged");
  privileges.added_capabilities = Capabilities(host.List("CapAdd"));
  privileges.dropped_capabilities = Capabilities(host.List("CapDrop"));
  privileges.security_options = host.List("SecurityOpt");
  privileges.user = config.Word("User");
  privileges.groups = host.List("GroupAdd");
  for (const auto& [value, field] : host.Elements("Devices")) {
    privileges.devices.push_back({Text(Member(value, "PathOnHost")), field});
  }
  privileges.device_rules = host.List("DeviceCgroupRules");
  for (const auto& [value, field] : host.Elements("DeviceRequests")) {
    privileges.device_requests.push_back({"device reservation", field});
  }
  privileges.opened_paths = OpenedPaths(container) && !privileges.privileged;
  return privileges;
}

Namespaces ReadNamespaces(const SettingReader& host) {
  Namespaces namespaces;
  namespaces.network = host.Word("NetworkMode");
  namespaces.process = host.Word("PidMode");
  namespaces.ipc = host.Word("IpcMode");
  namespaces.uts = host.Word("UTSMode");
  namespaces.user = host.Word("UsernsMode");
  namespaces.cgroup = host.Word("CgroupnsMode");
  namespaces.cgroup_parent = host.Word("CgroupParent");
  namespaces.runtime = host.Word("Runtime");
  return namespaces;
}

// Names the engine makes up are 64 hexadecimal digits.
bool IsMadeUp(const std::string& name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Mount ReadMount(const SettingReader& reader, const json& value) {
  Mount mount;
  const std::string type = reader.Word("Type");
  mount.kind = type == "bind"     ? Mount::Kind::kBind
               : type == "volume" ? Mount::Kind::kVolume
               : type == "tmpfs"  ? Mount::Kind::kTmpfs
               : type == "npipe"  ? Mount::Kind::kPipe
                                  : Mount::Kind::kOther;
  mount.source = reader.Word(mount.kind == Mount::Kind::kVolume ? "Name" : "Source");
  if (mount.kind == Mount::Kind::kBind) mount.source = CleanPath(mount.source);
  mount.anonymous = mount.kind == Mount::Kind::kVolume && IsMadeUp(mount.source);
  mount.target = CleanPath(reader.Word("Destination"));
  mount.read_only = Member(value, "RW") != nullptr && !reader.Flag("RW");
  mount.propagation = reader.Word("Propagation");
  return mount;
}

// Sizes and modes of tmpfs mounts stand apart from the list of mounts.
void AddTmpfsOptions(const SettingReader& host, std::vector<Item>& unreadable,
                     std::vector<Mount>& mounts) {
  for (const auto& [value, field] : host.Elements("Mounts")) {
    const SettingReader wanted(&value, field, unreadable);
    if (wanted.Word("Type") != "tmpfs") continue;
    const SettingReader options = wanted.Sub("TmpfsOptions");
    const std::string target = CleanPath(wanted.Word("Target"));
    for (Mount& mount : mounts) {
      if (mount.kind != Mount::Kind::kTmpfs || mount.target != target) continue;
      mount.size = options.Bytes("SizeBytes");
      if (const auto mode = options.Whole("Mode")) mount.mode = static_cast<unsigned>(*mode);
    }
  }
  for (const NamedItem& item : host.Named("Tmpfs", "=")) {
    mounts.push_back({.kind = Mount::Kind::kTmpfs,
                      .target = CleanPath(item.name),
                      .options = Split(item.value, ','),
                      .field = item.field});
  }
}

std::vector<Mount> ReadMounts(const json& container, const SettingReader& host,
                              std::vector<Item>& unreadable) {
  std::vector<Mount> mounts;
  const SettingReader top(&container, "", unreadable);
  for (const auto& [value, field] : top.Elements("Mounts")) {
    Mount mount = ReadMount({&value, field, unreadable}, value);
    mount.field = field;
    mounts.push_back(std::move(mount));
  }
  AddTmpfsOptions(host, unreadable, mounts);
  return mounts;
}

Limits ReadLimits(const SettingReader& host, std::vector<Item>& unreadable) {
  constexpr double kDefaultPeriod = 100'000;  // microseconds
  Limits limits;
  limits.memory = Positive(host.Whole("Memory"));
  limits.memory_and_swap = host.Whole("MemorySwap");
  if (const auto nano = Positive(host.Decimal("NanoCpus"))) limits.cpus = *nano / 1e9;
  if (const auto quota = Positive(host.Decimal("CpuQuota")); quota && !limits.cpus) {
    limits.cpus = *quota / Positive(host.Decimal("CpuPeriod")).value_or(kDefaultPeriod);
  }
  limits.other_cpu_bound = Positive(host.Whole("CpuShares")) || !host.Word("CpusetCpus").empty();
  limits.pids = Positive(host.Whole("PidsLimit"));
  limits.realtime = Positive(host.Whole("CpuRealtimeRuntime")).has_value();
  limits.oom_kill_disabled = host.Flag("OomKillDisable");
  limits.oom_score = host.Whole("OomScoreAdj").value_or(0);
  limits.shared_memory = host.Whole("ShmSize");
  for (const auto& [value, field] : host.Elements("Ulimits")) {
    const SettingReader ulimit(&value, field, unreadable);
    limits.ulimits.push_back({ulimit.Word("Name"), ulimit.Whole("Soft").value_or(0),
                              ulimit.Whole("Hard").value_or(0), field});
  }
  return limits;
}

// {"8080/tcp": [{"HostIp": "", "HostPort": "8080"}]}
std::vector<Port> ReadPorts(const SettingReader& host) {
  std::vector<Port> ports;
  const json* bindings = host.Find("PortBindings");
  if (!IsObject(bindings)) return ports;
  for (const auto& [name, list] : bindings->items()) {
    const std::string field = host.Field("PortBindings") + "." + name;
    const auto container = ParsePorts(name.substr(0, name.find('/')));
    if (!container || !list.is_array()) {
      host.Unreadable(field, "a list of host ports");
      continue;
    }
    for (const json& binding : list) {
      const std::string number = Text(Member(binding, "HostPort"));
      const auto published = number.empty() ? PortRange{} : ParsePorts(number);
      if (!published) host.Unreadable(field, "a port");
      ports.push_back({.host_address = Text(Member(binding, "HostIp")),
                       .host = published.value_or(PortRange{}),
                       .container = *container,
                       .protocol = name.ends_with("/udp") ? "udp" : "tcp",
                       .field = field});
    }
  }
  return ports;
}

Networking ReadNetworking(const json& container, const SettingReader& host,
                          const SettingReader& config) {
  Networking networking;
  networking.ports = ReadPorts(host);
  networking.publish_all = host.Flag("PublishAllPorts");
  if (const json* exposed = config.Find("ExposedPorts"); IsObject(exposed)) {
    for (const auto& item : exposed->items()) {
      const auto range = ParsePorts(item.key().substr(0, item.key().find('/')));
      if (range) networking.exposed.push_back(*range);
    }
  }
  if (const json* networks = Path(container, {"NetworkSettings", "Networks"}); IsObject(networks)) {
    for (const auto& [name, value] : networks->items()) {
      NetworkUse use{name, {}, "NetworkSettings.Networks." + name};
      if (const json* aliases = Member(value, "Aliases"); IsArray(aliases)) {
        for (const json& alias : *aliases) use.aliases.push_back(Text(&alias));
      }
      networking.networks.push_back(std::move(use));
    }
  }
  networking.extra_hosts = host.Named("ExtraHosts", ":=");
  networking.resolvers = host.List("Dns");
  networking.links = host.Named("Links", ":");
  networking.kernel_parameters = host.Named("Sysctls", "=");
  networking.host_name = config.Word("Hostname");
  return networking;
}

Lifecycle ReadLifecycle(const SettingReader& host, const SettingReader& config) {
  Lifecycle lifecycle;
  const SettingReader policy = host.Sub("RestartPolicy");
  lifecycle.restart = policy.Word("Name");
  lifecycle.restarts = policy.Whole("MaximumRetryCount").value_or(0);
  lifecycle.health.present = config.Find("Healthcheck") != nullptr;
  const SettingReader check = config.Sub("Healthcheck");
  lifecycle.health.test = check.Words("Test");
  lifecycle.health.disabled = !lifecycle.health.test.empty() && lifecycle.health.test[0] == "NONE";
  // Zero means that the engine's default holds.
  lifecycle.health.interval =
      Positive(check.Whole("Interval")) ? check.Span("Interval") : std::nullopt;
  lifecycle.health.timeout =
      Positive(check.Whole("Timeout")) ? check.Span("Timeout") : std::nullopt;
  lifecycle.health.retries = Positive(check.Whole("Retries"));
  if (const auto seconds = config.Whole("StopTimeout")) {
    if (*seconds >= 0 && *seconds < 1'000'000'000) {
      lifecycle.stop_grace = std::chrono::seconds(*seconds);
    }
  }
  lifecycle.stop_signal = config.Word("StopSignal");
  lifecycle.init = host.Flag("Init");
  lifecycle.terminal = config.Flag("Tty");
  lifecycle.open_input = config.Flag("OpenStdin");
  lifecycle.log_driver = host.Sub("LogConfig").Word("Type");
  lifecycle.log_options = host.Sub("LogConfig").Named("Config", "=");
  return lifecycle;
}

}  // namespace

Settings InspectedSettings(const json& container) {
  Settings settings;
  const SettingReader top(&container, "", settings.unreadable);
  const SettingReader host = top.Sub("HostConfig");
  const SettingReader config = top.Sub("Config");
  settings.image = config.Word("Image");
  settings.privileges = ReadPrivileges(container, host, config);
  settings.namespaces = ReadNamespaces(host);
  settings.read_only = host.Flag("ReadonlyRootfs");
  settings.mounts = ReadMounts(container, host, settings.unreadable);
  settings.limits = ReadLimits(host, settings.unreadable);
  settings.networking = ReadNetworking(container, host, config);
  settings.lifecycle = ReadLifecycle(host, config);
  settings.texts.environment = config.Named("Env", "=");
  settings.texts.command = config.List("Cmd");
  settings.texts.entrypoint = config.List("Entrypoint");
  settings.texts.labels = config.Named("Labels", "=");
  return settings;
}

}  // namespace proving_ground::audit
