#include "support/engine/decode.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;

// Member `name`, or null when `object` is not an object or has none.
const json& Member(const json& object, const char* name) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(name);
  return found == object.end() ? kNull : *found;
}

template <typename T>
T Get(const json& object, const char* name, T fallback = {}) {
  const json& member = Member(object, name);
  return member.is_null() ? fallback : member.get<T>();
}

ContainerState ParseState(const std::string& text) {
  for (const ContainerState state :
       {ContainerState::kCreated, ContainerState::kRunning, ContainerState::kPaused,
        ContainerState::kRestarting, ContainerState::kRemoving, ContainerState::kExited,
        ContainerState::kDead}) {
    if (StateName(state) == text) return state;
  }
  throw EnvironmentError("the engine reports the unknown container state '" + text + "'",
                         "use an engine of API version 1.51 or older");
}

Health ParseHealth(const std::string& text) {
  if (text == "healthy") return Health::kHealthy;
  if (text == "unhealthy") return Health::kUnhealthy;
  if (text == "starting") return Health::kStarting;
  return Health::kNone;
}

// Lists give health as part of a text for people: "Up 2 minutes (health: starting)".
Health HealthInStatus(const std::string& status) {
  if (status.ends_with("(health: starting)")) return Health::kStarting;
  if (status.ends_with("(unhealthy)")) return Health::kUnhealthy;
  if (status.ends_with("(healthy)")) return Health::kHealthy;
  return Health::kNone;
}

std::string WithoutSlash(std::string name) {
  if (name.starts_with('/')) name.erase(0, 1);
  return name;
}

NetworkAttachment DecodeAttachment(const json& endpoint) {
  return {
      .network_id = Get<std::string>(endpoint, "NetworkID"),
      .address = Get<std::string>(endpoint, "IPAddress"),
      .aliases = Get<std::vector<std::string>>(endpoint, "Aliases"),
      .static_address = Get<std::string>(Member(endpoint, "IPAMConfig"), "IPv4Address"),
      .links = Get<std::vector<std::string>>(endpoint, "Links"),
      .driver_options = Get<std::map<std::string, std::string>>(endpoint, "DriverOpts"),
      .gateway_priority = Get<int>(endpoint, "GwPriority"),
  };
}

// {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": "49153"}], "9090/tcp": null}
std::vector<PublishedPort> DecodePortMap(const json& ports) {
  std::vector<PublishedPort> result;
  if (!ports.is_object()) return result;
  for (const auto& [key, bindings] : ports.items()) {
    if (!bindings.is_array()) continue;
    for (const json& binding : bindings) {
      const size_t slash = key.find('/');
      result.push_back({.container_port = std::stoi(key.substr(0, slash)),
                        .protocol = slash == std::string::npos ? "tcp" : key.substr(slash + 1),
                        .host_address = Get<std::string>(binding, "HostIp"),
                        .host_port = std::stoi(Get<std::string>(binding, "HostPort", "0"))});
    }
  }
  return result;
}

// Interval at which a starting container is checked. 0 means the engine's default of 30 s, and
// a start interval (engine 25 and later) counts while the start period lasts.
std::chrono::nanoseconds HealthInterval(const json& healthcheck) {
  const auto test = Get<std::vector<std::string>>(healthcheck, "Test");
  if (test.empty() || test.front() == "NONE") return {};
  auto interval = Get<std::int64_t>(healthcheck, "Interval");
  if (interval == 0) interval = std::chrono::nanoseconds(std::chrono::seconds(30)).count();
  if (Get<std::int64_t>(healthcheck, "StartPeriod") > 0) {
    const auto start_interval = Get<std::int64_t>(healthcheck, "StartInterval");
    if (start_interval > 0) interval = std::min(interval, start_interval);
  }
  return std::chrono::nanoseconds(interval);
}

// A shell's text is run as the engine does; images may name another shell.
std::vector<std::string> HealthCommand(const json& config) {
  auto test = Get<std::vector<std::string>>(Member(config, "Healthcheck"), "Test");
  if (test.size() < 2) return {};
  const std::string kind = test.front();
  test.erase(test.begin());
  if (kind == "CMD") return test;
  if (kind != "CMD-SHELL") return {};
  auto shell = Get<std::vector<std::string>>(config, "Shell");
  if (shell.empty()) shell = {"/bin/sh", "-c"};
  shell.push_back(test.front());
  return shell;
}

std::int64_t FirstPresent(const json& object, std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    const json& member = Member(object, name);
    if (!member.is_null()) return member.get<std::int64_t>();
  }
  return 0;
}

}  // namespace

std::string_view StateName(ContainerState state) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "created", "running", "paused", "restarting", "removing", "exited", "dead"};
  return kNames.at(static_cast<size_t>(state));
}

std::string_view HealthName(Health health) {
  static constexpr std::array<std::string_view, 4> kNames = {"none", "starting", "healthy",
                                                             "unhealthy"};
  return kNames.at(static_cast<size_t>(health));
}

SystemTime ParseTime(const std::string& text) {
  std::tm fields = {};
  int end = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d%n", &fields.tm_year, &fields.tm_mon,
                  &fields.tm_mday, &fields.tm_hour, &fields.tm_min, &fields.tm_sec, &end) != 6 ||
      fields.tm_year < 1970) {
    return {};
  }
  fields.tm_year -= 1900;
  fields.tm_mon -= 1;
  std::int64_t nanoseconds = 0;
  if (text[end] == '.') {
    std::int64_t unit = 100'000'000;
    for (size_t at = end + 1; at < text.size() && std::isdigit(text[at]) != 0; ++at, unit /= 10) {
      nanoseconds += (text[at] - '0') * unit;
    }
  }
  return SystemTime(std::chrono::seconds(timegm(&fields)) + std::chrono::nanoseconds(nanoseconds));
}

std::string EpochText(SystemTime time) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "%lld.%09lld",
                static_cast<long long>(since_epoch / 1'000'000'000),
                static_cast<long long>(since_epoch % 1'000'000'000));
  return text.data();
}

ContainerSummary DecodeContainerSummary(const json& row) {
  ContainerSummary summary;
  summary.id = Get<std::string>(row, "Id");
  const auto names = Get<std::vector<std::string>>(row, "Names");
  if (!names.empty()) summary.name = WithoutSlash(names.front());
  summary.state = ParseState(Get<std::string>(row, "State"));
  summary.health = HealthInStatus(Get<std::string>(row, "Status"));
  summary.labels = Get<Labels>(row, "Labels");
  const json& ports = Member(row, "Ports");
  if (!ports.is_array()) return summary;
  for (const json& port : ports) {
    if (Get<int>(port, "PublicPort") == 0) continue;
    summary.ports.push_back({.container_port = Get<int>(port, "PrivatePort"),
                             .protocol = Get<std::string>(port, "Type"),
                             .host_address = Get<std::string>(port, "IP"),
                             .host_port = Get<int>(port, "PublicPort")});
  }
  return summary;
}

ContainerDetails DecodeContainerDetails(const json& object) {
  const json& state = Member(object, "State");
  const json& config = Member(object, "Config");
  const json& host = Member(object, "HostConfig");
  ContainerDetails details;
  details.id = Get<std::string>(object, "Id");
  details.name = WithoutSlash(Get<std::string>(object, "Name"));
  details.image = Get<std::string>(config, "Image");
  details.state = ParseState(Get<std::string>(state, "Status"));
  details.health = ParseHealth(Get<std::string>(Member(state, "Health"), "Status"));
  details.exit_code = Get<int>(state, "ExitCode");
  details.out_of_memory = Get<bool>(state, "OOMKilled");
  details.error = Get<std::string>(state, "Error");
  details.started_at = ParseTime(Get<std::string>(state, "StartedAt"));
  details.finished_at = ParseTime(Get<std::string>(state, "FinishedAt"));
  details.restart_count = Get<int>(object, "RestartCount");
  details.restart_policy = Get<std::string>(Member(host, "RestartPolicy"), "Name");
  if (details.restart_policy.empty()) details.restart_policy = "no";  // as Compose writes it
  if (const int timeout = Get<int>(config, "StopTimeout"); timeout > 0) {
    details.stop_timeout = std::chrono::seconds(timeout);
  }
  details.health_interval = HealthInterval(Member(config, "Healthcheck"));
  details.health_command = HealthCommand(config);
  const auto health_timeout = Get<std::int64_t>(Member(config, "Healthcheck"), "Timeout");
  if (health_timeout > 0) {
    details.health_timeout = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::nanoseconds(health_timeout));
  }
  details.memory_limit = Get<std::int64_t>(host, "Memory");
  details.nano_cpus = Get<std::int64_t>(host, "NanoCpus");
  details.pids_limit = std::max<std::int64_t>(Get<std::int64_t>(host, "PidsLimit"), 0);
  details.terminal = Get<bool>(config, "Tty");
  details.labels = Get<Labels>(config, "Labels");
  const json& network_settings = Member(object, "NetworkSettings");
  details.ports = DecodePortMap(Member(network_settings, "Ports"));
  const json& networks = Member(network_settings, "Networks");
  if (networks.is_object()) {
    for (const auto& [name, endpoint] : networks.items()) {
      details.networks[name] = DecodeAttachment(endpoint);
    }
  }
  return details;
}

std::optional<ResourceUsage> DecodeUsage(const json& sample) {
  const json& memory = Member(sample, "memory_stats");
  // A container that does not run has empty memory statistics, but the answer is 200 all the same.
  if (Member(memory, "usage").is_null()) return std::nullopt;
  const json& detail = Member(memory, "stats");
  return ResourceUsage{
      .sampled_at = ParseTime(Get<std::string>(sample, "read")),
      .cpu_ns = Get<std::int64_t>(Member(Member(sample, "cpu_stats"), "cpu_usage"), "total_usage"),
      .memory_usage = Get<std::int64_t>(memory, "usage"),
      // cgroup v1 has per-cgroup and hierarchical ("total_") figures; usage is hierarchical.
      .memory_anonymous = FirstPresent(detail, {"total_rss", "anon"}),
      .memory_inactive_file = FirstPresent(detail, {"total_inactive_file", "inactive_file"}),
      .memory_limit = Get<std::int64_t>(memory, "limit"),
      .pids = Get<std::int64_t>(Member(sample, "pids_stats"), "current"),
  };
}

EngineInfo DecodeInfo(const json& object) {
  const auto options = Get<std::vector<std::string>>(object, "SecurityOptions");
  return {
      .name = Get<std::string>(object, "Name"),
      .server_version = Get<std::string>(object, "ServerVersion"),
      .operating_system = Get<std::string>(object, "OperatingSystem"),
      .kernel = Get<std::string>(object, "KernelVersion"),
      .cpus = Get<int>(object, "NCPU"),
      .memory = Get<std::int64_t>(object, "MemTotal"),
      .cgroup_version = Get<std::string>(object, "CgroupVersion"),
      .storage_driver = Get<std::string>(object, "Driver"),
      .rootless = std::any_of(options.begin(), options.end(),
                              [](const std::string& option) { return option == "name=rootless"; }),
  };
}

Network DecodeNetwork(const json& object) {
  Network network = {.id = Get<std::string>(object, "Id"),
                     .name = Get<std::string>(object, "Name"),
                     .driver = Get<std::string>(object, "Driver"),
                     .internal = Get<bool>(object, "Internal"),
                     .labels = Get<Labels>(object, "Labels"),
                     .members = {}};
  const json& containers = Member(object, "Containers");
  if (!containers.is_object()) return network;
  for (const auto& [id, endpoint] : containers.items()) {
    network.members.push_back(
        {.container_id = id, .container_name = Get<std::string>(endpoint, "Name")});
  }
  return network;
}

Volume DecodeVolume(const json& object) {
  return {.name = Get<std::string>(object, "Name"), .labels = Get<Labels>(object, "Labels")};
}

Image DecodeImage(const json& object) {
  return {.id = Get<std::string>(object, "Id"),
          .tags = Get<std::vector<std::string>>(object, "RepoTags"),
          .user = Get<std::string>(Member(object, "Config"), "User")};
}

Event DecodeEvent(const json& object) {
  const json& actor = Member(object, "Actor");
  return {.type = Get<std::string>(object, "Type"),
          .action = Get<std::string>(object, "Action"),
          .id = Get<std::string>(actor, "ID"),
          .attributes = Get<Labels>(actor, "Attributes"),
          .at = SystemTime(std::chrono::nanoseconds(Get<std::int64_t>(object, "timeNano")))};
}

json EncodeAttachment(const NetworkAttachment& attachment) {
  json endpoint = json::object();
  if (!attachment.aliases.empty()) endpoint["Aliases"] = attachment.aliases;
  if (!attachment.links.empty()) endpoint["Links"] = attachment.links;
  if (!attachment.driver_options.empty()) endpoint["DriverOpts"] = attachment.driver_options;
  if (!attachment.static_address.empty()) {
    endpoint["IPAMConfig"] = {{"IPv4Address", attachment.static_address}};
  }
  if (attachment.gateway_priority != 0) endpoint["GwPriority"] = attachment.gateway_priority;
  return endpoint;
}

}  // namespace proving_ground
