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
