#include <utility>

#include "support/audit/secrets/base64.h"
#include "support/audit/secrets/testing/corpus_frame.h"
#include "support/audit/secrets/testing/secret_corpus.h"

namespace proving_ground {
namespace {

using Kind = TextKind;

struct LookAlike {
  std::string_view what;
  Kind kind;
  std::string_view frame;
};

// What stands for a secret that is somewhere else, or still to be chosen: @ in frames of a
// password.
std::vector<NamedMaker> StandIns() {
  return {
      {"reference", [](auto&) { return "${DB_PASSWORD}"; }},
      {"required reference", [](auto&) { return "${DB_PASSWORD:?set it in .env}"; }},
      {"template", [](auto&) { return "{{ .Values.password }}"; }},
      {"secret file", [](auto& r) { return "/run/secrets/" + r.Word() + "_password"; }},
      {"Vault path", [](auto& r) { return "vault:secret/data/" + r.Word() + "#password"; }},
      {"placeholder", [](auto&) { return "changeme"; }},
      {"your-placeholder", [](auto&) { return "your-password-here"; }},
      {"angle placeholder", [](auto&) { return "<your-token>"; }},
      {"masked", [](auto&) { return "********"; }},
      {"crossed out", [](auto&) { return "xxxxxxxxxxxxxxxx"; }},
      {"redacted", [](auto&) { return "[REDACTED]"; }},
  };
}

std::vector<Frame> StandInFrames() {
  return {
      {Kind::kComposeFile, "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: \"@\"\n"},
      {Kind::kComposeFile, "services:\n  db:\n    environment:\n      - API_TOKEN=@\n"},
      {Kind::kEnvFile, "DB_HOST=db\nDB_PASSWORD=@\n"},
      {Kind::kCommandLine, "server --password=\"@\" --port 8080"},
      {Kind::kCommandLine, "redis-cli -a \"@\" ping"},
      {Kind::kShellOrConfigFile, "{\"user\": \"app\", \"password\": \"@\"}\n"},
      {Kind::kShellOrConfigFile, "[api]\nclient_secret = \"@\"\n"},
      {Kind::kLog, "level=info msg=\"configured\" password=\"@\" retries=3\n"},
      {Kind::kEnvironmentEntry, "API_SECRET=@"},
  };
}

// Random values that are no secrets, each with the place that says so.
std::vector<std::pair<LookAlike, Maker>> HarmlessValues() {
  const auto hex40 = [](RandomText& r) { return r.Hex(40); };
  const auto hex64 = [](RandomText& r) { return r.Hex(64); };
  const auto uuid = [](RandomText& r) { return r.Uuid(); };
  const auto word = [](RandomText& r) { return r.Word(); };
  const auto number = [](RandomText& r) { return r.Of("123456789", 4); };
  const auto base64 = [](RandomText& r) { return r.Base64(64); };
  const auto words = [](RandomText& r) {
    return EncodeBase64(r.Word() + " " + r.Word() + " " + r.Word() + " of words");
  };
  return {
      {{"image digest", Kind::kComposeFile,
        "services:\n  a:\n    image: reg.internal/a@sha256:@\n"},
       hex64},
      {{"commit", Kind::kComposeFile,
        "services:\n  a:\n    labels:\n      org.opencontainers.image.revision: @\n"},
       hex40},
      {{"key name only", Kind::kComposeFile,
        "services:\n  a:\n    secrets:\n      - @_password\nsecrets:\n  x_password:\n    file: "
        "./x\n"},
       word},
      {{"file variable", Kind::kComposeFile,
        "services:\n  a:\n    environment:\n      API_TOKEN_FILE: /run/secrets/@\n"},
       word},
      {{"secret's name", Kind::kComposeFile,
        "services:\n  a:\n    environment:\n      SECRET_NAME: prod/@/db\n"},
       word},
      {{"token settings", Kind::kEnvFile, "TOKEN_TTL=@\nMAX_TOKENS=@\nPASSWORD_MIN_LENGTH=12\n"},
       number},
      {{"identifier", Kind::kEnvFile, "TENANT_ID=@\n"}, uuid},
      {{"key identifier", Kind::kEnvFile, "SIGNING_KEY_ID=@\n"}, uuid},
      {{"public key", Kind::kEnvFile, "JWT_PUBLIC_KEY=@\n"}, base64},
      {{"URL without password", Kind::kEnvFile, "TOKEN_URL=https://auth.@.org/oauth/token\n"},
       word},
      {{"host of a database", Kind::kEnvFile,
        "DATABASE_URL=postgres://@\x01"
        "db:5432/app\n"},
       word},
      {{"code call", Kind::kShellOrConfigFile,
        "password = get_password(\"@\")\ntoken = os.environ[\"API_TOKEN\"]\n"},
       word},
      {{"code name", Kind::kShellOrConfigFile,
        "def login(user, password=None):\n    self.password = @_password\n"},
       word},
      {{"type", Kind::kShellOrConfigFile,
        "type: object\nproperties:\n  password:\n    type: string\n  @: {type: integer}\n"},
       word},
      {{"command substitution", Kind::kShellOrConfigFile,
        "TOKEN=$(cat /run/secrets/@)\nexport TOKEN\n"},
       word},
      {{"certificate", Kind::kShellOrConfigFile,
        "-----BEGIN CERTIFICATE-----\n@\n-----END CERTIFICATE-----\n"},
       base64},
      {{"public key file", Kind::kShellOrConfigFile,
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI@ deploy\n"},
       [](RandomText& r) { return r.Alphanumeric(43); }},
      {{"integrity", Kind::kShellOrConfigFile, "\"left-pad\": {\"integrity\": \"sha512-@\"}\n"},
       base64},
      {{"checksum", Kind::kShellOrConfigFile, "@  release.tar.gz\n"}, hex64},
      {{"module sum", Kind::kShellOrConfigFile, "github.com/x/y v1.2.3 h1:@\n"},
       [](RandomText& r) { return r.Base64(32); }},
      {{"base64 of words", Kind::kShellOrConfigFile, "data:\n  motd: @\n"}, words},
      {{"key reference", Kind::kShellOrConfigFile,
        "valueFrom:\n  secretKeyRef:\n    name: @-db\n    key: password\n"},
       word},
      {{"identifiers of tokens", Kind::kShellOrConfigFile, "worker_token_ids:\n  acme: @\n"},
       base64},
      {{"commit beside secrets", Kind::kShellOrConfigFile,
        "secrets:\n  commit: @\n  path: kv/shop\n"},
       hex40},
      {{"public keys", Kind::kShellOrConfigFile, "public_keys:\n  acme: @\n  mail: @\n"}, base64},
      {{"places of secrets", Kind::kComposeFile,
        "services:\n  a:\n    secrets:\n      - @-7x\nsecrets:\n  @-7x:\n    name: @7x\n"},
       word},
      {{"secret by name", Kind::kShellOrConfigFile,
        "key = client.get_secret(\"shop\", \"@7x\")\nKeyStore.getInstance(\"PKCS12\", \"@7x\")\n"},
       word},
      {{"tried password", Kind::kShellOrConfigFile,
        "assertPasswordRejected(user, \"@4Flower\")\npassword.replace(\"a1\", \"@7x\")\n"},
       word},
      {{"forwarding", Kind::kShellOrConfigFile, "location / {\n  proxy_pass http://@:8080;\n}\n"},
       word},
      {{"prompt", Kind::kShellOrConfigFile, "read -r -s -p \"Password for @: \" answer\n"}, word},
      {{"short token", Kind::kShellOrConfigFile, "prefix: ghp_@\nother: sk_live_\n"}, word},
      {{"log prose", Kind::kLog, "12:00:01 WARN password for user @ is wrong, token expired\n"},
       word},
      {{"authentication failure", Kind::kLog,
        "FATAL: password authentication failed for user \"@\"\n"},
       word},
      {{"request id", Kind::kLog, "level=info request_id=@ auth=ok token=valid\n"}, uuid},
      {{"trace", Kind::kLog, "traceparent=00-@-00f067aa0ba902b7-01 key=cache:user\n"},
       [](RandomText& r) { return r.Hex(32); }},
      {{"token count", Kind::kLog, "usage prompt_tokens=@ completion_tokens=17 max_tokens=4096\n"},
       number},
      {{"page token", Kind::kLog, "GET /items?pageToken=@&limit=10 200\n"},
       [](RandomText& r) { return r.Alphanumeric(24); }},
      {{"pulled digest", Kind::kLog, "Digest: sha256:@\nStatus: Downloaded newer image\n"}, hex64},
      {{"command with variable", Kind::kCommandLine,
        "mysql -h @ -u root -p\"$MYSQL_ROOT_PASSWORD\" shop"},
       word},
      {{"published port", Kind::kCommandLine, "docker run -p @:80 -e MODE=fast nginx:1.27"},
       number},
      {{"password from a file", Kind::kCommandLine,
        "borg create --password-file /etc/@.pw --no-password"},
       word},
      {{"key file", Kind::kCommandLine, "ssh -i ~/.ssh/@_key -p 2222 ops\x01host"}, word},
      {{"build step", Kind::kImageHistory, "COPY file:@ in /usr/local/bin/"}, hex64},
      {{"counter", Kind::kRedisValue, "token_count=@"}, number},
      {{"job", Kind::kRedisValue, "{\"id\":\"@\",\"state\":\"done\",\"result\":\"ok\"}"}, uuid},
      {{"label", Kind::kLabel, "com.docker.compose.config-hash=@"}, hex64},
  };
}

}  // namespace

std::vector<CorpusText> MakeLookAlikes(uint32_t seed) {
  RandomText random(seed);
  std::vector<CorpusText> texts;
  for (const Frame& frame : StandInFrames()) {
    for (const NamedMaker& maker : StandIns()) {
      texts.push_back(
          {frame.kind, std::string(maker.what), Filled(frame.text, maker.make(random)), ""});
    }
  }
  for (int round = 0; round < 6; ++round) {
    for (const auto& [look_alike, make] : HarmlessValues()) {
      texts.push_back({look_alike.kind, std::string(look_alike.what),
                       Filled(look_alike.frame, make(random)), ""});
    }
  }
  return texts;
}

}  // namespace proving_ground
