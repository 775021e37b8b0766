#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

// The whole configuration, instead of the clean one.
Change OnlyConf(const std::string& text) {
  return [text](AuditInput& input) { input.redis_files["/etc/redis/redis.conf"] = text; };
}

Change OnlyAcl(const std::string& text) {
  return [text](AuditInput& input) { input.redis_files["/run/secrets/users.acl"] = text; };
}

// Redis without a configuration file.
Change OnlyArguments(const std::string& list) {
  return Given("redis",
               R"({"Config": {"Entrypoint": ["docker-entrypoint.sh"], "Cmd": )" + list + "}}");
}

std::vector<RuleCase> Server() {
  return {
      Breaks("RDS-01", OnlyConf("port 6379\n")),
      Breaks("RDS-01", OnlyArguments(R"(["redis-server"])")),
      Keeps("RDS-01", OnlyArguments(R"(["redis-server", "--requirepass", "x"])")),
      Keeps("RDS-01", OnlyConf("user default off\n")),
      Breaks("RDS-02", RedisConf("Protected-Mode no")),
      Breaks("RDS-02", OnlyArguments(R"(["--protected-mode", "no"])")),
      Breaks("RDS-02", OnlyArguments(R"(["sh", "-c", "redis-server --protected-mode no"])")),
      Keeps("RDS-02", RedisConf("# protected-mode no")),
      Breaks("RDS-09", RedisConf("appendonly no")),
      Breaks("RDS-09", OnlyConf("requirepass x\n")),
      Keeps("RDS-09", OnlyArguments(R"(["redis-server", "--appendonly", "yes"])")),
      Breaks("RDS-16", RedisConf("appendfsync no")),
      Keeps("RDS-16", RedisConf("appendfsync everysec")),
      Breaks("RDS-10", RedisConf("maxmemory-policy allkeys-lru")),
      Keeps("RDS-10", OnlyConf("requirepass x\n")),
      Breaks("RDS-11", RedisConf("timeout 0")),
      Keeps("RDS-11", RedisConf("timeout 60")),
      Breaks("RDS-17", RedisConf("maxmemory 64mb")),
      Breaks("RDS-17", RedisConf("maxmemory 0")),
      Keeps("RDS-17", RedisConf("maxmemory 48mb")),
      Breaks("RDS-18", RedisConf("enable-debug-command local")),
      Keeps("RDS-18", RedisConf("enable-debug-command no")),
      Breaks("RDS-22", RedisConf("acllog-max-len 0")),
      Keeps("RDS-22", RedisConf("acllog-max-len 128")),
      Breaks("RDS-12", OnlyConf("requirepass x\n")),
      Keeps("RDS-12", OnlyConf("user a on >x\n")),
      Breaks("RDS-23", RedisConf("replicaof 10.0.0.1 6379")),
      Keeps("RDS-23",
            All({RedisConf("replicaof 10.0.0.1 6379"), RedisConf("tls-replication yes")})),
  };
}

std::vector<RuleCase> Accounts() {
  return {
      Breaks("RDS-24", OnlyAcl("user default on nopass ~* &* +@all\n")),
      Breaks("RDS-24", OnlyAcl("user sales on #aa\n")),
      Keeps("RDS-24", OnlyAcl("user default off nopass ~* +@all\n")),
      Breaks("RDS-13", RedisAcl("user guest on nopass ~g:* +get")),
      Keeps("RDS-13", RedisAcl("user guest off nopass ~g:* +get")),
      Keeps("RDS-13", RedisAcl("user guest on nopass resetpass #bb ~g:* +get")),
      Breaks("RDS-25", RedisAcl("user guest on #aa01")),
      Keeps("RDS-25", RedisAcl("user guest on #aa01 resetpass #ff")),
      Breaks("RDS-20", RedisAcl("user guest on >hunter2")),
      Keeps("RDS-20", RedisAcl("user guest on #ff")),
      Breaks("RDS-03", OnlyAcl("user default off\nuser sales on #a ~team:sales:* +@all\n")),
      Breaks(
          "RDS-03",
          OnlyAcl("user default off\nuser sales on #a ~team:sales:* +@all -@dangerous +config\n")),
      Breaks("RDS-03",
             OnlyAcl("user default off\nuser sales on #a ~team:sales:* +@string +acl|setuser\n")),
      Breaks("RDS-03", OnlyAcl("user default off\nuser sales on #a ~team:sales:* +@scripting\n")),
      Keeps("RDS-03",
            OnlyAcl("user default off\nuser sales on #a +@all -@admin -@dangerous -@scripting\n")),
      Keeps("RDS-03", OnlyAcl("user default off\nuser sales on #a +@all reset on #a +@string\n")),
      Breaks("RDS-06", OnlyAcl("user default off\nuser sales on #a ~team:sales:* +@read\n")),
      Breaks("RDS-06", OnlyAcl("user default off\nuser sales on #a ~team:sales:* +dbsize\n")),
      Breaks("RDS-06", OnlyAcl("user default off\nuser sales on #a +get (~team:sales:* +scan)\n")),
      Keeps("RDS-06", OnlyAcl("user default off\nuser sales on #a +@read -@keyspace\n")),
      Breaks("RDS-26", RedisAcl("user exporter on #ff +config|get")),
      Keeps("RDS-26", RedisAcl("user exporter on #ff +info +dbsize")),
      Breaks("RDS-04", OnlyAcl("user sales on #a ~team:s*\nuser support on #b ~team:support:*\n")),
      Breaks("RDS-04", OnlyAcl("user sales on #a ~*\nuser support on #b ~team:support:*\n")),
      Breaks("RDS-04", OnlyAcl("user sales on #a %R~team:support:*\nuser support on #b allkeys\n")),
      Keeps("RDS-04",
            OnlyAcl("user sales on #a ~team:sales:*\nuser support on #b ~team:support:*\n")),
      Keeps("RDS-04", OnlyAcl("user sales on #a ~team:sales\nuser support on #b ~team:sales:*\n")),
      Breaks("RDS-05", OnlyAcl("user sales on #a &*\nuser support on #b &team:support:*\n")),
      Keeps("RDS-05",
            OnlyAcl("user sales on #a &* resetchannels\nuser support on #b &team:support:*\n")),
      Breaks("RDS-33", OnlyAcl("user sales on #a ~team:s*\n")),
      Breaks("RDS-33", OnlyAcl("user sales on #a ~team:sales:* &team:sales*\n")),
      Keeps("RDS-33", OnlyAcl("user sales on #a ~team:sales:* ~team:sales &sales-?\n")),
      Breaks("RDS-27", RedisAcl("user exporter on #ff allkeys +get")),
      Keeps("RDS-27", RedisAcl("user exporter on #ff ~metrics:* +get")),
      Breaks("RDS-28", OnlyAcl("user default off\nuser sales on #a\n")),
      Keeps("RDS-28", OnlyAcl("user default off\nuser sales on #a\nuser support on #b\n")),
  };
}

Change InForce(const std::string& setting, const std::string& value) {
  return [=](AuditInput& input) { input.redis_in_force->settings[setting] = value; };
}

Change AccountsInForce(const std::string& lines) {
  return [=](AuditInput& input) { input.redis_in_force->accounts = {lines}; };
}

// The service's container has this address, and is logged in to Redis.
Change Connected(const std::string& service, const std::string& account) {
  return All(
      {Given(service, R"({"NetworkSettings": {"Networks": {"x": {"IPAddress": "10.9.8.7"}}}})"),
       [=](AuditInput& input) {
         input.redis_in_force->connections = {{"10.9.8.1", "operator"}, {"10.9.8.7", account}};
       }});
}

std::vector<RuleCase> Connections() {
  const Change wide = RedisAcl("user app on #ff ~* +get");
  return {
      Breaks("RDS-32", Connected("gateway", "default")),
      Breaks("RDS-32", All({wide, Connected("gateway", "app")})),
      Breaks("RDS-32", Connected("sales-coordinator", "support")),
      Keeps("RDS-32", Connected("sales-coordinator", "sales")),
      Keeps("RDS-32", Connected("gateway", "support")),
      Keeps("RDS-32", Connected("redis", "default")),
  };
}

std::vector<RuleCase> Drift() {
  const char* const acl = "user default off\nuser sales on #a ~team:sales:* &x:* -@all +get\n";
  const auto accounts = [&](const char* in_force) {
    return All({OnlyAcl(acl), AccountsInForce(in_force)});
  };
  return {
      Breaks("RDS-30", InForce("appendfsync", "no")),
      Breaks("RDS-30", InForce("maxmemory", "0")),
      Breaks("RDS-30", InForce("enable-debug-command", "yes")),
      Breaks("RDS-30", InForce("replicaof", "10.0.0.1 6379")),
      Keeps("RDS-30", InForce("maxmemory", "33554432")),
      Keeps("RDS-30", InForce("acllog-max-len", "128")),
      Breaks("RDS-31", AccountsInForce("user default on nopass ~* &* +@all")),
      Breaks("RDS-31", accounts("user default off\nuser sales on #b ~team:sales:* &x:* +get")),
      Breaks("RDS-31", accounts("user default off\nuser sales on #a ~team:* &x:* +get")),
      Breaks("RDS-31", accounts("user default off\nuser sales on #a ~team:sales:* &* +get")),
      Breaks("RDS-31", accounts("user default off\nuser sales on #a ~team:sales:* &x:* +keys")),
      Breaks("RDS-31", accounts("user default off\nuser sales on nopass ~team:sales:* &x:*")),
      Breaks("RDS-31", accounts("user default off")),
      Keeps("RDS-31", accounts("user default off sanitize-payload resetchannels -@all\n"
                               "user sales on sanitize-payload #A ~team:sales:* resetchannels "
                               "&x:* -@all +get")),
  };
}

}  // namespace

std::vector<RuleCase> RedisCases() {
  std::vector<RuleCase> cases = Server();
  for (RuleCase& one : Connections()) cases.push_back(std::move(one));
  for (RuleCase& one : Drift()) cases.push_back(std::move(one));
  for (RuleCase& one : Accounts()) cases.push_back(std::move(one));
  return cases;
}

}  // namespace proving_ground::audit
