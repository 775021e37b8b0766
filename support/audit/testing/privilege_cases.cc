#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

Change Caps(const std::string& list) {
  return Both("redis", R"({"cap_add": )" + list + "}", R"({"CapAdd": )" + list + "}");
}

Change User(const std::string& user) {
  return All({Declared("redis", R"({"user": ")" + user + R"("})"),
              Given("redis", R"({"Config": {"User": ")" + user + R"("}})"),
              Inside("redis", [](LiveTruth& live) { live.status.reset(); })});
}

}  // namespace

std::vector<RuleCase> PrivilegeCases() {
  return {
      Breaks("ISO-01", Declared("redis", R"({"privileged": true})")),
      Breaks("ISO-01", Declared("redis", R"({"privileged": "true"})")),
      Breaks("ISO-01", Given("redis", R"({"HostConfig": {"Privileged": true}})")),
      Keeps("ISO-01",
            Declared("redis", R"({"privileged": false, "labels": {"privileged": "true"}})")),

      Breaks("PRV-01", Caps(R"(["SYS_ADMIN"])")),
      Breaks("PRV-01", Caps(R"(["cap_sys_ptrace"])")),
      Breaks("PRV-01", Caps(R"(["ALL"])")),
      Breaks("PRV-01", Declared("redis", R"({"cap_add": ["all"]})")),
      Breaks("PRV-01", Declared("redis", R"({"cap_add": "CAP_SYS_MODULE"})")),
      Breaks("PRV-01", Given("redis", R"({"HostConfig": {"CapAdd": ["CAP_DAC_READ_SEARCH"]}})")),
      Keeps("PRV-01", Caps(R"(["NET_BIND_SERVICE"])")),
      Keeps("PRV-01", Declared("redis", R"({"cap_drop": ["ALL", "SYS_ADMIN"]})")),
      Breaks("PRV-13", Caps(R"(["net_admin"])")),
      Breaks("PRV-13", Caps(R"(["CAP_SYSLOG"])")),
      Breaks("PRV-13", Caps(R"(["DAC_OVERRIDE"])")),
      Keeps("PRV-13", Caps(R"(["CHOWN"])")),
      Breaks("PRV-14", Caps(R"(["Chown"])")),
      Keeps("PRV-14", Caps(R"(["cap_net_bind_service"])")),
      Breaks("PRV-15", Caps(R"(["NET_BIND"])")),
      Breaks("PRV-15", Declared("redis", R"({"cap_drop": ["ALL", "SYS-ADMIN"]})")),
      Keeps("PRV-15", Caps(R"(["CAP_net_bind_service"])")),
      Breaks("PRV-02", Declared("redis", R"({"cap_drop": null})")),
      Breaks("PRV-02", Declared("redis", R"({"cap_drop": ["NET_RAW", "MKNOD"]})")),
      Breaks("PRV-02", Given("redis", R"({"HostConfig": {"CapDrop": null}})")),
      Keeps("PRV-02", Both("redis", R"({"cap_drop": ["all"]})", R"({"CapDrop": ["all"]})")),
      Breaks("PRV-03", Declared("redis", R"({"cap_drop": ["MKNOD"]})")),
      Breaks("PRV-03", Caps(R"(["NET_RAW"])")),
      Keeps("PRV-03",
            Both("redis", R"({"cap_drop": ["cap_net_raw"]})", R"({"CapDrop": ["CAP_NET_RAW"]})")),
      Breaks("PRV-23", Caps(R"(["ALL"])")),
      Keeps("PRV-23", Caps(R"(["CHOWN"])")),
      Breaks(
          "PRV-04",
          Inside("redis", [](LiveTruth& live) { live.status->bounding_capabilities = 1u << 21; })),
      Breaks("PRV-04",
             Inside("redis", [](LiveTruth& live) { live.status->effective_capabilities = 1; })),
      Keeps("PRV-04",
            All({Caps(R"(["NET_BIND_SERVICE"])"),
                 Inside("redis",
                        [](LiveTruth& live) { live.status->bounding_capabilities = 1 << 10; })})),
      Breaks("PRV-16",
             Inside("redis", [](LiveTruth& live) { live.status->ambient_capabilities = 2; })),
      Keeps("PRV-16",
            Inside("redis", [](LiveTruth& live) { live.status->bounding_capabilities = 2; })),

      Breaks("PRV-05", User("0")),
      Breaks("PRV-05", User("root")),
      Breaks("PRV-05", User("0:0")),
      Breaks("PRV-05", User("root:users")),
      Breaks("PRV-05", Inside("redis", [](LiveTruth& live) { live.status->effective_uid = 0; })),
      Breaks("PRV-05", All({User(""), ImageGiven(R"({"Config": {"User": ""}})")})),
      Keeps("PRV-05", User("1000")),
      Keeps("PRV-05", User("10:0")),
      // The image starts as root, and its entry point gives root up.
      Keeps("PRV-05", All({Declared("redis", R"({"user": null})"),
                           Given("redis", R"({"Config": {"User": ""}})")})),
      Breaks("PRV-17", User("10001:0")),
      Breaks("PRV-17", User("10001:root")),
      Breaks("PRV-17", Inside("redis", [](LiveTruth& live) { live.status->effective_gid = 0; })),
      Keeps("PRV-17", User("10001:100")),
      Breaks("PRV-18",
             Both("redis", R"({"group_add": ["docker"]})", R"({"GroupAdd": ["docker"]})")),
      Breaks("PRV-18", Declared("redis", R"({"group_add": [0]})")),
      Keeps("PRV-18", Declared("redis", R"({"group_add": ["redis", 1000]})")),
      Breaks("PRV-22",
             Declared("redis", R"({"post_start": [{"command": ["x"], "privileged": true}]})")),
      Breaks("PRV-22", Declared("redis", R"({"pre_stop": [{"command": ["x"], "user": "root"}]})")),
      Keeps("PRV-22",
            Declared("redis", R"({"post_start": [{"command": ["x"], "user": "10001"}]})")),
      Breaks("PRV-24", Declared("redis", R"({"provider": {"type": "vm"}})")),
      Keeps("PRV-24", Declared("redis", R"({"labels": {"provider": "vm"}})")),

      Breaks("PRV-08",
             Declared("redis", R"({"devices": [{"source": "/dev/sda", "target": "/dev/x"}]})")),
      Breaks("PRV-08", Declared("redis", R"({"devices": ["/dev/kmsg:/dev/kmsg:r"]})")),
      Breaks("PRV-08",
             Given("redis", R"({"HostConfig": {"Devices": [{"PathOnHost": "/dev/mem"}]}})")),
      Keeps("PRV-08", Declared("redis", R"({"devices": ["/dev/null:/dev/x"]})")),
      Breaks("PRV-19", Declared("redis", R"({"device_cgroup_rules": ["a *:* rwm"]})")),
      Keeps("PRV-19", Declared("redis", R"({"device_cgroup_rules": []})")),
      Breaks("PRV-20", Declared("redis", R"({"gpus": "all"})")),
      Breaks(
          "PRV-20",
          Declared(
              "redis",
              R"({"deploy": {"resources": {"reservations": {"devices": [{"capabilities": ["gpu"]}]}}}})")),
      Breaks("PRV-20", Given("redis", R"({"HostConfig": {"DeviceRequests": [{"Count": -1}]}})")),
      Keeps("PRV-20",
            Declared("redis", R"({"deploy": {"resources": {"reservations": {"memory": "1m"}}}})")),
      Breaks("PRV-12",
             Declared("redis", R"({"environment": {"DOCKER_HOST": "tcp://10.0.0.1:2375"}})")),
      Breaks("PRV-12", Declared("redis", R"({"environment": ["DOCKER_HOST=ssh://root@host"]})")),
      Keeps("PRV-12",
            Declared("redis", R"({"environment": {"DOCKER_HOST": "", "MY_DOCKER_HOST": "x"}})")),
      Breaks("PRV-10", Declared("redis", R"({"expose": ["22"]})")),
      Breaks("PRV-10", Declared("redis", R"({"ports": ["127.0.0.1:2222:22"]})")),
      Breaks("PRV-10", Given("redis", R"({"Config": {"ExposedPorts": {"22/tcp": {}}}})")),
      Keeps("PRV-10", Declared("redis", R"({"expose": ["2222", "8022", "220-230"]})")),
  };
}

}  // namespace proving_ground::audit
