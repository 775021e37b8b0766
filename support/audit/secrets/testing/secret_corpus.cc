#include "support/audit/secrets/testing/secret_corpus.h"

#include <functional>
#include <string_view>
#include <utility>

#include "support/audit/secrets/base64.h"
#include "support/audit/secrets/testing/corpus_frame.h"
#include "support/audit/secrets/testing/random_text.h"

namespace proving_ground {
namespace {

using Kind = TextKind;

std::string Capitalized(std::string word) {
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::string Jwt(RandomText& random) {
  const auto part = [](const std::string& json) {
    std::string encoded;
    for (const char c : EncodeBase64(json)) {
      if (c != '=') encoded.push_back(c == '+' ? '-' : c == '/' ? '_' : c);
    }
    return encoded;
  };
  return part(R"({"typ":"JWT","alg":"ES256"})") + "." +
         part(R"({"sub":")" + random.Word() + R"(","exp":17)" + random.Of("0123456789", 8) + "}") +
         "." + random.UrlSafe(86);
}

std::string Pem(RandomText& random, const std::string& type) {
  std::string pem = "-----BEGIN " + type + "-----\n";
  for (int line = 0; line < 5; ++line) pem += random.Alphanumeric(64) + "\n";
  return pem + "-----END " + type + "-----";
}

std::vector<NamedMaker> Tokens() {
  return {
      {"AWS access key",
       [](auto& r) { return "AKIA" + r.Of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16); }},
      {"GitHub token", [](auto& r) { return "ghp_" + r.Alphanumeric(36); }},
      {"GitHub fine-grained",
       [](auto& r) { return "github_pat_" + r.Alphanumeric(22) + "_" + r.Alphanumeric(59); }},
      {"GitLab token", [](auto& r) { return "glpat-" + r.UrlSafe(20); }},
      {"Slack bot token",
       [](auto& r) {
         return "xoxb-" + r.Of("0123456789", 12) + "-" + r.Of("0123456789", 13) + "-" +
                r.Alphanumeric(24);
       }},
      {"Slack webhook",
       [](auto& r) {
         return "https://hooks.slack.com/services/T" + r.Upper(8) + "/B" + r.Upper(10) + "/" +
                r.Alphanumeric(24);
       }},
      {"Stripe key", [](auto& r) { return "sk_live_" + r.Alphanumeric(24); }},
      {"SendGrid key", [](auto& r) { return "SG." + r.UrlSafe(22) + "." + r.UrlSafe(43); }},
      {"npm token", [](auto& r) { return "npm_" + r.Alphanumeric(36); }},
      {"PyPI token", [](auto& r) { return "pypi-AgEIcHlwaS5vcmc" + r.UrlSafe(70); }},
      {"OpenAI key", [](auto& r) { return "sk-proj-" + r.UrlSafe(48); }},
      {"Anthropic key", [](auto& r) { return "sk-ant-api03-" + r.UrlSafe(93) + "AA"; }},
      {"Google API key", [](auto& r) { return "AIza" + r.UrlSafe(35); }},
      {"DigitalOcean token", [](auto& r) { return "dop_v1_" + r.Hex(64); }},
      {"Telegram token", [](auto& r) { return r.Of("123456789", 10) + ":AA" + r.UrlSafe(33); }},
      {"Docker Hub token", [](auto& r) { return "dckr_pat_" + r.UrlSafe(27); }},
      {"Hugging Face token", [](auto& r) { return "hf_" + r.Alphanumeric(34); }},
      {"Shopify token", [](auto& r) { return "shpat_" + r.Hex(32); }},
      {"Vault token", [](auto& r) { return "hvs." + r.UrlSafe(90); }},
      {"Grafana token", [](auto& r) { return "glsa_" + r.Alphanumeric(32) + "_" + r.Hex(8); }},
      {"JSON Web Token", Jwt},
      {"URL with password",
       [](auto& r) { return "postgresql://app:" + r.Alphanumeric(14) + "@db.internal:5432/app"; }},
      {"Redis URL", [](auto& r) { return "redis://:" + r.Alphanumeric(20) + "@redis:6379/1"; }},
  };
}

std::vector<NamedMaker> Passwords() {
  return {
      {"chosen password",
       [](auto& r) { return Capitalized(r.Word()) + r.Of("0123456789", 3) + "!"; }},
      {"leet password", [](auto& r) { return "P4" + r.Word() + "w0rd" + r.Of("0123456789", 2); }},
      {"generated password",
       [](auto& r) { return r.Alphanumeric(10) + r.Of("!%^*+?~", 2) + r.Alphanumeric(6); }},
      {"letters and digits",
       [](auto& r) { return r.Alphanumeric(7) + r.Of("0123456789", 1) + r.Alphanumeric(8); }},
      {"hexadecimal", [](auto& r) { return r.Hex(32); }},
      {"base64", [](auto& r) { return r.Base64(24); }},
  };
}

// Where tokens stand: their names say little or nothing.
std::vector<Frame> TokenFrames() {
  return {
      {Kind::kComposeFile,
       "services:\n  app:\n    image: shop/app:1.4\n    environment:\n      BACKEND: @\n"},
      {Kind::kComposeFile, "services:\n  app:\n    command: [\"serve\", \"--with\", \"@\"]\n"},
      {Kind::kEnvFile, "MODE=production\nINTEGRATION=@\n"},
      {Kind::kCommandLine, "deploy --to eu-west --using @ --wait"},
      {Kind::kShellOrConfigFile, "#!/bin/sh\nset -eu\nnotify() { send '@' \"$1\"; }\n"},
      {Kind::kLog, "2031-04-02T08:15:11Z DEBUG client: configured with @\n"},
  };
}

// Where passwords stand: the name or the position says it.
std::vector<Frame> PasswordFrames() {
  return {
      {Kind::kComposeFile,
       "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: @\n"},
      {Kind::kComposeFile,
       "services:\n  api:\n    environment:\n      - LOG_LEVEL=info\n      - SMTP_PASSWD=@\n"},
      {Kind::kComposeFile,
       "services:\n  redis:\n    command: [\"redis-server\", \"--requirepass\", \"@\"]\n"},
      {Kind::kComposeFile,
       "services:\n  redis:\n    healthcheck:\n      test: [\"CMD\", \"redis-cli\", \"-a\", \"@\", "
       "\"ping\"]\n"},
      {Kind::kComposeFile,
       "services:\n  api:\n    environment:\n      ADMIN_PASSWORD: ${ADMIN_PASSWORD:-@}\n"},
      {Kind::kComposeFile,
       "services:\n  api:\n    labels:\n      com.shop.admin.password: \"@\"\n"},
      {Kind::kEnvFile, "# database\nDB_HOST=db\nDB_PASSWORD=@\nDB_PORT=5432\n"},
      {Kind::kEnvFile, "export ClientSecret=\"@\"\n"},
      {Kind::kEnvFile, "MYSQL_PWD='@'\nTZ=UTC\n"},
      {Kind::kEnvironmentEntry, "SESSION_SECRET=@"},
      {Kind::kLabel, "backup.passphrase=@"},
      {Kind::kCommandLine, "PGPASSWORD=@ psql -h db -U app -c 'select 1'"},
      {Kind::kCommandLine, "mysql -h db -u root -p@ shop"},
      {Kind::kCommandLine, "redis-cli -h redis -a @ ping"},
      {Kind::kCommandLine, "curl -fsS -u ops:@ https://metrics.internal/federate"},
      {Kind::kCommandLine, "java -Dspring.datasource.password=@ -jar app.jar"},
      {Kind::kCommandLine, "worker --queue jobs --auth-token @ --verbose"},
      {Kind::kShellOrConfigFile, "bind 0.0.0.0\nrequirepass @\nappendonly yes\n"},
      {Kind::kShellOrConfigFile, "[client]\nuser = app\npassword = @\nhost = db\n"},
      {Kind::kShellOrConfigFile,
       "{\n  \"user\": \"app\",\n  \"clientSecret\": \"@\",\n  \"retries\": 3\n}\n"},
      {Kind::kShellOrConfigFile, "machine api.shop.internal\n  login deploy\n  password @\n"},
      {Kind::kShellOrConfigFile,
       "<datasource>\n  <user>sa</user>\n  <password>@</password>\n</datasource>\n"},
      {Kind::kShellOrConfigFile, "Server=tcp:sql,1433;User Id=sa;Password=@;Encrypt=True\n"},
      {Kind::kShellOrConfigFile,
       "user worker on >@ ~team:* +\x01"
       "all\n"},
      {Kind::kShellOrConfigFile,
       "env:\n- name: DB_PASSWORD\n  value: '@'\n- name: MODE\n  value: fast\n"},
      {Kind::kShellOrConfigFile, "#!/bin/bash\nreadonly API_KEY='@'\nmain \"$1\"\n"},
      {Kind::kShellOrConfigFile, "CREATE USER app IDENTIFIED BY '@';\n"},
      {Kind::kShellOrConfigFile,
       "ntp: pool.shop.internal\napp_secrets:\n  billing: @\nlog: {level: info}\n"},
      {Kind::kShellOrConfigFile,
       "{\n  \"partnerSecrets\": {\"acme\": \"@\", \"since\": 2031},\n  \"retries\": 3\n}\n"},
      {Kind::kComposeFile, "x-mail:\n  passwords:\n    dana: \"@\"\n    port: 587\n"},
      {Kind::kShellOrConfigFile, "try (var in = open(file)) {\n  KeyStore.load(in, \"@\");\n}\n"},
      {Kind::kShellOrConfigFile,
       "client.login(new UsernamePasswordCredentials(\"svc\", \"@\"));\n"},
      {Kind::kLog,
       "2031-04-02 08:15:11 DEBUG login {\"user\":\"eve\",\"password\":\"@\"} accepted\n"},
      {Kind::kLog, "level=debug msg=connect user=app password=@ host=db\n"},
      {Kind::kLog, "10.0.0.7 - - \"GET /v1/jobs?access_token=@&page=2 HTTP/1.1\" 200 512\n"},
      {Kind::kRedisValue, "smtp_password=@"},
      {Kind::kImageHistory, "|1 BUILD_SECRET=@ /bin/sh -c make install"},
      {Kind::kImageHistory, "/bin/sh -c #(nop)  ENV ADMIN_PASSWORD=@"},
  };
}

std::vector<CorpusText> SpecialSecrets(RandomText& random) {
  std::vector<CorpusText> texts;
  const auto add = [&](Kind kind, std::string_view what, const std::string& before,
                       const std::string& secret, const std::string& after) {
    texts.push_back({kind, std::string(what), before + secret + after, secret});
  };
  for (int i = 0; i < 5; ++i) {
    for (const char* type :
         {"RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY"}) {
      add(Kind::kShellOrConfigFile, type, "# deploy\n", Pem(random, type), "\n");
    }
    const std::string password = random.Alphanumeric(12);
    const std::string pair = EncodeBase64("deploy:" + password);
    add(Kind::kShellOrConfigFile, "registry auth", "{\"auths\":{\"reg.internal\":{\"auth\":\"",
        pair, "\"}}}\n");
    add(Kind::kLog, "Basic header", "> Authorization: Basic ", pair, "\n> Accept: */*\n");
    add(Kind::kLog, "Bearer header", "headers=map[Authorization:[Bearer ", random.UrlSafe(40),
        "]]\n");
    add(Kind::kShellOrConfigFile, "pgpass", "db.internal:5432:app:app:", password, "\n");
    add(Kind::kShellOrConfigFile, "htpasswd", "ops:", "$2y$10$" + random.Alphanumeric(53), "\n");
    add(Kind::kShellOrConfigFile, "Kubernetes secret",
        "kind: Secret\ndata:\n  password: ", EncodeBase64(password), "\n");
    add(Kind::kShellOrConfigFile, "base64 of a URL",
        "kind: Secret\ndata:\n  dsn: ", EncodeBase64("amqp://app:" + password + "@mq:5672/jobs"),
        "\n");
    add(Kind::kShellOrConfigFile, "WireGuard key", "[Interface]\nPrivateKey = ", random.Base64(32),
        "\nListenPort = 51820\n");
    add(Kind::kEnvFile, "AWS secret key", "AWS_SECRET_ACCESS_KEY=", random.Base64(30), "\n");
    add(Kind::kCommandLine, "piped password", "echo '", password,
        "' | docker login -u ops --password-stdin reg.internal");
  }
  return texts;
}

}  // namespace

std::vector<CorpusText> MakeSecrets(uint32_t seed) {
  RandomText random(seed);
  std::vector<CorpusText> texts = SpecialSecrets(random);
  const auto combine = [&](const std::vector<NamedMaker>& makers,
                           const std::vector<Frame>& frames) {
    for (const Frame& frame : frames) {
      for (const NamedMaker& maker : makers) {
        const std::string secret = maker.make(random);
        texts.push_back({frame.kind, std::string(maker.what), Filled(frame.text, secret), secret});
      }
    }
  };
  combine(Tokens(), TokenFrames());
  combine(Passwords(), PasswordFrames());
  return texts;
}

}  // namespace proving_ground
