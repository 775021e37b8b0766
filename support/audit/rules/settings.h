// What a service declares, or what one of its containers was given: one shape for both, so that a
// rule about a setting is written once. Every spelling that Compose and the engine accept has been
// brought to one form; what could not be understood is listed, not guessed.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/audit/rules/spelling.h"

namespace proving_ground::audit {

// One entry of a list or map, and where it stands ("cap_add[0]", "HostConfig.CapAdd[0]").
struct Item {
  std::string value;
  std::string field;
};

// "NAME=value" and its relatives. Values may be secrets.
struct NamedItem {
  std::string name;
  std::string value;
  std::string field;
};

struct Mount {
  enum class Kind { kBind, kVolume, kTmpfs, kPipe, kOther };
  Kind kind = Kind::kOther;
  std::string source;  // clean path of the host (bind), name (volume; empty: anonymous)
  std::string target;  // clean path in the container
  bool read_only = false;
  bool anonymous = false;  // a volume without a name
  std::string propagation;
  std::vector<std::string> options;  // of a tmpfs: "size=1m", "noexec"
  std::optional<std::int64_t> size;  // of a tmpfs, bytes
  std::optional<unsigned> mode;      // of a tmpfs
  std::string field;
};

struct Port {
  std::string host_address;
  PortRange host;  // 0: the engine picks one
  PortRange container;
  std::string protocol = "tcp";
  std::string field;

  Reach reach() const { return ReachOf(host_address); }
};

struct Ulimit {
  std::string name;
  std::int64_t soft = 0;
  std::int64_t hard = 0;
  std::string field;
};

struct Healthcheck {
  bool present = false;
  bool disabled = false;
  std::vector<std::string> test;
  std::optional<std::chrono::milliseconds> interval;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::int64_t> retries;
};

struct NetworkUse {
  std::string name;  // real name: "shop_backend"
  std::vector<std::string> aliases;
  std::string field;
};

struct Privileges {
  bool privileged = false;
  std::vector<Item> added_capabilities;    // normalized names
  std::vector<Item> dropped_capabilities;  // normalized names
  std::vector<Item> security_options;      // as written
  std::string user;                        // empty: the image's
  std::vector<Item> groups;
  std::vector<Item> devices;  // path on the host
  std::vector<Item> device_rules;
  std::vector<Item> device_requests;  // GPUs and their like
  bool opened_paths = false;          // masked and read-only paths of the kernel are not
};

struct Namespaces {
  std::string network;
  std::string process;
  std::string ipc;
  std::string uts;
  std::string user;
  std::string cgroup;
  std::string cgroup_parent;
  std::string runtime;
};

struct Limits {
  std::optional<std::int64_t> memory;           // bytes; nullopt: none
  std::optional<std::int64_t> memory_and_swap;  // -1: swap without limit
  std::optional<double> cpus;                   // CPU quota
  bool other_cpu_bound = false;                 // shares or a set of CPUs
  std::optional<std::int64_t> pids;
  bool realtime = false;  // may use real-time scheduling
  bool oom_kill_disabled = false;
  std::int64_t oom_score = 0;
  std::optional<std::int64_t> shared_memory;
  std::vector<Ulimit> ulimits;
};

struct Networking {
  std::vector<Port> ports;
  bool publish_all = false;
  std::vector<PortRange> exposed;
  std::vector<NetworkUse> networks;
  std::vector<NamedItem> extra_hosts;
  std::vector<Item> resolvers;
  std::vector<NamedItem> links;  // service or container, and the name it is given
  std::vector<Item> external_links;
  std::vector<NamedItem> kernel_parameters;
  std::string host_name;
};

struct Lifecycle {
  std::string restart;  // "", "no", "always", "unless-stopped", "on-failure"
  std::int64_t restarts = 0;
  Healthcheck health;
  std::optional<std::chrono::milliseconds> stop_grace;
  std::string stop_signal;  // empty: the image's, or SIGTERM
  bool init = false;
  bool terminal = false;
  bool open_input = false;
  std::string log_driver;  // empty: the engine's
  std::vector<NamedItem> log_options;
};

struct Texts {
  std::vector<NamedItem> environment;
  std::vector<Item> command;     // arguments
  std::vector<Item> entrypoint;  // arguments
  std::vector<NamedItem> labels;
};

struct Settings {
  std::string image;
  Privileges privileges;
  Namespaces namespaces;
  bool read_only = false;
  std::vector<Mount> mounts;
  Limits limits;
  Networking networking;
  Lifecycle lifecycle;
  Texts texts;
  std::vector<Item> unreadable;  // value: what was expected
};

// Settings of `services.<name>` of a resolved model.
Settings DeclaredSettings(const nlohmann::json& model, const nlohmann::json& service);
// Settings of a container, from its inspection.
Settings InspectedSettings(const nlohmann::json& container);

}  // namespace proving_ground::audit
