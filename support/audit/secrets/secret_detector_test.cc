#include "support/audit/secrets/secret_detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/audit/secrets/base64.h"

namespace proving_ground {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr TextKind kCompose = TextKind::kComposeFile;
constexpr TextKind kEnv = TextKind::kEnvFile;
constexpr TextKind kCommand = TextKind::kCommandLine;
constexpr TextKind kConfig = TextKind::kShellOrConfigFile;
constexpr TextKind kLog = TextKind::kLog;

const SecretDetector& Detector() {
  static const SecretDetector detector(Fingerprinter("salt"));
  return detector;
}

// What the detector takes for secrets in `text`.
std::vector<std::string> SecretsIn(const std::string& text, TextKind kind) {
  std::vector<std::string> values;
  for (const Detection& detection : Detector().Scan(text, kind).detections) {
    values.push_back(text.substr(detection.offset, detection.length));
  }
  return values;
}

struct Example {
  TextKind kind;
  std::string text;
  std::vector<std::string> secrets;  // in the order of the text
};

void CheckAll(const std::vector<Example>& examples) {
  for (const Example& example : examples) {
    EXPECT_THAT(SecretsIn(example.text, example.kind), ElementsAreArray(example.secrets))
        << example.text;
  }
}

TEST(SecretDetectorTest, ReadsAssignmentsInEverySyntax) {
  CheckAll({
      {kCompose, "    DB_PASSWORD: sun4flower # rotate\n", {"sun4flower"}},
      {kCompose, "  - \"DB_PASSWORD=two words1\"\n", {"two words1"}},
      {kCompose, "environment: {DB_PASSWORD: sun4flower, MODE: fast}\n", {"sun4flower"}},
      {kEnv, "dbPassword = 'sun 4 flower'\n", {"sun 4 flower"}},
      {kEnv, "DB_PASSWORD=sun#4;flower&\n", {"sun#4;flower&"}},
      {kCommand, "serve --db-password sun4flower --port 80", {"sun4flower"}},
      {kCommand, "[\"serve\", \"--db-password\", \"sun4flower\"]", {"sun4flower"}},
      {kCompose, "command:\n  - serve\n  - --db-password\n  - sun4flower\n", {"sun4flower"}},
      {kConfig, "{\\\"password\\\": \\\"sun4flower\\\"}", {"sun4flower"}},
      {kConfig, "- name: DB_PASSWORD\n  value: sun4flower\n", {"sun4flower"}},
      {kConfig, "<add key=\"DbPassword\" value=\"sun4flower\"/>", {"sun4flower"}},
      {kConfig,
       "variable \"db_password\" {\n  type = string\n  default = \"sun4flower\"\n}\n",
       {"sun4flower"}},
      {kConfig, "define('DB_PASSWORD', 'sun4flower');", {"sun4flower"}},
      {kConfig, "password: str = \"sun4flower\"\n", {"sun4flower"}},
      {kConfig, "os.getenv(\"DB_PASSWORD\", \"sun4flower\")", {"sun4flower"}},
      {kConfig, "Driver={SQL};Uid=sa;Pwd={sun4;flower};", {"sun4;flower"}},
      {kConfig, "password: |-\n  sun4flower\n", {"sun4flower"}},
      {kLog, "connect?password=sun4flower&user=a failed", {"sun4flower"}},
      {kLog, "generated root password: sun4flower", {"sun4flower"}},
  });
}

TEST(SecretDetectorTest, TakesTheDefaultOfAVariable) {
  CheckAll({
      {kCompose, "  DB_PASSWORD: ${DB_PASSWORD:-sun4flower}\n", {"sun4flower"}},
      {kCompose, "  URL: redis://:${REDIS_PASSWORD:-sun4flower}@redis:6379\n", {"sun4flower"}},
      {kCompose, "  DB_PASSWORD: ${DB_PASSWORD:-}\n", {}},
      {kCompose, "  DB_PASSWORD: ${DB_PASSWORD:?not set}\n", {}},
  });
}

TEST(SecretDetectorTest, KnowsWhereCommandsTakePasswords) {
  CheckAll({
      {kCommand, "mysql -P3306 -uroot -psun4flower shop", {"sun4flower"}},
      {kCommand, "mysql -uroot -p shop", {}},
      {kCommand, "docker run -p 8080:80 nginx", {}},
      {kCommand, "redis-cli -h redis AUTH worker sun4flower", {"sun4flower"}},
      {kCompose,
       "test: [\"CMD\", \"redis-cli\", \"-a\", \"sun4flower\", \"ping\"]",
       {"sun4flower"}},
      {kCommand, "mongosh -u root -p --host db", {}},
      {kConfig, "echo 'root:sun4flower' | chpasswd\n", {"sun4flower"}},
      {kConfig, "user worker on >sun4flower ~team:*\n", {"sun4flower"}},
      {kConfig, "GRANT ALL TO app IDENTIFIED BY 'sun4flower';", {"sun4flower"}},
      {kLog, "the task is identified by id4711 now", {}},
  });
}

TEST(SecretDetectorTest, FindsPasswordsInAddresses) {
  CheckAll({
      {kEnv, "URL=postgres://app:sun4flower@db:5432/app\n", {"sun4flower"}},
      {kEnv, "URL=mongodb+srv://app:sun4%40flower@a,b/app\n", {"sun4%40flower"}},
      {kEnv, "URL=redis://:sun4flower@redis\n", {"sun4flower"}},
      {kEnv, "URL=https://host:8080/@scope/package\n", {}},
      {kEnv, "URL=postgres://user:password@host/db\n", {}},
      {kEnv, "URL=postgres://app:${PASSWORD}@db/app\n", {}},
      {kEnv, "DSN=app:sun4flower@tcp(db:3306)/app\n", {"sun4flower"}},
      {kConfig, "db:5432:app:app:sun4flower\n", {"sun4flower"}},
      {kConfig, "jdbc:oracle:thin:app/sun4flower@db:1521:X\n", {"sun4flower"}},
  });
}

TEST(SecretDetectorTest, DecodesWhatIsEncoded) {
  const std::string url = EncodeBase64("amqp://app:sun4flower@mq:5672/jobs");
  const std::string pair = EncodeBase64("app:sun4flower");
  CheckAll({
      {kConfig, "data:\n  url: " + url + "\n", {url}},
      {kConfig, "\"auth\": \"" + pair + "\"", {pair}},
      {kLog, "Authorization: Basic " + pair + "\n", {pair}},
      {kLog, "Authorization: Basic " + EncodeBase64("user:${PASSWORD}") + "\n", {}},
      {kConfig, "motd: " + EncodeBase64("nothing but words in here") + "\n", {}},
      {kConfig, "password: " + EncodeBase64("changeme") + "\n", {}},
  });
}

TEST(SecretDetectorTest, DecodesTokensBeforeItCallsThemOne) {
  const std::string header = "eyJhbGciOiJIUzI1NiJ9";              // {"alg":"HS256"}
  const std::string claims = "eyJzdWIiOiJzYWxlcyIsIm4iOjQ3MTF9";  // {"sub":"sales","n":4711}
  const std::string signature = "fYb1Qkq0wYwG7d0G1mUqzVJt5hZ3s2uK";
  const std::string token = header + "." + claims + "." + signature;
  CheckAll({
      {kLog, "GET /?jwt=" + token + " 200", {token}},
      {kLog, "cookie lacks " + header + "." + claims, {}},
      {kLog, "eyJub3RoaW5nIjoxfQ." + claims + "." + signature + " has no algorithm", {}},
  });
}

// What the name of a mapping says, its members need not say.
TEST(SecretDetectorTest, LooksIntoMappingsWithATellingName) {
  const std::string key = "q7Xw2Zk9Lm4Vt8Rb1Nc6Ys3D";
  const std::string hex = "5a1f0c9e3b7d2468ace013579bdf2468";
  CheckAll({
      {kConfig,
       "app_secrets:\n  stripe: sun4flower\n  session: " + hex + "\nport: 80\n",
       {"sun4flower", hex}},
      {kCompose,
       "x-app:\n  api_secrets: {billing: sun4flower, mail: 'moon5light'}\n",
       {"sun4flower", "moon5light"}},
      {kConfig,
       "passwords:\n  # of people\n\n  dana: sun4flower\n  'kim': \"moon5light\" # old\n",
       {"sun4flower", "moon5light"}},
      {kConfig,
       "{\n  \"partnerSecrets\": {\n    \"acme\": \"sun4flower\",\n    \"retries\": 3\n  }\n}\n",
       {"sun4flower"}},
      {kConfig, "API_TOKENS = {\"acme\": \"" + key + "\"}\n", {key}},
      {kConfig, "API_TOKENS = [\"" + key + "\", '" + hex + "']\n", {key, hex}},
      {kConfig, "signing_keys:\n- " + key + "\n- " + hex + "\n", {key, hex}},
      {kConfig, "$config['secrets'] = ['acme' => 'sun4flower'];\n", {"sun4flower"}},
      {kConfig, "locals {\n  secrets = {\n    acme = \"sun4flower\"\n  }\n}\n", {"sun4flower"}},
      {kConfig, "[app.credentials]\nuser = svc\nacme = \"" + key + "\"\n[log]\nacme = a\n", {key}},
      {kConfig, "<secrets>\n  <acme>sun4flower</acme>\n</secrets>\n", {"sun4flower"}},
      {kEnv, "APP_SECRETS='{\"acme\":\"sun4flower\"}'\n", {"sun4flower"}},
      {kConfig, "app.secrets.acme=" + key + "\n", {key}},
      {kLog, "config {\"api_secrets\":{\"acme\":\"" + key + "\"}}\n", {key}},
  });
}

TEST(SecretDetectorTest, LeavesMappingsAloneThatHoldNone) {
  const std::string key = "q7Xw2Zk9Lm4Vt8Rb1Nc6Ys3D";
  const std::string hex = "5a1f0c9e3b7d2468ace013579bdf2468";
  CheckAll({
      {kCompose, "secrets:\n  db:\n    file: ./secrets/db1x\n  mail: {name: lab-7x-mail}\n", {}},
      {kCompose,
       "    secrets:\n      - source: db-7x\n        target: db7x\n      - team-7x9k\n",
       {}},
      {kCompose, "services:\n  token:\n    image: shop/token@sha256:" + hex + hex + "\n", {}},
      {kConfig, "API_TOKEN_ID:\n  acme: " + key + "\n", {}},
      {kConfig, "worker_token_ids: {acme: \"" + key + "\"}\n", {}},
      {kConfig, "public_keys:\n  acme: " + key + "\n", {}},
      {kConfig, "secrets:\n  acme: ${ACME}\n  mail: vault:kv/mail\n  db: /run/secrets/db1\n", {}},
      {kConfig, "secrets:\n  key_id: " + key + "\n  username: svc7x\n  commit: " + hex + "\n", {}},
      {kConfig, "secrets:\n  acme:\n    version: 4b7x2k9q\n", {}},
      {kConfig, "secrets:\n  TOKEN:\n    required: true\n    description: of svc7x\n", {}},
      {kConfig, "secrets: inherit\nruns: svc7xq9\n", {}},
      {kConfig,
       "credentials:\n  region: eu-central-1\n  account: " + key + "\n  mail: svc7xq9\n",
       {}},
      {kConfig, "passwords:\n  min_length: 12\n  policy: strict7x\n  alphabet: letters\n", {}},
      {kConfig, "imagePullSecrets:\n  - name: reg-7x\n", {}},
      {kConfig,
       "\"js-tokens\": {\n  \"version\": \"4.0.0\",\n  \"integrity\": \"sha512-" + key +
           "==\"\n}\n",
       {}},
      {kConfig, "tokens = {\"acme\": fetchToken7x9Q2w(), \"mail\": loadedToken7x9Q2w}\n", {}},
      {kConfig, "tokens: {primary: \"#5a1f0c\", spacing4: \"16px\"}\n", {}},
      {kLog, "{\"secrets\":{\"acme\":\"sun4flower\"}}\n", {}},
  });
}

TEST(SecretDetectorTest, LooksAtWhatIsHandedToCalls) {
  CheckAll({
      {kConfig, "KeyStore.load(in, \"sun4flower\");\n", {"sun4flower"}},
      {kConfig, "KeyStore.load(in, \"password\");\n", {"password"}},
      {kConfig, "trustStore.load(stream, \"orchard\".toCharArray());\n", {"orchard"}},
      {kConfig, "jks.KeyStore.load('shop.jks', 'orchard')\n", {"orchard"}},
      {kConfig, "pkcs12.load_key_and_certificates(data, b\"sun4flower\")\n", {"sun4flower"}},
      {kConfig, "new UsernamePasswordCredentials(\"svc\", \"sun4flower\")\n", {"sun4flower"}},
      {kConfig,
       "new PasswordAuthentication(user,\n    \"sun4flower\".toCharArray())\n",
       {"sun4flower"}},
      {kConfig, "new KeyStore.PasswordProtection(\"sun4flower\".toCharArray())\n", {"sun4flower"}},
      {kConfig, "signInWithEmailAndPassword(auth, 'dana@shop.de', 'sun4flower')\n", {"sun4flower"}},
      {kConfig, "user.set_password(find(\"dana\", 7), \"sun4flower\")\n", {"sun4flower"}},
      {kConfig, "client.create_secret(\"shop/mail\", \"sun4flower\")\n", {"sun4flower"}},
      {kConfig, "jwt.sign({ id: user.id }, 'sun4flower', { expiresIn: '1h' })\n", {"sun4flower"}},
      {kConfig, "crypto.createHmac('sha256', \"sun4flower\")\n", {"sun4flower"}},
  });
}

TEST(SecretDetectorTest, LeavesCallsAloneThatTakeNone) {
  CheckAll({
      {kConfig, "KeyStore.getInstance(\"PKCS12\", \"SunJSSE7\");\n", {}},
      {kConfig, "keyStore.load(in, System.getenv(\"STORE_PASSWORD\").toCharArray());\n", {}},
      {kConfig, "keyStore.load(in, password);\nkeyStore.load(null, null);\n", {}},
      {kConfig, "keyStore.containsAlias(in, \"sun4flower\");\n", {}},
      {kConfig, "secrets.get_secret(\"shop\", \"mail7x\")\n", {}},
      {kConfig, "assertPasswordRejected(user, \"sun4flower\")\n", {}},
      {kConfig, "validate_password(\"dana\", \"sun4flower\")\n", {}},
      {kConfig, "password_verify(input, \"sun4flower\")\n", {}},
      {kConfig, "new PasswordField(\"Kennung\", \"field7x\")\n", {}},
      {kConfig, "throw new InvalidCredentialsException(user, \"error7x\");\n", {}},
      {kConfig, "password.replace(\"a1\", \"sun4flower\")\n", {}},
      {kConfig, "set_password(user, \"${NEW_PASSWORD}\")\nset_password(user, \"changeme\")\n", {}},
      {kConfig, "create_secret(\"shop/mail\", \"/run/secrets/mail7\")\n", {}},
      {kConfig, "PasswordPolicy(\"strict\", \"level7\")\n", {}},
      {kConfig, "jwt.sign(payload, key, \"HS256\")\n", {}},
      {kConfig, "see KeyStore.load (in the manual, \"chapter7\")\n", {}},
  });
}

TEST(SecretDetectorTest, LeavesPublicMatterAlone) {
  CheckAll({
      {kConfig,
       "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1vXm\n-----END PUBLIC "
       "KEY-----\n",
       {}},
      {kConfig, "if grep -q 'BEGIN RSA PRIVATE KEY' \"$1\"; then\n", {}},
      {kConfig, "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n", {}},
      {kCompose,
       "image: app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n",
       {}},
      {kEnv, "PASSWORD_FILE=/run/secrets/db\nTOKEN_TTL=15m\nKEY_ID=a1b2c3d4e5f60718\n", {}},
      {kEnv, "API_KEY=AKIAIOSFODNN7EXAMPLE\nGITHUB=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", {}},
  });
}

TEST(SecretDetectorTest, CallsWellKnownPasswordsWeak) {
  const auto detections = Detector().Scan("POSTGRES_PASSWORD=postgres\n", kEnv).detections;
  ASSERT_THAT(detections, SizeIs(1));
  EXPECT_EQ(detections[0].rule, "weak-password");
  EXPECT_EQ(detections[0].confidence, Confidence::kLow);
}

TEST(SecretDetectorTest, SaysWhereASecretIsAndNotWhatItIs) {
  const std::string text = "MODE=fast\n\nDB_PASSWORD=sun4flower\n";
  const auto detections = Detector().Scan(text, kEnv).detections;

  ASSERT_THAT(detections, SizeIs(1));
  EXPECT_EQ(detections[0].line, 3);
  EXPECT_EQ(detections[0].offset, 23u);
  EXPECT_EQ(detections[0].length, 10u);
  EXPECT_EQ(detections[0].fingerprint, Fingerprinter("salt").Of("sun4flower"));
  EXPECT_NE(detections[0].fingerprint, Fingerprinter("other").Of("sun4flower"));
  EXPECT_EQ(Describe(detections[0]),
            "password-assignment, 10 bytes, fingerprint " + detections[0].fingerprint);
}

TEST(SecretDetectorTest, PrefersTheMoreSpecificRule) {
  const std::string token = "glpat-Zk3vQ9xT1bN7mR5pW2sY";
  const auto detections =
      Detector().Scan("API_TOKEN=" + token, TextKind::kEnvironmentEntry).detections;
  ASSERT_THAT(detections, SizeIs(1));
  EXPECT_EQ(detections[0].rule, "gitlab-token");
}

TEST(SecretDetectorTest, SaysWhenItDidNotLookAtEverything) {
  EXPECT_TRUE(Detector().Scan("nothing", kLog).complete);
  EXPECT_FALSE(Detector().Scan(std::string(SecretDetector::kMaxText + 1, ' '), kLog).complete);
}

}  // namespace
}  // namespace proving_ground
