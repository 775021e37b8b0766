#include "support/notify/settings.h"

#include <gmock/gmock.h>

#include <map>

#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

NotifySettings From(const std::map<std::string, std::string>& variables) {
  return NotifySettingsFrom([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(NotifySettingsTest, NothingIsSetUpByDefault) {
  const NotifySettings settings = From({});
  EXPECT_EQ(settings.slack_webhook, "");
  EXPECT_EQ(settings.pagerduty_key, "");
  EXPECT_EQ(settings.mail_server.url, "");
  EXPECT_EQ(settings.name, "proving-ground");
}

TEST(NotifySettingsTest, ASecretMayStandInAFile) {
  const TemporaryFolder folder("notify");
  WriteFileAtomically(folder.path() / "key", "R0UT1NG\n", 0600);
  EXPECT_EQ(
      From({{"PROVING_GROUND_PAGERDUTY_KEY_FILE", (folder.path() / "key").string()}}).pagerduty_key,
      "R0UT1NG");
}

TEST(NotifySettingsTest, AValueAndAFileAreAContradiction) {
  EXPECT_THROW(
      From({{"PROVING_GROUND_PAGERDUTY_KEY", "a"}, {"PROVING_GROUND_PAGERDUTY_KEY_FILE", "/b"}}),
      UsageError);
}

TEST(NotifySettingsTest, AnAddressOfAnotherKindIsRefusedWithoutBeingTold) {
  EXPECT_THAT(
      [] {
        From({{"PROVING_GROUND_SLACK_WEBHOOK", "file:///s3cret"}});
      },
      ThrowsMessage<UsageError>(
          AllOf(HasSubstr("PROVING_GROUND_SLACK_WEBHOOK"), Not(HasSubstr("s3cret")))));
}

TEST(NotifySettingsTest, AddressesAreSeparatedByCommas) {
  EXPECT_THAT(From({{"PROVING_GROUND_MAIL_TO", "a@example.com, Ops <b@example.com>,"}}).mail_to,
              ElementsAre("a@example.com", "Ops <b@example.com>"));
}

TEST(NotifySettingsTest, TheLinkComesFromTheCiSystem) {
  EXPECT_EQ(From({{"GITHUB_RUN_ID", "7"},
                  {"GITHUB_SERVER_URL", "https://github.com"},
                  {"GITHUB_REPOSITORY", "o/r"}})
                .link,
            "https://github.com/o/r/actions/runs/7");
  EXPECT_EQ(From({{"CI_JOB_URL", "https://gitlab.example/j/1"}}).link,
            "https://gitlab.example/j/1");
}

TEST(NotifySettingsTest, PartsOfAWebHookAreSecretToo) {
  const std::vector<std::string> secrets =
      From({{"PROVING_GROUND_SLACK_WEBHOOK", "https://hooks.example.com/services/T0/B0/abcdefgh12"},
            {"PROVING_GROUND_PAGERDUTY_KEY", "k3y"}})
          .Secrets();
  EXPECT_THAT(secrets, Contains("abcdefgh12"));
  EXPECT_THAT(secrets, Contains("k3y"));
  EXPECT_THAT(secrets, Not(Contains("services")));
}

}  // namespace
}  // namespace proving_ground
