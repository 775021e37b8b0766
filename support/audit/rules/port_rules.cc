// Rules about published ports, and sockets that listen.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

constexpr SettingName kPorts{"ports", "HostConfig.PortBindings"};

// Stores, brokers, consoles and remote shells: nothing that should answer beyond its host.
constexpr std::array<int, 45> kSensitivePorts = {
    21,    22,    23,    111,   139,   389,   445,   512,   513,  514,  873,  1433,
    1521,  2049,  2181,  2379,  2380,  3306,  3389,  4369,  5432, 5601, 5672, 5900,
    5984,  6379,  6443,  7000,  7199,  8086,  8200,  8500,  9042, 9092, 9200, 9300,
    10250, 11211, 15672, 16379, 26379, 27017, 27018, 50000, 61616};
constexpr std::array<int, 4> kEnginePorts = {2375, 2376, 2377, 4243};
// Node inspector, JDWP, Delve, debugpy.
constexpr std::array<int, 5> kDebugPorts = {9229, 9230, 5005, 2345, 5678};
constexpr int kMostPorts = 20;

template <typename Ports>
bool Includes(const PortRange& range, const Ports& ports) {
  return range.first != 0 && std::any_of(ports.begin(), ports.end(), [&](int port) {
           return port >= range.first && port <= range.last;
         });
}

// Either side counts: Redis on host port 16379 is still Redis.
template <typename Ports>
bool Concerns(const Port& port, const Ports& ports) {
  return Includes(port.container, ports) || Includes(port.host, ports);
}

std::string RangeText(const PortRange& range) {
  return range.first == range.last ? std::to_string(range.first)
                                   : fmt::format("{}-{}", range.first, range.last);
}

// Without the host's number: where the engine picks it, each container has another.
std::string PortText(const Port& port) {
  const char* where = port.reach() == Reach::kEverywhere ? "all addresses"
                      : port.reach() == Reach::kLoopback ? "loopback"
                                                         : "an address of the host";
  return fmt::format("{}/{} on {}", RangeText(port.container), ShownText(port.protocol, 10), where);
}

template <typename Judge>
void ReportPorts(const Subject& subject, Report& report, const Judge& is_wrong) {
  for (const Port& port : subject.settings.networking.ports) {
    if (is_wrong(port)) report.Add(port.field, PortText(port));
  }
}

void Everywhere(const Subject& subject, Report& report) {
  ReportPorts(subject, report, [](const Port& port) { return port.reach() == Reach::kEverywhere; });
}

void BeyondLoopback(const Subject& subject, Report& report) {
  ReportPorts(subject, report, [](const Port& port) { return port.reach() == Reach::kAddress; });
}

void SensitiveBeyondLoopback(const Subject& subject, Report& report) {
  ReportPorts(subject, report, [](const Port& port) {
    return port.reach() != Reach::kLoopback && Concerns(port, kSensitivePorts);
  });
}

void EngineApi(const Subject& subject, Report& report) {
  ReportPorts(subject, report,
              [](const Port& port) { return Includes(port.container, kEnginePorts); });
}

void Debugger(const Subject& subject, Report& report) {
  ReportPorts(subject, report,
              [](const Port& port) { return Includes(port.container, kDebugPorts); });
}

void PrivilegedHostPort(const Subject& subject, Report& report) {
  ReportPorts(subject, report,
              [](const Port& port) { return port.host.first > 0 && port.host.first < 1024; });
}

// The port a role is known by in the contract; 0: none.
int ContractPort(const Subject& subject) {
  const Contract& contract = subject.stack.input().contract;
  if (subject.service.role == "gateway") return contract.gateway.port;
  if (subject.service.role == "redis") return contract.redis.port;
  if (subject.service.role == "coordinator") return contract.driver.port;
  return 0;
}

bool IsInContract(const Subject& subject, const Port& port) {
  const int known = ContractPort(subject);
  return port.container.first == known && port.container.last == known;
}

// Only the gateway is there to be reached from outside.
void NotAllowed(const Subject& subject, Report& report) {
  const bool gateway = subject.service.role == "gateway";
  ReportPorts(subject, report, [&](const Port& port) {
    return port.reach() != Reach::kLoopback && !(gateway && IsInContract(subject, port));
  });
}

void NotInContract(const Subject& subject, Report& report) {
  ReportPorts(subject, report, [&](const Port& port) {
    return port.reach() == Reach::kLoopback && !IsInContract(subject, port);
  });
}

void PublishAll(const Subject& subject, Report& report) {
  if (subject.settings.networking.publish_all) {
    report.Add("HostConfig.PublishAllPorts", "all exposed ports are published");
  }
}

void ManyPorts(const Subject& subject, Report& report) {
  int count = 0;
  for (const Port& port : subject.settings.networking.ports) {
    count += port.container.last - port.container.first + 1;
    const bool wide = port.host.last - port.host.first >= kMostPorts;
    if (wide || count > kMostPorts)
      return report.AddSetting(kPorts, "more than 20 ports are published");
  }
}

void UndeclaredPort(const Subject& subject, Report& report) {
  if (subject.service.model == nullptr) return;
  std::set<std::pair<int, std::string>> declared;
  for (const Port& port : subject.service.declared.networking.ports) {
    for (int number = port.container.first; number <= port.container.last; ++number) {
      declared.emplace(number, port.protocol);
    }
  }
  ReportPorts(subject, report, [&](const Port& port) {
    return !declared.contains({port.container.first, port.protocol});
  });
}

// Ports a container may listen on: exposed, published, or its role's.
bool MayListen(const Subject& subject, int number) {
  const auto includes = [number](const PortRange& range) {
    return number >= range.first && number <= range.last;
  };
  const auto of = [&](const Networking& networking) {
    return std::any_of(networking.exposed.begin(), networking.exposed.end(), includes) ||
           std::any_of(networking.ports.begin(), networking.ports.end(),
                       [&](const Port& port) { return includes(port.container); });
  };
  return number == ContractPort(subject) || of(subject.settings.networking) ||
         of(subject.service.declared.networking);
}

void UndeclaredListener(const Subject& subject, Report& report) {
  const auto& sockets = subject.container->live->listening;
  if (!sockets) return report.CannotEvaluate("/proc/1/net/tcp could not be read");
  for (const ListeningSocket& socket : *sockets) {
    if (!socket.loopback && !MayListen(subject, socket.port)) {
      report.Add("/proc/1/net/tcp",
                 fmt::format("listens on port {}, which nobody declared", socket.port));
    }
  }
}

}  // namespace

std::vector<Rule> PortRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"NET-01", "CIS 5.14", kMedium, kPorts, "A port is published on all addresses of the host",
       "Write the address into the port: \"127.0.0.1:8080:8080\".", kSettings, Everywhere},
      {"NET-18", "CIS 5.14", kLow, kPorts, "A port is published beyond loopback",
       "Publish on 127.0.0.1 and put a reverse proxy with TLS in front.", kSettings,
       BeyondLoopback},
      {"NET-16", "CIS 5.14", kHigh, kPorts, "A store or console is published beyond loopback",
       "Remove the port; inside the stack services reach each other without publishing.", kSettings,
       SensitiveBeyondLoopback},
      {"NET-17", "CIS 5.32", kCritical, kPorts, "An engine's API is published",
       "Remove the port, and the engine from the container.", kSettings, EngineApi},
      {"AVL-11", "vendors' debugger manuals", kMedium, kPorts, "A debugger's port is published",
       "Remove the port and the debug switch: a debugger runs any code.", kSettings, Debugger},
      {"NET-02", "CIS 5.8", kMedium, kPorts, "A privileged port of the host is taken",
       "Publish on a port above 1023 and let the host's proxy forward to it.", kSettings,
       PrivilegedHostPort},
      {"NET-03", "CIS 5.9", kHigh, kPorts,
       "A port that only insiders need is published to the outside",
       "Remove the port, or publish it on 127.0.0.1; only the gateway serves the outside.",
       kSettings, NotAllowed},
      {"NET-19", "CIS 5.9", kLow, kPorts, "A port is published that the contract does not know",
       "Remove the port, or name it in x-acceptance.", kSettings, NotInContract},
      {"NET-04", "CIS 5.9", kMedium, kPorts, "All exposed ports are published",
       "Publish single ports.", kContainer, PublishAll},
      {"NET-21", "CIS 5.9", kMedium, kPorts, "Very many ports are published",
       "Publish single ports.", kSettings, ManyPorts},
      {"NET-31", "declared against effective", kHigh, kPorts,
       "A port is published that was not declared", "Recreate the container from its declaration.",
       kContainer, UndeclaredPort},
      {"NET-14", "CIS 5.9", kMedium, kPorts, "A socket listens that nobody declared",
       "Switch the listener off, or declare its port under expose.", kLive, UndeclaredListener},
  };
}

}  // namespace proving_ground::audit
