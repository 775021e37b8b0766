#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <iostream>
#include <list>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "support/attacks/scout/addresses.h"
#include "support/attacks/scout/commands.h"
#include "support/attacks/scout/connections.h"
#include "support/attacks/scout/listeners.h"
#include "support/attacks/scout/names.h"
#include "support/attacks/scout/namespaces.h"
#include "support/attacks/scout/neighbours.h"
#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr const char* kHost = "host";
constexpr const char* kOutside = "outside";
// Attempts of one round; a kernel keeps some 3 kB for each.
constexpr std::size_t kMostAtOnce = 24'000;

void Say(const json& document) { std::cout << document.dump() << std::endl; }

struct Plan {
  json containers;
  int outside_process = 0;
  std::vector<int> ports;
  std::vector<int> host_ports;
  std::vector<std::string> names;
  std::vector<std::string> strangers;
  std::vector<int> stranger_ports;
  std::chrono::milliseconds patience{0};
};

Plan ReadPlan(const std::string& path) {
  const json document = json::parse(ReadFile(path));
  Plan plan;
  plan.containers = document.at("containers");
  plan.outside_process = document.at("outside").at("process").get<int>();
  document.at("ports").get_to(plan.ports);
  document.at("host_ports").get_to(plan.host_ports);
  document.at("names").get_to(plan.names);
  document.at("strangers").get_to(plan.strangers);
  document.at("stranger_ports").get_to(plan.stranger_ports);
  plan.patience = std::chrono::milliseconds(document.at("patience_ms").get<std::int64_t>());
  return plan;
}

// An address and port to be tried, as text and as the system calls take it.
struct Target {
  Target(const std::string& host, int port)
      : text((host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" +
             std::to_string(port)),
        address(ToSocketAddress(host, port)) {}
  std::string text;
  AnySocketAddress address;
};

// A place to try things from.
struct Source {
  std::string name;
  NetworkNamespace place;
  std::vector<Target> targets;
  bool asks_names = false;
  bool has_ipv6 = false;
};

// A socket that listens on a free port of all addresses of the current network namespace, of both
// families where the kernel has both.
// Nobody takes its connections: the kernel makes them, and that is all that is asked.
class Listener {
 public:
  Listener() {
    sockaddr_in6 both = {.sin6_family = AF_INET6};
    sockaddr_in old_one = {.sin_family = AF_INET};
    if (!Listen(reinterpret_cast<sockaddr*>(&both), sizeof(both)) &&
        !Listen(reinterpret_cast<sockaddr*>(&old_one), sizeof(old_one))) {
      throw SystemError("listen on a free port", errno);
    }
  }
  int port() const { return port_; }

 private:
  bool Listen(sockaddr* any, socklen_t size) {
    constexpr int kBacklog = 4096;
    constexpr int kNo = 0;
    socket_ = FileDescriptor(::socket(any->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket_.valid()) return false;
    if (any->sa_family == AF_INET6) {
      ::setsockopt(socket_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &kNo, sizeof(kNo));
    }
    if (::bind(socket_.get(), any, size) != 0 || ::listen(socket_.get(), kBacklog) != 0 ||
        ::getsockname(socket_.get(), any, &size) != 0) {
      return false;
    }
    // The port stands at the same place in addresses of both families.
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(any)->sin_port);
    return true;
  }

  FileDescriptor socket_;
  int port_ = 0;
};

json ToJson(const std::vector<InterfaceAddress>& addresses) {
  json rows = json::array();
  for (const InterfaceAddress& address : addresses) {
    json row = json::object();
    row["address"] = address.address;
    row["prefix"] = address.prefix;
    rows.push_back(row);
  }
  return rows;
}

class Surveyor {
 public:
  explicit Surveyor(Plan plan) : plan_(std::move(plan)), home_(NetworkNamespace::Current()) {}

  void Run() {
    Listen();
    for (const json& container : plan_.containers) LookAt(container);
    home_.Enter();
    AddCommonTargets();
    const std::optional<std::int64_t> refused_before = NeighboursRefused();
    std::size_t attempts = 0;
    for (auto next = sources_.cbegin(); next != sources_.cend();) next = TryRound(next, attempts);
    home_.Enter();
    json line = json::object();
    line["ended"] = true;
    line["attempts"] = attempts;
    if (refused_before) line["neighbours_refused"] = NeighboursRefused().value() - *refused_before;
    Say(line);
  }

 private:
  // Places outside the stack's networks that would answer: the host, and the bystander.
  void Listen() {
    const auto host_addresses = AddressesHere();
    const Listener& at_host = listeners_.emplace_back();
    NetworkNamespace outside_place = NetworkNamespace::Of(plan_.outside_process);
    outside_place.Enter();
    const auto outside_addresses = AddressesHere();
    const Listener& outside = listeners_.emplace_back();
    home_.Enter();
    if (outside_addresses.empty()) {
      throw EnvironmentError("the bystander is on no network", "join it to one");
    }
    const std::string& outside_address = outside_addresses.front().address;

    Source from_outside{kOutside, std::move(outside_place), {}};
    for (const InterfaceAddress& address : host_addresses) {
      from_outside.targets.emplace_back(address.address, at_host.port());
      for (const int port : plan_.host_ports) elsewhere_.emplace_back(address.address, port);
      elsewhere_.emplace_back(address.address, at_host.port());
    }
    Source from_host{kHost, NetworkNamespace::Current(), {}};
    from_host.targets.emplace_back(outside_address, outside.port());
    elsewhere_.emplace_back(outside_address, outside.port());
    for (const std::string& stranger : plan_.strangers) {
      for (const int port : plan_.stranger_ports) {
        elsewhere_.emplace_back(stranger, port);
        from_outside.targets.emplace_back(stranger, port);
      }
    }
    sources_.push_back(std::move(from_outside));
    sources_.push_back(std::move(from_host));

    json line = json::object();
    line["outside"]["address"] = outside_address;
    line["outside"]["port"] = outside.port();
    line["host"]["addresses"] = ToJson(host_addresses);
    line["host"]["port"] = at_host.port();
    Say(line);
  }

  // Makes sure that the namespace is the container's, and notes what listens there.
  void LookAt(const json& container) {
    const auto name = container.at("name").get<std::string>();
    json line = json::object();
    line["container"] = name;
    try {
      const int process = container.at("process").get<int>();
      NetworkNamespace place = NetworkNamespace::Of(process);
      place.Enter();
      const auto interfaces = AddressesHere();
      for (const json& address : container.at("addresses")) Require(interfaces, address);
      std::set<int> ports = ListeningPortsOf(process);
      line["namespace"] = place.inode();
      line["interfaces"] = ToJson(interfaces);
      line["listening"] = ports;
      ports.insert(plan_.ports.begin(), plan_.ports.end());
      for (const json& port : container.at("ports")) ports.insert(port.get<int>());
      for (const InterfaceAddress& address : interfaces) {
        for (const int port : ports) AddTarget(name, address.address, port);
      }
      const bool has_ipv6 = std::any_of(interfaces.begin(), interfaces.end(), [](const auto& one) {
        return one.address.find(':') != std::string::npos;
      });
      sources_.push_back({name, std::move(place), {}, /*asks_names=*/true, has_ipv6});
    } catch (const Error& error) {
      line["error"] = error.what();
    }
    Say(line);
  }

  static void Require(const std::vector<InterfaceAddress>& interfaces, const json& address) {
    const bool found = std::any_of(interfaces.begin(), interfaces.end(),
                                   [&](const auto& i) { return i.address == address; });
    if (found) return;
    throw EnvironmentError("the namespace has no address " + address.get<std::string>(),
                           "see whether the container was restarted meanwhile");
  }

  void AddTarget(const std::string& container, const std::string& address, int port) {
    inside_.emplace_back(container, Target(address, port));
  }

  // All but itself, and everything outside.
  void AddCommonTargets() {
    for (Source& source : sources_) {
      if (!source.asks_names) continue;
      for (const auto& [container, target] : inside_) {
        if (container != source.name) source.targets.push_back(target);
      }
      source.targets.insert(source.targets.end(), elsewhere_.begin(), elsewhere_.end());
    }
  }

  using Sources = std::vector<Source>::const_iterator;

  // Tries from as many sources as there may be sockets for, at least one. Returns the next one.
  Sources TryRound(Sources first, std::size_t& attempts) {
    static const std::size_t most = std::min(MostSockets(), kMostAtOnce);
    ConnectionAttempts connections;
    std::vector<std::optional<NameQueries>> questions;
    Sources last = first;
    do {
      last->place.Enter();
      for (const Target& target : last->targets) connections.Begin(target.address);
      questions.emplace_back();
      if (last->asks_names) {
        questions.back().emplace(plan_.names, EngineNameServer(), last->has_ipv6);
      }
      ++last;
    } while (last != sources_.cend() && connections.size() + last->targets.size() <= most);
    attempts += connections.size();
    const Deadline deadline = Within(plan_.patience);
    const std::vector<Contact> contacts = connections.Finish(plan_.patience);
    auto contact = contacts.begin();
    auto question = questions.begin();
    for (Sources source = first; source != last; ++source, ++question) {
      json line = json::object();
      line["resolved"] = *question ? json((*question)->Finish(deadline)) : json::object();
      Tell(*source, contact, line);
      contact += static_cast<std::ptrdiff_t>(source->targets.size());
    }
    return last;
  }

  static void Tell(const Source& source, std::vector<Contact>::const_iterator contact, json& line) {
    line["source"] = source.name;
    line["attempts"] = source.targets.size();
    line["connected"] = json::array();
    line["refused"] = json::array();
    for (const Target& target : source.targets) {
      if (*contact == Contact::kConnected) line["connected"].push_back(target.text);
      if (*contact == Contact::kRefused) line["refused"].push_back(target.text);
      ++contact;
    }
    Say(line);
  }

  const Plan plan_;
  const NetworkNamespace home_;
  std::list<Listener> listeners_;
  std::vector<Source> sources_;
  std::vector<std::pair<std::string, Target>> inside_;  // with the container it belongs to
  std::vector<Target> elsewhere_;
};

}  // namespace

void Survey(const std::string& plan) { Surveyor(ReadPlan(plan)).Run(); }

}  // namespace proving_ground
