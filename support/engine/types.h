// What the engine tells about containers, networks, volumes and images: the few fields that are
// used.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace proving_ground {

using SystemTime = std::chrono::system_clock::time_point;
using Labels = std::map<std::string, std::string>;

enum class ContainerState { kCreated, kRunning, kPaused, kRestarting, kRemoving, kExited, kDead };
std::string_view StateName(ContainerState state);

// Verdict of a container's own health check.
enum class Health { kNone, kStarting, kHealthy, kUnhealthy };
std::string_view HealthName(Health health);

// A container port that is reachable from outside the container's networks.
struct PublishedPort {
  int container_port = 0;
  std::string protocol;  // "tcp", "udp"
  std::string host_address;
  int host_port = 0;
};

// One row of the list of containers.
struct ContainerSummary {
  std::string id;
  std::string name;
  ContainerState state = ContainerState::kCreated;
  Health health = Health::kNone;
  Labels labels;
  std::vector<PublishedPort> ports;
};

// How a container is attached to a network, complete enough to attach it in the same way again.
struct NetworkAttachment {
  std::string network_id;
  std::string address;  // IPv4 address at present; empty while the container is not running
  std::vector<std::string> aliases;
  std::string static_address;  // IPv4 address asked for in the configuration; mostly empty
  std::vector<std::string> links;
  std::map<std::string, std::string> driver_options;
  int gateway_priority = 0;
};

struct ContainerDetails {
  std::string id;
  std::string name;
  std::string image;  // as it was named when the container was created
  ContainerState state = ContainerState::kCreated;
  Health health = Health::kNone;
  int exit_code = 0;  // of the last run; meaningful when not running
  bool out_of_memory = false;
  std::string error;  // the engine's reason why a start failed
  SystemTime started_at;
  SystemTime finished_at;
  int restart_count = 0;       // restarts by the restart policy
  std::string restart_policy;  // "no", "always", "unless-stopped", "on-failure"
  std::chrono::seconds stop_timeout{10};  // it has to end after its stop signal, before SIGKILL
  // Shortest interval at which the health check runs while starting; zero: there is none.
  std::chrono::nanoseconds health_interval{0};
  // What it runs, for Engine::Exec, and how long that may take.
  std::vector<std::string> health_command;
  std::chrono::milliseconds health_timeout{30'000};
  std::int64_t memory_limit = 0;  // bytes; 0: none
  std::int64_t nano_cpus = 0;     // CPU quota in 1e-9 CPUs; 0: none
  std::int64_t pids_limit = 0;    // 0: none
  bool terminal = false;          // has a TTY: its output is one stream
  Labels labels;
  std::vector<PublishedPort> ports;
  std::map<std::string, NetworkAttachment> networks;  // by network name
};

// A container that the harness makes for itself. Whatever is not said here it does not get: it has
// no mounts, publishes nothing, drops all capabilities, gains no privileges, and is neither
// restarted nor removed by the engine.
struct NewContainer {
  std::string image;
  std::string name;
  std::vector<std::string> command;  // for the image's entry point, or all of it where it has none
  Labels labels;
  std::string user;  // "uid:gid"; empty: the image's own
  // Where it lives; none of the three: in a network namespace of its own, with nothing outside.
  std::string network;                   // a network to join, name or id
  std::string network_of;                // container whose network namespace it shares, name or id
  std::string processes_of;              // container whose process namespace it shares, name or id
  bool host_processes = false;           // sees all processes of the engine's host
  std::string capability;                // the one it is given: "NET_ADMIN"; empty: none
  bool read_only = true;                 // its root; files cannot be put into a read-only one
  std::int64_t memory_limit = 64 << 20;  // bytes, swap included
  std::int64_t pids_limit = 32;
  std::vector<std::string> dns_options;  // as in resolv.conf: "timeout:1"

  // Capabilities beside that one.
  std::vector<std::string> more_capabilities;
  // Limits taken over from another container, instead of those above: members of HostConfig, as the
  // JSON object that the API has them in.
  std::string host_limits;
};

// A file to be put into a container.
struct ContainerFile {
  std::string path;     // absolute; folders are made
  std::string content;  // any bytes
  unsigned mode = 0400;
  int owner = 0;  // uid and gid
};

// A sample of what a container uses.
struct ResourceUsage {
  SystemTime sampled_at;
  std::int64_t cpu_ns = 0;                // CPU time since the container started
  std::int64_t memory_usage = 0;          // bytes charged to the cgroup, page cache included
  std::int64_t memory_anonymous = 0;      // bytes; cgroup v1 calls it rss, v2 anon
  std::int64_t memory_inactive_file = 0;  // bytes of page cache the kernel would drop first
  std::int64_t memory_limit = 0;          // bytes
  std::int64_t pids = 0;

  // What `docker stats` shows: usage without the page cache that is easy to drop.
  std::int64_t WorkingSet() const { return memory_usage - memory_inactive_file; }
};

struct EngineInfo {
  std::string name;  // host name
  std::string server_version;
  std::string operating_system;
  std::string kernel;
  int cpus = 0;
  std::int64_t memory = 0;  // bytes
  std::string cgroup_version;
  std::string storage_driver;
  bool rootless = false;
};

// What a process wrote.
struct Output {
  std::string standard_output;
  std::string standard_error;
};

struct ExecResult {
  int exit_code = 0;
  Output output;
};

struct NetworkMember {
  std::string container_id;
  std::string container_name;
};

struct Network {
  std::string id;
  std::string name;
  std::string driver;
  bool internal = false;
  Labels labels;
  std::vector<NetworkMember> members;  // filled by InspectNetwork only
};

struct Volume {
  std::string name;
  Labels labels;
};

struct Image {
  std::string id;
  std::vector<std::string> tags;
  std::string user;  // user the image runs as; empty: root
};

// Something that happened in the engine.
struct Event {
  std::string type;    // "container", "network", …
  std::string action;  // "start", "die", "health_status: healthy", …
  std::string id;      // of the object it happened to
  Labels attributes;   // labels of the object and what belongs to the event ("exitCode", …)
  SystemTime at;
};

}  // namespace proving_ground
