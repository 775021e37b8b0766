#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {

std::vector<RuleCase> StackCases() {
  const Change gone = [](AuditInput& input) { input.inspected->containers.pop_back(); };
  const Change removed = [](AuditInput& input) { input.model["services"].erase("support-worker"); };
  return {
      Breaks("CMP-03", removed),
      Keeps("CMP-03", gone),
      Breaks("CMP-04", gone),
      Keeps("CMP-04", removed),
      Keeps("CMP-04", All({gone, Declared("support-worker", R"({"deploy": {"replicas": 0}})")})),
      Breaks("CMP-08", Given("redis", R"({"State": {"Running": false, "Status": "exited"}})")),
      Keeps("CMP-08", Given("redis", R"({"State": {"Status": "paused"}})")),
      Breaks("CMP-09", Given("redis", R"({"HostConfig": {"ReadonlyRootfs": false}})")),
      Breaks("CMP-09", Given("redis", R"({"HostConfig": {"SecurityOpt": null}})")),
      Breaks("CMP-09", Given("redis", R"({"Config": {"User": "0"}})")),
      Keeps("CMP-09",
            Given("redis",
                  R"({"HostConfig": {"SecurityOpt": ["no-new-privileges", "label=level:s0"]}})")),
      Breaks("CMP-01", Declared("redis", R"({"container_name": "my-redis"})")),
      Keeps("CMP-01", Declared("redis", R"({"hostname": "my-redis"})")),
      Breaks("CMP-10", Declared("redis", R"({"labels": {"acceptance.role": null}})")),
      Keeps("CMP-10", Declared("redis", R"({"labels": ["acceptance.role=redis"]})")),
      Breaks("CMP-11", Declared("sales-worker", R"({"labels": {"acceptance.team": null}})")),
      Keeps("CMP-11", Declared("gateway", R"({"labels": {"acceptance.team": null}})")),
  };
}

}  // namespace proving_ground::audit
