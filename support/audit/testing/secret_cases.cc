#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

Change Uses(const std::string& service, const std::string& secret) {
  return Declared(service, R"({"secrets": [{"source": ")" + secret + R"("}]})");
}

Change Command(const std::string& list) {
  return Declared("redis", R"({"command": )" + list + "}");
}

std::vector<RuleCase> Detected() {
  return {
      Breaks("SEC-01", Declared("redis", R"({"environment": {"PASSWORD": "S3CRET-1"}})")),
      Breaks("SEC-01", Declared("redis", R"({"environment": ["PASSWORD=S3CRET-1"]})")),
      Breaks("SEC-01", Given("redis", R"({"Config": {"Env": ["PASSWORD=S3CRET-1"]}})")),
      Keeps("SEC-01",
            Declared("redis", R"({"environment": {"PASSWORD_FILE": "/run/secrets/password"}})")),
      Breaks("SEC-02", Command(R"(["worker", "--token", "S3CRET-1"])")),
      Breaks("SEC-02",
             Given("gateway", R"({"Config": {"Entrypoint": ["gateway", "--key=S3CRET-1"]}})")),
      Keeps("SEC-02", Command(R"(["worker", "--token-file=/run/secrets/token"])")),
      Breaks("SEC-12", Declared("redis", R"({"labels": {"deploy.token": "S3CRET-1"}})")),
      Keeps("SEC-12", Declared("redis", R"({"labels": {"deploy.token": "see vault"}})")),
      Breaks("SEC-13",
             Declared("redis", R"({"healthcheck": {"test": ["CMD", "ask", "S3CRET-1"]}})")),
      Keeps("SEC-13", Declared("redis", R"({"healthcheck": {"test": ["CMD", "ask"]}})")),
      Breaks("SEC-07", Declared("redis", R"({"environment": {"P": "S3CRET-known"}})")),
      Keeps("SEC-07", Declared("redis", R"({"environment": {"P": "S3CRET-1"}})")),
      Breaks("IMG-03", ImageGiven(R"({"Config": {"Env": ["TOKEN=S3CRET-1"]}})")),
      Breaks("IMG-03", HistoryGiven("ARG TOKEN=S3CRET-1")),
      Keeps("IMG-03", HistoryGiven("ARG TOKEN")),
      Breaks("IMG-09",
             Declared("redis", R"({"build": {"context": ".", "args": {"TOKEN": "S3CRET-1"}}})")),
      Breaks("IMG-09",
             Declared("redis", R"({"build": {"context": ".", "args": ["TOKEN=S3CRET-1"]}})")),
      Keeps("IMG-09",
            Declared("redis", R"({"build": {"context": ".", "args": {"VERSION": "1.0"}}})")),
      Breaks("SEC-19", Model(R"({"configs": {"c": {"content": "token: S3CRET-1"}}})")),
      Keeps("SEC-19",
            Model(R"({"configs": {"c": {"content": "token_file: /run/secrets/token"}}})")),
  };
}

std::vector<RuleCase> HandedOut() {
  return {
      Breaks("SEC-10", Uses("sales-worker", "token-support")),
      Breaks("SEC-10", Uses("sales-coordinator", "redis-support")),
      Keeps("SEC-10", Uses("gateway", "redis-support")),
      Breaks("SEC-16", All({Uses("sales-worker", "common"), Uses("support-worker", "common")})),
      Breaks("SEC-16",
             All({Model(R"({"secrets": {"a": {"file": "/s/x"}, "b": {"file": "/s/./x"}}})"),
                  Uses("sales-worker", "a"), Uses("support-worker", "b")})),
      Keeps("SEC-16", All({Uses("sales-worker", "public-key.pem"),
                           Uses("support-worker", "public-key.pem")})),
      Keeps("SEC-16", All({Uses("sales-worker", "common"), Uses("sales-coordinator", "common")})),
      Breaks("SEC-17",
             All({Model(R"({"secrets": {"o": {"file": "/home/ann/shop/secrets/redis-operator"}}})"),
                  Uses("gateway", "o")})),
      Keeps("SEC-17",
            Model(R"({"secrets": {"o": {"file": "/home/ann/shop/secrets/redis-operator"}}})")),
      Breaks("SEC-20", Uses("sales-worker", "redis-sales")),
      Keeps("SEC-20", Uses("sales-coordinator", "redis-sales")),
      Breaks("TOK-01", Uses("gateway", "token-private-key.pem")),
      Keeps("TOK-01", Uses("gateway", "token-signing-public-key.pem")),
      Breaks("MNT-09", Declared("redis", R"({"secrets": [{"source": "users.acl", "mode": 292}]})")),
      Keeps("MNT-09", Declared("redis", R"({"secrets": [{"source": "users.acl", "mode": 288}]})")),
      Breaks("SEC-18", Model(R"({"secrets": {"s": {"content": "anything"}}})")),
      Keeps("SEC-18", Model(R"({"secrets": {"s": {"file": "/home/ann/shop/secrets/s"}}})")),
      Breaks("SEC-25", Model(R"({"secrets": {"s": {"environment": "TOKEN"}}})")),
      Keeps("SEC-25", Model(R"({"configs": {"s": {"environment": "LOCALE"}}})")),
      Breaks("SEC-23", Model(R"({"configs": {"db-password": {"file": "/home/ann/shop/p"}}})")),
      Breaks("SEC-23", Model(R"({"configs": {"server.key": {"file": "/home/ann/shop/k"}}})")),
      Breaks("SEC-23", Model(R"({"configs": {"policy-password": {"file": "/home/ann/shop/p"}}})")),
      Keeps("SEC-23", Model(R"({"configs": {"password-policy": {"file": "/home/ann/shop/p"}}})")),
      Keeps("SEC-23",
            Model(R"({"configs": {"token-public-key.pem": {"file": "/home/ann/shop/k"}}})")),
  };
}

std::vector<RuleCase> WrittenOut() {
  return {
      Breaks("SEC-14", Command(R"(["redis-server", "--requirepass", "hunter2"])")),
      Breaks("SEC-14", Command(R"(["app", "--password=hunter2"])")),
      Breaks("SEC-14",
             Declared("redis", R"({"healthcheck": {"test": "redis-cli -a hunter2 ping"}})")),
      Breaks("SEC-14", Given("gateway", R"({"Config": {"Cmd": ["sh", "-c", "app --token abc"]}})")),
      Keeps("SEC-14", Command(R"(["redis-server", "--requirepass", "${REDIS_PASSWORD}"])")),
      Keeps("SEC-14", Command(R"(["app", "--password-file=/run/secrets/p", "--password", "$P"])")),
      Keeps("SEC-14",
            Declared("redis", R"({"healthcheck": {"test": "redis-cli -a \"$P\" ping"}})")),
      Keeps("SEC-14", Command(R"(["tar", "-a", "name"])")),
      Breaks("SEC-24",
             ComposeFile("services:\n  a:\n    environment:\n      P: ${DB_PASSWORD:-hunter2}\n")),
      Keeps("SEC-24",
            ComposeFile("services:\n  a: {environment: {P: \"${DB_PASSWORD:?set it}\"}}\n")),
      Keeps("SEC-24",
            ComposeFile("# P: ${DB_PASSWORD:-hunter2}\nx: ${DB_PASSWORD_FILE:-secrets/p}\n")),
      Keeps("SEC-24", ComposeFile("x: ${TOKEN:-}\ny: ${IMAGE:-redis:7}\n")),
  };
}

}  // namespace

std::vector<RuleCase> SecretCases() {
  std::vector<RuleCase> cases = Detected();
  for (RuleCase& one : HandedOut()) cases.push_back(std::move(one));
  for (RuleCase& one : WrittenOut()) cases.push_back(std::move(one));
  return cases;
}

}  // namespace proving_ground::audit
