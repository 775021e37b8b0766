#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

Change Security(const std::string& list) {
  return Both("redis", R"({"security_opt": )" + list + "}", R"({"SecurityOpt": )" + list + "}");
}

// Only the settings speak: nothing was read inside.
Change Unread(const Change& change) {
  return All({change, Inside("redis", [](LiveTruth& live) { live.status.reset(); })});
}

LiveMount* MountOn(LiveTruth& live, const std::string& target) {
  for (LiveMount& mount : *live.mounts) {
    if (mount.target == target) return &mount;
  }
  return nullptr;
}

std::vector<RuleCase> NamespaceCases() {
  return {
      Breaks("ISO-02", Declared("redis", R"({"network_mode": "host", "networks": null})")),
      Breaks("ISO-02", Given("redis", R"({"HostConfig": {"NetworkMode": "host"}})")),
      Breaks("ISO-02", All({Model(R"({"networks": {"outer": {"name": "host", "external": true}}})"),
                            Declared("redis", R"({"networks": {"outer": {}}})")})),
      Keeps("ISO-02", Declared("redis", R"({"network_mode": "none", "hostname": "host"})")),
      Breaks("ISO-03", Both("redis", R"({"pid": "host"})", R"({"PidMode": "host"})")),
      Keeps("ISO-03", Declared("redis", R"({"pid": "service:redis-host"})")),
      Breaks("ISO-04", Both("redis", R"({"ipc": "host"})", R"({"IpcMode": "host"})")),
      Keeps("ISO-04", Declared("redis", R"({"ipc": "private"})")),
      Breaks("ISO-19", Given("redis", R"({"HostConfig": {"IpcMode": "shareable"}})")),
      Keeps("ISO-19", Given("redis", R"({"HostConfig": {"IpcMode": "none"}})")),
      Breaks("ISO-05", Declared("redis", R"({"uts": "host"})")),
      Keeps("ISO-05", Declared("redis", R"({"uts": ""})")),
      Breaks("ISO-06", Declared("redis", R"({"userns_mode": "host"})")),
      Keeps("ISO-06", Declared("redis", R"({"userns_mode": ""})")),
      Breaks("ISO-07", Declared("redis", R"({"cgroup": "host"})")),
      Breaks("ISO-07", Given("redis", R"({"HostConfig": {"CgroupnsMode": "host"}})")),
      Keeps("ISO-07", Given("redis", R"({"HostConfig": {"CgroupnsMode": "private"}})")),
      Breaks("ISO-08", Declared("sales-worker", R"({"pid": "service:support-worker"})")),
      Breaks("ISO-08",
             Declared("sales-worker", R"({"network_mode": "service:redis", "networks": null})")),
      Breaks("ISO-08",
             Given("sales-worker",
                   R"({"HostConfig": {"NetworkMode": "container:id-of-support-worker"}})")),
      Breaks("ISO-08", Declared("sales-worker", R"({"ipc": "container:stranger"})")),
      Keeps("ISO-08", Declared("sales-worker", R"({"pid": "service:sales-coordinator"})")),
      Breaks("ISO-20", Declared("sales-worker", R"({"pid": "service:sales-coordinator"})")),
      Keeps("ISO-20", Declared("sales-worker", R"({"pid": "service:support-worker"})")),
      Breaks("ISO-15",
             Inside("redis", [](LiveTruth& live) { live.namespaces["net"] = 4026531000; })),
      Breaks("ISO-15",
             Inside("redis", [](LiveTruth& live) { live.namespaces["pid"] = 4026530001; })),
      Keeps("ISO-15",
            Inside("redis", [](LiveTruth& live) { live.namespaces["user"] = 4026531837; })),
      Keeps("ISO-15",
            All({Inside("redis", [](LiveTruth& live) { live.namespaces["net"] = 4026530001; }),
                 Declared("redis", R"({"network_mode": "service:gateway"})")})),
      Breaks("ISO-29",
             Inside("redis", [](LiveTruth& live) { live.namespaces["cgroup"] = 4026531000; })),
      Keeps("ISO-29", Inside("redis", [](LiveTruth& live) { live.namespaces["cgroup"] = 1; })),
  };
}

std::vector<RuleCase> ConfinementCases() {
  return {
      Breaks("ISO-09", Security(R"(["no-new-privileges", "seccomp=unconfined"])")),
      Breaks("ISO-09", Security(R"(["no-new-privileges", "seccomp:unconfined"])")),
      Breaks("ISO-09", Given("redis", R"({"HostConfig": {"SecurityOpt":
          ["no-new-privileges", "seccomp={\"defaultAction\": \"SCMP_ACT_ALLOW\"}"]}})")),
      Keeps(
          "ISO-09",
          Security(R"(["no-new-privileges", "seccomp={\"defaultAction\": \"SCMP_ACT_ERRNO\"}"])")),
      Keeps("ISO-09", Security(R"(["no-new-privileges", "seccomp=./profile-unconfined.json"])")),
      Breaks("ISO-21", Inside("redis", [](LiveTruth& live) { live.status->seccomp_mode = 0; })),
      Keeps("ISO-21", Inside("redis", [](LiveTruth& live) { live.status->seccomp_mode = 2; })),
      Breaks("ISO-10", Security(R"(["no-new-privileges", "apparmor:unconfined"])")),
      Breaks("ISO-10", Security(R"(["no-new-privileges", "apparmor=unconfined"])")),
      Breaks("ISO-10", Given("redis", R"({"AppArmorProfile": "unconfined"})")),
      Breaks("ISO-10",
             EngineGiven(
                 R"({"SecurityOptions": ["name=apparmor", "name=seccomp", "name=rootless"]})")),
      Keeps("ISO-10", Given("redis", R"({"AppArmorProfile": "docker-default"})")),
      Breaks("ISO-11", Security(R"(["no-new-privileges", "label:disable"])")),
      Breaks("ISO-11", Security(R"(["no-new-privileges", "label=disable"])")),
      Breaks("ISO-11", Security(R"(["no-new-privileges", "label=type:spc_t"])")),
      Keeps("ISO-11", Security(R"(["no-new-privileges", "label=level:s0:c1"])")),
      Breaks("ISO-12", Unread(Security("[]"))),
      Breaks("ISO-12", Unread(Security(R"(["no-new-privileges:false"])"))),
      Breaks("ISO-12", Unread(Security(R"(["no-new-privileges=true", "no-new-privileges=0"])"))),
      Keeps("ISO-12", Unread(Security(R"(["no-new-privileges"])"))),
      Keeps("ISO-12", Unread(Security(R"(["no-new-privileges=true"])"))),
      Keeps("ISO-12", Unread(Security(R"(["no-new-privileges:1"])"))),
      // The engine forbids new privileges for all containers.
      Keeps("ISO-12", Given("redis", R"({"HostConfig": {"SecurityOpt": null}})")),
      Breaks("ISO-22",
             Inside("redis", [](LiveTruth& live) { live.status->no_new_privileges = false; })),
      Keeps(
          "ISO-22",
          All({Security("[]"),
               Inside("redis", [](LiveTruth& live) { live.status->no_new_privileges = false; })})),
      Breaks("ISO-13",
             Declared("redis",
                      R"({"security_opt": ["no-new-privileges", "systempaths=unconfined"]})")),
      Breaks("ISO-13", Given("redis", R"({"HostConfig": {"MaskedPaths": []}})")),
      Keeps("ISO-13",
            Given("redis", R"({"HostConfig": {"MaskedPaths": null, "ReadonlyPaths": null}})")),
      Breaks("ISO-14", Declared("redis", R"({"runtime": "nvidia"})")),
      Keeps("ISO-14", Declared("redis", R"({"runtime": "runsc"})")),
      Breaks("ISO-23", Declared("redis", R"({"cgroup_parent": "/other"})")),
      Keeps("ISO-23", Given("redis", R"({"HostConfig": {"CgroupParent": ""}})")),
      Breaks(
          "ISO-16",
          Inside("redis", [](LiveTruth& live) { MountOn(live, "/proc/sys")->read_only = false; })),
      Breaks("ISO-16",
             Inside("redis", [](LiveTruth& live) { MountOn(live, "/proc/sys")->target = "/x"; })),
      Breaks("ISO-16",
             Inside("redis", [](LiveTruth& live) { MountOn(live, "/sys")->read_only = false; })),
      Breaks("ISO-16", Inside("redis",
                              [](LiveTruth& live) {
                                MountOn(live, "/sys/fs/cgroup/memory")->read_only = false;
                              })),
      Keeps("ISO-16",
            Inside("redis", [](LiveTruth& live) { MountOn(live, "/tmp")->target = "/var/tmp"; })),
      Breaks("ISO-18", EngineGiven(R"({"SecurityOptions": ["name=seccomp"]})")),
      Keeps("ISO-18", EngineGiven(R"({"SecurityOptions": ["name=seccomp", "name=userns"]})")),
      Breaks("ISO-24", EngineGiven(R"({"SecurityOptions": ["name=rootless"]})")),
      Keeps("ISO-24", EngineGiven(R"({"SecurityOptions": ["seccomp", "name=rootless"]})")),
      Breaks("ISO-17", EngineGiven(R"({"Swarm": {"LocalNodeState": "active"}})")),
      Keeps("ISO-17", EngineGiven(R"({"Swarm": {"LocalNodeState": "inactive"}})")),
      Breaks("ENG-01", EngineGiven(R"({"Debug": true})")),
      Keeps("ENG-01", EngineGiven(R"({"ExperimentalBuild": false})")),
      Breaks("RES-24", EngineGiven(R"({"PidsLimit": false})")),
      Keeps("RES-24", EngineGiven(R"({"OomKillDisable": false})")),
      Breaks("IMG-07",
             EngineGiven(R"({"RegistryConfig": {"InsecureRegistryCIDRs": ["0.0.0.0/0"]}})")),
      Breaks("IMG-07",
             EngineGiven(R"({"RegistryConfig": {"IndexConfigs": {"r:5000": {"Secure": false}}}})")),
      Keeps("IMG-07",
            EngineGiven(
                R"({"RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8", "::1/128"]}})")),
  };
}

}  // namespace

std::vector<RuleCase> IsolationCases() {
  std::vector<RuleCase> cases = NamespaceCases();
  for (RuleCase& one : ConfinementCases()) cases.push_back(std::move(one));
  return cases;
}

}  // namespace proving_ground::audit
