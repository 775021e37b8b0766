#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

Change OnOne(const std::string& network, const std::string& one, const std::string& other) {
  const std::string use = R"({"networks": {")" + network + R"(": {}}})";
  return All({Declared(one, use), Declared(other, use)});
}

std::vector<RuleCase> Together() {
  const Change meeting =
      Model(R"({"networks": {"common": {"name": "shop_common", "internal": true}}})");
  const Change quiet = Model(R"({"networks": {"common": {"name": "shop_common", "internal": true,
      "driver_opts": {"com.docker.network.bridge.enable_icc": "false"}}}})");
  return {
      Breaks("NET-06", All({meeting, OnOne("common", "sales-worker", "support-worker")})),
      Breaks("NET-06", All({meeting, OnOne("common", "sales-worker", "support-coordinator")})),
      Breaks("NET-06", All({Declared("sales-worker", R"({"networks": null})"),
                            Declared("support-worker", R"({"networks": null})")})),
      Breaks("NET-06", Given("sales-worker",
                             R"({"NetworkSettings": {"Networks": {"shop_team-support": {}}}})")),
      Keeps("NET-06", All({quiet, OnOne("common", "sales-worker", "support-worker")})),
      Keeps("NET-06", All({meeting, OnOne("common", "sales-worker", "sales-coordinator")})),
      Breaks("NET-22", All({meeting, OnOne("common", "sales-coordinator", "support-coordinator")})),
      Keeps("NET-22", All({quiet, OnOne("common", "sales-coordinator", "support-coordinator")})),
      Breaks("NET-09", Declared("sales-worker", R"({"networks": {"back-sales": {}}})")),
      Breaks("NET-09", Declared("redis", R"({"networks": {"team-sales": {}}})")),
      Keeps("NET-09", All({quiet, OnOne("common", "redis", "sales-worker")})),
      Breaks("NET-15", All({meeting, OnOne("common", "sales-worker", "support-worker"),
                            Declared("sales-worker", R"({"cap_drop": null})")})),
      Keeps("NET-15", Declared("sales-worker", R"({"cap_drop": null})")),
  };
}

std::vector<RuleCase> Networks() {
  return {
      Breaks("NET-07", All({Model(R"({"networks": {"team-sales": {"internal": false}}})"),
                            NetworkGiven("shop_team-sales", R"({"Internal": false})")})),
      Breaks("NET-07", Declared("sales-worker", R"({"networks": null})")),
      Keeps("NET-07", All({Model(R"({"networks": {"team-sales": {"internal": false}}})"),
                           NetworkGiven("shop_team-sales", R"({"Internal": false, "Options":
                             {"com.docker.network.bridge.enable_ip_masquerade": "false"}})")})),
      Breaks("NET-24", NetworkGiven("shop_back-sales", R"({"Internal": false})")),
      Keeps("NET-24", NetworkGiven("shop_edge", R"({"Internal": false})")),
      Breaks("NET-23",
             NetworkGiven("shop_back-sales", R"({"Containers": {"f00": {"Name": "guest"}}})")),
      Keeps("NET-23", NetworkGiven("shop_back-sales",
                                   R"({"Containers": {"id-of-redis": {"Name": "shop-redis-1"}}})")),
      Breaks("NET-05", Declared("redis", R"({"network_mode": "bridge", "networks": null})")),
      Breaks("NET-05", Given("redis", R"({"NetworkSettings": {"Networks": {"bridge": {}}}})")),
      Keeps("NET-05", Given("redis", R"({"HostConfig": {"NetworkMode": "shop_bridge"}})")),
      Breaks("NET-32",
             Given("redis", R"({"NetworkSettings": {"Networks": {"shop_team-sales": {}}}})")),
      Keeps("NET-32",
            Given("redis", R"({"NetworkSettings": {"Networks": {"shop_back-sales": {"x": 1}}}})")),
      Breaks("NET-26", Model(R"({"networks": {"edge": {"external": true}}})")),
      Breaks("NET-26", Model(R"({"networks": {"edge": {"attachable": true}}})")),
      Keeps("NET-26", Model(R"({"networks": {"edge": {"external": false}}})")),
      Breaks("NET-28", NetworkGiven("shop_edge", R"({"Driver": "macvlan"})")),
      Breaks("NET-28", Model(R"({"networks": {"lan": {"name": "shop_lan", "driver": "ipvlan"}}})")),
      Keeps("NET-28", NetworkGiven("shop_edge", R"({"Driver": "overlay"})")),
  };
}

std::vector<RuleCase> Names() {
  return {
      Breaks("NET-13",
             Declared("sales-worker", R"({"networks": {"team-sales": {"aliases": ["redis"]}}})")),
      Breaks("NET-13", Declared("sales-worker", R"({"hostname": "gateway"})")),
      Breaks("NET-13", Declared("sales-worker", R"({"container_name": "redis"})")),
      Keeps("NET-13",
            Declared("sales-worker",
                     R"({"networks": {"team-sales": {"aliases": ["sales-worker", "w"]}}})")),
      Breaks("NET-33",
             All({Declared("sales-worker", R"({"networks": {"team-sales": {"aliases": ["w"]}}})"),
                  Declared("sales-coordinator",
                           R"({"networks": {"team-sales": {"aliases": ["w"]}}})")})),
      Keeps("NET-33",
            All({Declared("sales-worker", R"({"networks": {"team-sales": {"aliases": ["w"]}}})"),
                 Declared("support-worker",
                          R"({"networks": {"team-support": {"aliases": ["w"]}}})")})),
      Breaks("NET-25", Declared("sales-worker", R"({"extra_hosts": ["gateway=10.0.0.66"]})")),
      Breaks("NET-25",
             Given("sales-worker", R"({"HostConfig": {"ExtraHosts": ["redis:10.0.0.66"]}})")),
      Keeps("NET-25",
            Declared("sales-worker", R"({"extra_hosts": ["license.example.org:10.0.0.66"]})")),
      Breaks("NET-10",
             Declared("sales-worker", R"({"extra_hosts": ["host.docker.internal:host-gateway"]})")),
      Breaks("NET-10", Declared("sales-worker", R"({"extra_hosts": {"meta": "169.254.169.254"}})")),
      Breaks("NET-10",
             Given("sales-worker", R"({"HostConfig": {"ExtraHosts": ["h:host-gateway"]}})")),
      Keeps("NET-10", Declared("sales-worker", R"({"extra_hosts": ["host-gateway=10.1.2.3"]})")),
      Breaks("NET-11", Declared("redis", R"({"sysctls": {"net.ipv4.ip_forward": "1"}})")),
      Breaks("NET-11", Declared("redis", R"({"sysctls": ["net.ipv4.conf.all.rp_filter=0"]})")),
      Breaks("NET-11",
             Given("redis",
                   R"({"HostConfig": {"Sysctls": {"net.ipv4.conf.all.route_localnet": "1"}}})")),
      Keeps("NET-11",
            Declared("redis",
                     R"({"sysctls": {"net.core.somaxconn": 1024, "net.ipv4.ip_forward": 0}})")),
      Breaks("NET-29", Declared("redis", R"({"dns": "8.8.8.8"})")),
      Keeps("NET-29", Declared("redis", R"({"dns": ["127.0.0.53"]})")),
      Breaks("NET-30", Declared("redis", R"({"external_links": ["legacy:db"]})")),
      Keeps("NET-30", Declared("redis", R"({"links": ["gateway:g"]})")),
  };
}

}  // namespace

std::vector<RuleCase> NetworkCases() {
  std::vector<RuleCase> cases = Together();
  for (RuleCase& one : Networks()) cases.push_back(std::move(one));
  for (RuleCase& one : Names()) cases.push_back(std::move(one));
  return cases;
}

}  // namespace proving_ground::audit
