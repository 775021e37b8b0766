#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

Change Port(const std::string& service, const std::string& text) {
  return Declared(service, R"({"ports": [")" + text + R"("]})");
}

Change Bound(const std::string& service, const std::string& name, const std::string& address) {
  return Given(service, R"({"HostConfig": {"PortBindings": {")" + name + R"(": [{"HostIp": ")" +
                            address + R"(", "HostPort": "18080"}]}}})");
}

}  // namespace

std::vector<RuleCase> PortCases() {
  return {
      Breaks("NET-01", Port("gateway", "8080:8080")),
      Breaks("NET-01", Port("gateway", "8080")),
      Breaks("NET-01", Port("gateway", "0.0.0.0:8080:8080")),
      Breaks("NET-01", Port("gateway", "[::]:8080:8080")),
      Breaks("NET-01", Port("gateway", ":8080:8080")),
      Breaks("NET-01",
             Declared("gateway", R"({"ports": [{"target": 8080, "published": "8080"}]})")),
      Breaks("NET-01", Declared("gateway", R"({"ports": [{"target": 8080, "host_ip": "::"}]})")),
      Breaks("NET-01", Declared("gateway", R"({"ports": [8080]})")),
      Breaks("NET-01", Bound("gateway", "8080/tcp", "")),
      Breaks("NET-01", Bound("gateway", "8080/tcp", "::")),
      Breaks("NET-01", Bound("gateway", "8080/tcp", "0.0.0.0")),
      Keeps("NET-01", Port("gateway", "127.0.0.1:8080:8080")),
      Keeps("NET-01", Port("gateway", "127.0.0.1::8080")),
      Keeps("NET-01", Port("gateway", "[::1]:8080:8080")),
      Keeps("NET-01", Port("gateway", "127.1.2.3:8080:8080")),
      Breaks("NET-18", Port("gateway", "192.168.1.5:8080:8080")),
      Breaks("NET-18", Port("gateway", "[2001:db8::1]:8080:8080")),
      Keeps("NET-18", Port("gateway", "127.0.0.1:8080:8080")),
      Breaks("NET-16", Port("redis", "6379:6379")),
      Breaks("NET-16", Port("redis", "16379:6379")),
      Breaks("NET-16", Port("redis", "10.0.0.5:9999:6379/tcp")),
      Breaks("NET-16", Port("redis", "6000-6400:7000-7400")),
      Breaks("NET-16",
             Declared("redis", R"({"ports": [{"target": 1, "published": "5430-5440"}]})")),
      Breaks("NET-16", Bound("redis", "6379/tcp", "0.0.0.0")),
      Keeps("NET-16", Port("redis", "127.0.0.1:16379:6379")),
      Keeps("NET-16", Port("gateway", "63790:8080")),
      Breaks("NET-17", Port("gateway", "127.0.0.1:2375:2375")),
      Keeps("NET-17", Port("gateway", "127.0.0.1:2375:8080")),
      Breaks("AVL-11", Port("gateway", "127.0.0.1::9229")),
      Keeps("AVL-11", Port("gateway", "127.0.0.1:9229:8080")),
      Breaks("NET-02", Port("gateway", "127.0.0.1:443:8080")),
      Breaks("NET-02", Port("gateway", "127.0.0.1:1000-1100:1000-1100")),
      Keeps("NET-02", Port("gateway", "127.0.0.1:1024:80")),
      Keeps("NET-02", Port("gateway", "127.0.0.1::80")),
      Breaks("NET-03", Port("sales-coordinator", "8080:8080")),
      Breaks("NET-03", Port("gateway", "9090:9090")),
      Keeps("NET-03", Port("gateway", "8080:8080")),
      Keeps("NET-03", Port("sales-coordinator", "127.0.0.1::8080")),
      Breaks("NET-19", Port("gateway", "127.0.0.1:9090:9090")),
      Breaks("NET-19", Port("sales-worker", "127.0.0.1:8080:8080")),
      Keeps("NET-19", Port("redis", "127.0.0.1:16379:6379")),
      Breaks("NET-04", Given("gateway", R"({"HostConfig": {"PublishAllPorts": true}})")),
      Keeps("NET-04", Given("gateway", R"({"HostConfig": {"PublishAllPorts": false}})")),
      Breaks("NET-21", Port("gateway", "127.0.0.1:8000-8099:8000-8099")),
      Breaks("NET-21", Port("gateway", "127.0.0.1:8000-8099:80")),
      Keeps("NET-21", Port("gateway", "127.0.0.1:8000-8009:8000-8009")),
      Breaks("NET-31", Bound("gateway", "9090/tcp", "127.0.0.1")),
      Breaks("NET-31", Bound("gateway", "8080/udp", "127.0.0.1")),
      Keeps("NET-31", Bound("gateway", "8080/tcp", "127.0.0.1")),
      Breaks("NET-14", Inside("redis",
                              [](LiveTruth& live) {
                                live.listening->push_back({false, 4444});
                              })),
      Keeps("NET-14", Inside("redis",
                             [](LiveTruth& live) {
                               live.listening->push_back({false, 6379});
                             })),
      Keeps("NET-14", Inside("redis",
                             [](LiveTruth& live) {
                               live.listening->push_back({true, 4444});
                             })),
      Keeps("NET-14", All({Declared("redis", R"({"expose": ["4444"]})"),
                           Inside("redis",
                                  [](LiveTruth& live) {
                                    live.listening->push_back({false, 4444});
                                  })})),
      Breaks("CMP-12", Declared("sales-worker",
                                R"({"ports": ["127.0.0.1:9000:80"], "deploy": {"replicas": 3}})")),
      Keeps("CMP-12",
            Declared("sales-worker", R"({"ports": ["127.0.0.1::80"], "deploy": {"replicas": 3}})")),
      Keeps("CMP-12",
            Declared("sales-worker",
                     R"({"ports": ["127.0.0.1:9000-9002:80"], "deploy": {"replicas": 3}})")),
  };
}

}  // namespace proving_ground::audit
