#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

Change Check(const std::string& patch) {
  return Declared("redis", R"({"healthcheck": )" + patch + "}");
}

Change Command(const std::string& list) {
  return Declared("sales-worker", R"({"command": )" + list + "}");
}

}  // namespace

std::vector<RuleCase> HealthCases() {
  return {
      Breaks("AVL-01", Declared("redis", R"({"restart": null})")),
      Breaks("AVL-01", Declared("redis", R"({"restart": "no"})")),
      Breaks("AVL-01",
             Declared("redis",
                      R"({"restart": "", "deploy": {"restart_policy": {"condition": "none"}}})")),
      Breaks("AVL-01", Given("redis", R"({"HostConfig": {"RestartPolicy": {"Name": "no"}}})")),
      Keeps("AVL-01", Declared("redis", R"({"restart": "always"})")),
      Keeps("AVL-01",
            Declared("redis",
                     R"({"restart": null, "deploy": {"restart_policy": {"condition": "any"}}})")),
      Breaks("AVL-02", Declared("sales-worker", R"({"restart": "on-failure"})")),
      Keeps("AVL-02", Declared("sales-worker", R"({"restart": "on-failure:5"})")),
      Breaks("AVL-12", Declared("redis", R"({"restart": "on-failure:5"})")),
      Keeps("AVL-12", Declared("sales-worker", R"({"restart": "on-failure:5"})")),
      Breaks("AVL-03", Declared("redis", R"({"healthcheck": null})")),
      Breaks("AVL-03", Check(R"({"disable": true})")),
      Breaks("AVL-03", Check(R"({"test": ["NONE"]})")),
      Breaks("AVL-03", Given("redis", R"({"Config": {"Healthcheck": null}})")),
      Keeps("AVL-03",
            All({Declared("redis", R"({"healthcheck": null})"),
                 ImageGiven(R"({"Config": {"Healthcheck": {"Test": ["CMD", "/bin/check"]}}})")})),
      Keeps("AVL-03", Check(R"({"test": "redis-cli ping"})")),
      Breaks("AVL-08", Check(R"({"test": ["CMD", "true"]})")),
      Breaks("AVL-08", Check(R"({"test": "exit 0"})")),
      Breaks("AVL-08", Check(R"({"test": ["CMD-SHELL", "redis-cli ping || true"]})")),
      Breaks("AVL-08", Check(R"({"test": ["CMD-SHELL", "echo ok"]})")),
      Breaks("AVL-08", Check(R"({"test": ["CMD", "/bin/sh", "-c", "exit 0"]})")),
      Breaks("AVL-08", Check(R"({"test": ["CMD", "redis-server", "--version"]})")),
      Breaks("AVL-08", Given("redis", R"({"Config": {"Healthcheck": {"Test": ["CMD", "true"]}}})")),
      Keeps("AVL-08", Check(R"({"test": ["CMD-SHELL", "redis-cli ping || exit 1"]})")),
      Keeps("AVL-08", Check(R"({"test": ["CMD-SHELL", "echo ping | nc -q1 localhost 6379"]})")),
      Keeps("AVL-08", Check(R"({"test": ["CMD", "/bin/trueness"]})")),
      Breaks("AVL-04", Check(R"({"interval": "1m"})")),
      Breaks("AVL-04", Declared("gateway", R"({"healthcheck": {"retries": 10}})")),
      Breaks("AVL-04", Check(R"({"interval": null, "timeout": null, "retries": null})")),
      Keeps("AVL-04", Declared("sales-worker", R"({"healthcheck": {"interval": "90s"}})")),
      Breaks("AVL-05", Declared("gateway", R"({"stop_grace_period": "1m30s"})")),
      Breaks("AVL-05", Given("gateway", R"({"Config": {"StopTimeout": 600}})")),
      Keeps("AVL-05", Declared("sales-worker", R"({"stop_grace_period": "5m"})")),
      Breaks("AVL-17", Declared("redis", R"({"stop_signal": "SIGKILL"})")),
      Breaks("AVL-17", Declared("sales-worker", R"({"stop_signal": 9})")),
      Breaks("AVL-17", Declared("redis", R"({"stop_grace_period": "0s"})")),
      Breaks("AVL-17", Given("redis", R"({"Config": {"StopSignal": "kill"}})")),
      Keeps("AVL-17", Declared("redis", R"({"stop_signal": "SIGQUIT"})")),
      Breaks("AVL-09", Command(R"(["/bin/sh", "-c", "worker --team=sales"])")),
      Keeps("AVL-09", Command(R"(["sh", "-c", "exec worker --team=sales"])")),
      Keeps("AVL-09", All({Command(R"(["sh", "-c", "worker"])"),
                           Declared("sales-worker", R"({"init": true})")})),
      Breaks("AVL-06", Declared("redis", R"({"tty": true})")),
      Breaks("AVL-06", Given("redis", R"({"Config": {"OpenStdin": true}})")),
      Keeps("AVL-06", Declared("redis", R"({"tty": false})")),
      Breaks("AVL-13", Command(R"(["node", "--inspect=0.0.0.0:9229", "app.js"])")),
      Breaks("AVL-13", Declared("sales-worker",
                                R"({"environment": {"JAVA_TOOL_OPTIONS": "-agentlib:jdwp=x"}})")),
      Keeps("AVL-13", Command(R"(["worker", "--inspect=no"])")),
      Breaks("AVL-16", Given("redis", R"({"State": {"Health": {"Status": "unhealthy"}}})")),
      Keeps("AVL-16", Given("redis", R"({"State": {"Health": {"Status": "starting"}}})")),
      Breaks("AVL-15", Given("redis", R"({"State": {"OOMKilled": true}})")),
      Keeps("AVL-15", Given("redis", R"({"State": {"OOMKilled": false}})")),
      Breaks("AVL-10", Declared("redis", R"({"develop": {"watch": []}})")),
      Keeps("AVL-10", Declared("redis", R"({"labels": {"develop": "yes"}})")),
  };
}

}  // namespace proving_ground::audit
