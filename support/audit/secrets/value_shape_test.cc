#include "support/audit/secrets/value_shape.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

#include "support/audit/secrets/secret_name.h"

namespace proving_ground {
namespace {

using Predicate = bool (*)(std::string_view);

void ExpectAll(Predicate predicate, bool expected, std::initializer_list<std::string_view> values) {
  for (const std::string_view value : values) EXPECT_EQ(predicate(value), expected) << value;
}

TEST(ValueShapeTest, TellsReferencesFromValues) {
  ExpectAll(IsReference, true,
            {"${VAR}", "${VAR:?unset}", "$VAR", "$$VAR", "{{ .Values.x }}", "%VAR%", "$(cat x)",
             "`cat x`", "vault:secret/data/x#y", "op://vault/item", "arn:aws:secretsmanager:x",
             "ENC[AES256,data:x]", "!vault |", "<%= x %>", "%s", "projects/p/secrets/s"});
  ExpectAll(IsReference, false, {"pa$$word1", "Vaulting9", "!Passw0rd", "100%sure", "a{b}c"});
}

TEST(ValueShapeTest, TellsCodeFromValues) {
  ExpectAll(IsCode, true,
            {"get_password()", "os.environ[", "process.env.TOKEN", "config.db.password",
             "self.token", "Env::get"});
  ExpectAll(IsCode, false, {"sun4flower", "aK9(mQ2)", "Wint3r-is-coming"});
}

TEST(ValueShapeTest, KnowsPlaceholders) {
  ExpectAll(IsPlaceholder, true,
            {"changeme", "change-me-please", "<your-token>", "your_api_key", "xxxxxxxx", "****",
             "...", "[REDACTED]", "REPLACE_ME", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
             "secret", "todo", "insert-token-here", "my-secret", "abcdefghijklmnopqrst"});
  ExpectAll(IsPlaceholder, false,
            {"sun4flower", "Somerset1", "k3Yb0ard", "Pa55-for-Sales", "123456"});
}

TEST(ValueShapeTest, KnowsPathsAddressesAndQuantities) {
  ExpectAll(IsPath, true, {"/run/secrets/db", "./x", "~/.ssh/id", "C:\\x", "certs/server.key"});
  ExpectAll(IsPath, false, {"x7Kd9/qLm2PvRt5+Zw8YbN3sHc6JfGu1EaTi4XoQ", "sun/4flower"});
  ExpectAll(IsAddress, true,
            {"https://a.b/c", "redis:6379", "a@b.org", "auth.example.com", "sha256:abcd",
             "postgres:16-alpine"});
  ExpectAll(IsAddress, false, {"sun4flower", "p@ss.w0rd!", "postgres://a:b@c/d"});
  ExpectAll(IsQuantity, true,
            {"3600", "15m", "1.5", "10MB", "2031-04-02", "10.0.0.1", "v1.2.3", "1h30m"});
  ExpectAll(IsQuantity, false, {"12ab34", "sun4flower", "0x3f9ac01bd27745e0aa91"});
}

TEST(ValueShapeTest, TellsWordsFromMixturesAndRandomness) {
  ExpectAll(IsWords, true, {"db-creds", "primaryPassword", "tls-cert-2", "word"});
  ExpectAll(IsWords, false, {"sun4flower", "qwkzjvhxlpmt", "a1b2c3"});
  ExpectAll(IsMixed, true, {"sun4flower", "sun!flower", "12:34!"});
  ExpectAll(IsMixed, false, {"sun-flower", "123456"});
  ExpectAll(IsRandom, true, {"f81bA9cc2Kd0s9Qw", "9f86d081884c7d659a2feaa0c55ad015"});
  ExpectAll(IsRandom, false, {"services-marketing-worker", "sun4flower", "1234567890123456"});
}

TEST(SecretNameTest, GoesByTheLastWordInEveryCaseStyle) {
  for (const std::string_view name :
       {"password", "DB_PASSWORD", "dbPassword", "db-passwd", "dbpwd", "MYSQL_ROOT_PASSWORD_2",
        "spring.datasource.password", "bind_pw", "sshPassphrase"}) {
    EXPECT_EQ(MeaningOf(name), NameMeaning::kPassword) << name;
  }
  for (const std::string_view name : {"token", "apiKey", "APIKey", "X-Api-Key", "client_secret",
                                      "SECRET_KEY_BASE", "TWILIO_API_KEY_SECRET", "TOKEN_SALES",
                                      "aws_secret_access_key", "authtoken", "secret_id"}) {
    EXPECT_EQ(MeaningOf(name), NameMeaning::kSecret) << name;
  }
  for (const std::string_view name : {"githubTokenSales", "key", "AUTH_SALT"}) {
    EXPECT_EQ(MeaningOf(name), NameMeaning::kPossible) << name;
  }
  for (const std::string_view name :
       {"PASSWORD_FILE", "token_ttl", "max_tokens", "public_key", "nextPageToken", "compass",
        "monkey", "author", "secretName", "key_id", "proxy_pass", "password_hash"}) {
    EXPECT_EQ(MeaningOf(name), NameMeaning::kNothing) << name;
  }
}

}  // namespace
}  // namespace proving_ground
