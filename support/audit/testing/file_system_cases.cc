#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

Change Volume(const std::string& text) {
  return Declared("redis", R"({"volumes": ["redis-data:/data", ")" + text + R"("]})");
}

Change Bind(const std::string& source, bool read_only) {
  return Given(
      "redis",
      R"({"Mounts": [{"Type": "volume", "Name": "shop_redis-data", "Destination": "/data", "RW": true},
    {"Type": "bind", "Source": ")" +
          source + R"(", "Destination": "/x", "RW": )" + (read_only ? "false" : "true") + "}]}");
}

Change Tmpfs(const std::string& text) {
  return Declared("sales-worker", R"({"tmpfs": [")" + text + R"("]})");
}

std::vector<RuleCase> BindCases() {
  return {
      Breaks("MNT-01", Volume("/var/run/docker.sock:/var/run/docker.sock")),
      Breaks("MNT-01", Volume("/run/docker.sock:/x.sock:ro")),
      Breaks("MNT-01", Volume("/:/host:ro")),
      Breaks("MNT-01", Volume("/var:/host")),
      Breaks("MNT-01", Volume("/var/run:/host/run:ro")),
      Breaks("MNT-01", Volume("/run/:/r")),
      Breaks("MNT-01", Volume("/var/../run//docker.sock:/x")),
      Breaks("MNT-01", Volume("/run/containerd:/c")),
      Breaks("MNT-01", Volume("/run/user/1000/docker.sock:/x")),
      Breaks("MNT-01", Volume("/run/podman/podman.sock:/x")),
      Breaks("MNT-01", Declared("redis", R"({"use_api_socket": true})")),
      Breaks("MNT-01",
             Declared("redis",
                      R"({"volumes": [{"type": "npipe", "source": "\\\\.\\pipe\\docker_engine",
                                             "target": "/p"}]})")),
      Breaks("MNT-01", Bind("/run/docker.sock", true)),
      Keeps("MNT-01", Volume("/home/ann/shop/docker.sock.md:/x:ro")),
      Keeps("MNT-01", Volume("docker.sock:/data2")),
      Keeps("MNT-01", Volume("/runtime:/x:ro")),
      Breaks("MNT-21", Inside("redis",
                              [](LiveTruth& live) {
                                live.mounts->push_back(
                                    {.root = "/docker.sock", .target = "/data/other"});
                              })),
      Keeps("MNT-21", Inside("redis",
                             [](LiveTruth& live) {
                               live.mounts->push_back(
                                   {.root = "/docker.sock.d", .target = "/data/other"});
                             })),
      Breaks("MNT-02", Volume("/etc:/x")),
      Breaks("MNT-02", Volume("/usr/lib/systemd:/x")),
      Breaks("MNT-02", Volume("/home:/x")),
      Breaks("MNT-02", Volume("/home/ann:/x")),
      Breaks("MNT-02", Volume("/root/.ssh:/x")),
      Breaks("MNT-02", Volume("/proc/sys:/x")),
      Breaks("MNT-02", Bind("/etc/passwd", false)),
      Keeps("MNT-02", Volume("/home-backup:/x")),
      Keeps("MNT-02", Volume("/etcd-data:/x")),
      Keeps("MNT-02", Volume("/home/ann/shop/conf:/x")),
      Keeps("MNT-02", Volume("/srv/data:/x")),
      Keeps("MNT-02", Volume("etc:/x")),
      Breaks("MNT-13", Volume("/etc:/x:ro")),
      Breaks("MNT-13", Volume("/var/lib/docker/volumes:/x:ro")),
      Breaks("MNT-13", Volume("/home/ann/.aws/credentials:/x:ro")),
      Breaks("MNT-13", Bind("/var/log", true)),
      Keeps("MNT-13", Volume("/etc/localtime:/etc/localtime:ro")),
      Keeps("MNT-13", Volume("/etc/ssl/certs:/etc/ssl/certs:ro")),
      Keeps("MNT-13", Bind("/home/ann/shop/secrets/token", true)),
      Breaks("MNT-03", Volume("/srv/data:/x")),
      Breaks("MNT-03", Volume("./conf:/conf")),
      Keeps("MNT-03", Volume("./conf:/conf:ro")),
      Keeps("MNT-03", Volume("conf:/conf")),
      Keeps("MNT-03", Volume("/dev/null:/etc/unwanted")),
      Breaks("MNT-04", Volume("/srv/data:/x:ro,rshared")),
      Breaks("MNT-04",
             Declared("redis", R"({"volumes": [{"type": "bind", "source": "/srv", "target": "/x",
                                             "bind": {"propagation": "slave"}}]})")),
      Keeps("MNT-04",
            Declared("redis",
                     R"({"volumes": [{"type": "bind", "source": "/srv/shared", "target": "/x",
                                            "read_only": true, "bind": {"propagation": "rprivate"}}]})")),
      Breaks(
          "MNT-18",
          Model(
              R"({"volumes": {"redis-data": {"driver_opts": {"o": "bind", "device": "/etc"}}}})")),
      Breaks("MNT-18",
             Model(R"({"volumes": {"v": {"driver_opts": {"device": "/var/run/docker.sock"}}}})")),
      Keeps(
          "MNT-18",
          Model(
              R"({"volumes": {"redis-data": {"driver_opts": {"o": "bind", "device": "/srv/r"}}}})")),
      Breaks("MNT-20", Model(R"({"configs": {"redis-conf": {"file": "/etc/shadow"}}})")),
      Breaks("MNT-20", Model(R"({"secrets": {"redis-sales": {"file": "/root/.ssh/id_rsa"}}})")),
      Keeps("MNT-20",
            Model(R"({"configs": {"redis-conf": {"file": "/home/ann/shop/etc/redis.conf"}}})")),
      Breaks("MNT-17", Declared("redis", R"({"volumes_from": ["gateway"]})")),
      Keeps("MNT-17", Declared("redis", R"({"volumes_from": []})")),
      Breaks("MNT-22", Bind("/srv/other", true)),
      Keeps("MNT-22", Given("redis", R"({"Mounts": [
        {"Type": "volume", "Name": "shop_redis-data", "Destination": "/data", "RW": true},
        {"Type": "bind", "Source": "/home/ann/shop/secrets/users.acl", "Destination": "/run/secrets/users.acl",
         "RW": false}]})")),
  };
}

std::vector<RuleCase> RootCases() {
  const auto no_root = [](LiveTruth& live) { live.mounts->front().read_only = false; };
  const auto below_var_run = [](LiveTruth& live) { live.mounts->back().target = "/var/run/shop"; };
  const auto loose_tmpfs = [](LiveTruth& live) { live.mounts->back().options.erase("noexec"); };
  return {
      Breaks("MNT-05", Declared("redis", R"({"read_only": null})")),
      Breaks("MNT-05", Given("redis", R"({"HostConfig": {"ReadonlyRootfs": false}})")),
      Keeps("MNT-05", Declared("redis", R"({"read_only": "true"})")),
      Breaks("MNT-14", Inside("redis", no_root)),
      Keeps("MNT-14", All({Inside("redis", no_root), Both("redis", R"({"read_only": false})",
                                                          R"({"ReadonlyRootfs": false})")})),
      Breaks("MNT-06", Tmpfs("/tmp:size=1m,exec")),
      Breaks("MNT-06", Tmpfs("/tmp:size=1m,dev,suid")),
      Keeps("MNT-06", Tmpfs("/tmp:size=1m")),
      Breaks("MNT-23", Inside("sales-worker", loose_tmpfs)),
      Breaks("MNT-23", Inside("sales-worker", [](LiveTruth& live) { live.mounts->pop_back(); })),
      Keeps("MNT-23", Inside("redis", loose_tmpfs)),
      Keeps("MNT-23", All({Both("sales-worker", R"({"tmpfs": ["/var/run/shop:size=1m"]})",
                                R"({"Tmpfs": {"/tmp": null, "/var/run/shop": "size=1m"}})"),
                           Inside("sales-worker", below_var_run)})),
      Breaks("MNT-23", Both("sales-worker", R"({"tmpfs": ["/var/run/shop:size=1m"]})",
                            R"({"Tmpfs": {"/tmp": null, "/var/run/shop": "size=1m"}})")),
      Breaks("MNT-15", Tmpfs("/tmp")),
      Breaks("MNT-15",
             Declared("sales-worker", R"({"volumes": [{"type": "tmpfs", "target": "/t"}]})")),
      Keeps("MNT-15",
            Declared(
                "sales-worker",
                R"({"volumes": [{"type": "tmpfs", "target": "/t", "tmpfs": {"size": "1000"}}]})")),
      Breaks("MNT-16", Tmpfs("/tmp:size=1m,mode=0777")),
      Breaks(
          "MNT-16",
          Declared("sales-worker",
                   R"({"volumes": [{"type": "tmpfs", "target": "/t", "tmpfs": {"mode": 511}}]})")),
      Keeps("MNT-16", Tmpfs("/tmp:size=1m,mode=1777")),
      Keeps("MNT-16", Tmpfs("/tmp:size=1m")),
      Breaks("MNT-08", Declared("redis", R"({"volumes": ["/data"]})")),
      Breaks("MNT-08",
             Declared("redis", R"({"volumes": [{"type": "volume", "target": "/data"}]})")),
      Breaks("MNT-08",
             Given("redis",
                   R"({"Mounts": [{"Type": "volume", "Destination": "/data", "RW": true, "Name":
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]})")),
      Keeps("MNT-08", Declared("redis", R"({"volumes": ["redis-data:/data"]})")),
      Breaks("MNT-24", Declared("redis", R"({"volumes": null})")),
      Breaks("MNT-24", Declared("redis", R"({"volumes": ["redis-data:/data:ro"]})")),
      Keeps("MNT-24", Declared("gateway", R"({"volumes": null})")),
  };
}

std::vector<RuleCase> VolumeCases() {
  const Change shared = All({Declared("sales-worker", R"({"volumes": ["common:/v"]})"),
                             Declared("support-worker", R"({"volumes": ["common:/v"]})")});
  return {
      Breaks("MNT-07", shared),
      Breaks("MNT-07", All({Declared("sales-worker", R"({"volumes": ["/srv/common:/v"]})"),
                            Declared("support-worker", R"({"volumes": ["/srv/common/:/w"]})")})),
      Keeps("MNT-07", All({Declared("sales-worker", R"({"volumes": ["common:/v"]})"),
                           Declared("sales-coordinator", R"({"volumes": ["common:/v"]})"),
                           Declared("gateway", R"({"volumes": ["common:/v"]})")})),
      Breaks("PRV-06", shared),
      Keeps("PRV-06",
            All({shared,
                 Inside("sales-worker", [](LiveTruth& live) { live.status->effective_uid = 7; })})),
      Breaks("SEC-11",
             Model(R"({"volumes": {"v": {"driver_opts": {"o": "username=a,password=b"}}}})")),
      Breaks("SEC-11", Model(R"({"volumes": {"v": {"driver_opts": {"Password": "b"}}}})")),
      Keeps("SEC-11",
            Model(R"({"volumes": {"v": {"driver_opts": {"o": "credentials=/etc/cred"}}}})")),
      Breaks(
          "MNT-19",
          Model(R"({"volumes": {"v": {"driver_opts": {"device": ":/export", "type": "nfs"}}}})")),
      Keeps("MNT-19",
            Model(R"({"volumes": {"v": {"driver_opts": {"device": "tmpfs", "type": "tmpfs"}}}})")),
      Breaks("MNT-25", Model(R"({"volumes": {"v": {"external": true}}})")),
      Keeps("MNT-25", Model(R"({"volumes": {"v": {"external": false}}})")),
  };
}

}  // namespace

std::vector<RuleCase> FileSystemCases() {
  std::vector<RuleCase> cases = BindCases();
  for (RuleCase& one : RootCases()) cases.push_back(std::move(one));
  for (RuleCase& one : VolumeCases()) cases.push_back(std::move(one));
  return cases;
}

}  // namespace proving_ground::audit
