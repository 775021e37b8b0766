#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

Change Limits(const std::string& patch) {
  return Declared("redis", R"({"deploy": {"resources": {"limits": )" + patch + "}}}");
}

Change Host(const std::string& patch) { return Given("redis", R"({"HostConfig": )" + patch + "}"); }

Change Logging(const std::string& patch) {
  return All({Declared("redis", R"({"logging": null})"),
              Declared("redis", R"({"logging": )" + patch + "}")});
}

std::vector<RuleCase> SetLimits() {
  return {
      Breaks("RES-01", Limits(R"({"memory": null})")),
      Breaks("RES-01", Limits(R"({"memory": 0})")),
      Breaks("RES-01", Host(R"({"Memory": 0})")),
      Breaks("RES-01", Limits(R"({"memory": "plenty"})")),
      Keeps("RES-01",
            All({Limits(R"({"memory": null})"), Declared("redis", R"({"mem_limit": "64m"})")})),
      Keeps("RES-01", Limits(R"({"memory": "0.0625GiB"})")),
      Keeps("RES-01", Limits(R"({"memory": "64MB"})")),
      Breaks("RES-16", Limits(R"({"memory": "8g"})")),
      Breaks("RES-16", Host(R"({"Memory": 9000000000})")),
      Keeps("RES-16", Limits(R"({"memory": "7g"})")),
      Breaks("RES-02", Limits(R"({"cpus": null})")),
      Breaks("RES-02", Limits(R"({"cpus": "0"})")),
      Breaks("RES-02", Host(R"({"NanoCpus": 0})")),
      Keeps("RES-02", All({Limits(R"({"cpus": null})"), Declared("redis", R"({"cpus": "0.5"})")})),
      Keeps("RES-02",
            All({Limits(R"({"cpus": null})"), Declared("redis", R"({"cpu_quota": 50000})")})),
      Keeps("RES-02", All({Limits(R"({"cpus": null})"), Declared("redis", R"({"cpuset": "0"})")})),
      Keeps("RES-02", Host(R"({"NanoCpus": 0, "CpuQuota": 50000, "CpuPeriod": 100000})")),
      Breaks("RES-26",
             All({Limits(R"({"cpus": null})"), Declared("redis", R"({"cpu_quota": 100000000})")})),
      Breaks("RES-26", Host(R"({"NanoCpus": 0, "CpuQuota": 6400000, "CpuPeriod": 100000})")),
      Keeps("RES-26", Limits(R"({"cpus": "2"})")),
      Breaks("RES-03", Limits(R"({"pids": null})")),
      Breaks("RES-03", Limits(R"({"pids": -1})")),
      Breaks("RES-03", Host(R"({"PidsLimit": null})")),
      Breaks("RES-03", Host(R"({"PidsLimit": -1})")),
      Keeps("RES-03",
            All({Limits(R"({"pids": null})"), Declared("redis", R"({"pids_limit": 32})")})),
      Breaks("RES-17", Limits(R"({"pids": 100000})")),
      Keeps("RES-17", Limits(R"({"pids": "4096"})")),
      Breaks("RES-04", Declared("redis", R"({"memswap_limit": "-1"})")),
      Breaks("RES-04", Host(R"({"MemorySwap": -1})")),
      Breaks("RES-04", Declared("redis", R"({"memswap_limit": "900g"})")),
      Keeps("RES-04", Declared("redis", R"({"memswap_limit": "128m"})")),
      Breaks("RES-05", Declared("redis", R"({"oom_kill_disable": true})")),
      Breaks("RES-05", Declared("redis", R"({"oom_score_adj": -500})")),
      Breaks("RES-05", Host(R"({"OomKillDisable": true})")),
      Keeps("RES-05", Declared("redis", R"({"oom_score_adj": 500})")),
      Breaks("RES-06", Declared("redis", R"({"ulimits": null})")),
      Breaks("RES-06", Host(R"({"Ulimits": null})")),
      Keeps("RES-06", Declared("redis", R"({"ulimits": {"nofile": 1024}})")),
      Breaks("RES-12", Declared("redis", R"({"ulimits": {"nofile": -1}})")),
      Breaks("RES-12", Declared("redis", R"({"ulimits": {"nproc": {"soft": 10, "hard": -1}}})")),
      Breaks("RES-12",
             Declared("redis", R"({"ulimits": {"nofile": {"soft": 1024, "hard": 2000000}}})")),
      Breaks("RES-12", Declared("redis", R"({"ulimits": {"nofile": 1048576}})")),
      Keeps("RES-12", Declared("redis", R"({"ulimits": {"nofile": "65536"}})")),
      Breaks("RES-13", Declared("redis", R"({"ulimits": {"core": -1}})")),
      Breaks("RES-13", Declared("redis", R"({"ulimits": {"core": null}})")),
      Keeps("RES-13", Declared("redis", R"({"ulimits": {"core": 0}})")),
      Breaks("RES-22", Declared("redis", R"({"ulimits": {"memlock": {"soft": -1, "hard": -1}}})")),
      Keeps("RES-22", Declared("redis", R"({"ulimits": {"memlock": 65536}})")),
      Breaks("RES-18", Declared("redis", R"({"shm_size": "1g"})")),
      Breaks("RES-18", Host(R"({"ShmSize": 2147483648})")),
      Keeps("RES-18", Declared("redis", R"({"shm_size": "32m"})")),
      Breaks("RES-19", Declared("redis", R"({"cpu_rt_runtime": "95ms"})")),
      Breaks("RES-19", Declared("redis", R"({"ulimits": {"rtprio": 10}})")),
      Keeps("RES-19", Host(R"({"CpuRealtimeRuntime": 0})")),
      Breaks(
          "RES-08",
          All({Limits(R"({"memory": "5g"})"),
               Declared("gateway", R"({"deploy": {"resources": {"limits": {"memory": "5g"}}}})")})),
      Keeps("RES-08", Limits(R"({"memory": "5g"})")),
  };
}

std::vector<RuleCase> LimitsInForce() {
  const auto set = [](CgroupLimits::Limit CgroupLimits::*limit, std::optional<double> value) {
    return Inside("redis", [=](LiveTruth& live) { (live.limits.*limit).value = value; });
  };
  return {
      Breaks("RES-09", set(&CgroupLimits::memory, std::nullopt)),
      Breaks("RES-09", set(&CgroupLimits::memory, 1e9)),
      Keeps("RES-09", set(&CgroupLimits::memory, 67'104'768)),
      Breaks("RES-14", set(&CgroupLimits::cpus, std::nullopt)),
      Breaks("RES-14", set(&CgroupLimits::cpus, 2.0)),
      Keeps("RES-14", set(&CgroupLimits::cpus, 0.25)),
      Breaks("RES-15", set(&CgroupLimits::pids, std::nullopt)),
      Breaks("RES-15", set(&CgroupLimits::pids, 4096)),
      Keeps("RES-15", set(&CgroupLimits::pids, 16)),
      Breaks("RES-23", Host(R"({"Memory": 1073741824})")),
      Breaks("RES-23", Host(R"({"PidsLimit": null})")),
      Keeps("RES-23", Host(R"({"Memory": 33554432})")),
  };
}

std::vector<RuleCase> Logs() {
  return {
      Breaks("RES-07", Declared("redis", R"({"logging": null})")),
      Breaks("RES-07", Logging(R"({"driver": "json-file"})")),
      Breaks("RES-07", Logging(R"({"options": {"max-size": "-1"}})")),
      Breaks("RES-07", Host(R"({"LogConfig": {"Config": {"max-size": null}}})")),
      Keeps("RES-07", Logging(R"({"driver": "local"})")),
      Keeps("RES-07", Logging(R"({"driver": "journald"})")),
      Breaks("LOG-03", Logging(R"({"driver": "json-file", "options": {"max-size": "20g"}})")),
      Keeps("LOG-03", Logging(R"({"driver": "json-file", "options": {"max-size": "20000k"}})")),
      Breaks("LOG-01", Logging(R"({"driver": "none"})")),
      Keeps("LOG-01", Logging(R"({"driver": "syslog"})")),
      Breaks("LOG-04", Logging(R"({"driver": "local", "options": {"mode": "non-blocking"}})")),
      Keeps("LOG-04", Logging(R"({"driver": "local", "options": {"mode": "blocking"}})")),
      Breaks(
          "LOG-02",
          Logging(R"({"driver": "syslog", "options": {"syslog-address": "udp://10.0.0.9:514"}})")),
      Breaks("LOG-02",
             Logging(R"({"driver": "fluentd", "options": {"fluentd-address": "logs:24224"}})")),
      Keeps(
          "LOG-02",
          Logging(
              R"({"driver": "syslog", "options": {"syslog-address": "tcp+tls://10.0.0.9:6514"}})")),
      Keeps("LOG-02",
            Logging(R"({"driver": "fluentd", "options": {"fluentd-address": "127.0.0.1:24224"}})")),
  };
}

}  // namespace

std::vector<RuleCase> LimitCases() {
  std::vector<RuleCase> cases = SetLimits();
  for (RuleCase& one : LimitsInForce()) cases.push_back(std::move(one));
  for (RuleCase& one : Logs()) cases.push_back(std::move(one));
  return cases;
}

}  // namespace proving_ground::audit
