#include "support/attacks/redis_server_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/attacks/redis_field_for_test.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class RedisServerAccessTest : public testing::Test {
 protected:
  // A world whose accounts also stand in a file.
  static std::string AccountsOf(const RedisFieldForTest& world) {
    std::string text;
    RedisClient redis(world.field.operator_account.access);
    for (const RedisReply& line : redis.Command({"ACL", "LIST"}).elements) text += line.text + "\n";
    return text;
  }
  RedisServerReport Attack(RedisFieldForTest& world, const std::string& accounts = {}) const {
    WriteFileAtomically(folder_.path() / "users.acl",
                        accounts.empty() ? AccountsOf(world) : accounts, 0600);
    RedisServerReport report = AttackServer(world.field, {world.Party("monitor")});
    CompareAccounts(world.field, folder_.path() / "users.acl", report);
    return report;
  }
  static void AddMonitor(RedisFieldForTest& world) {
    world.SetUser("monitor", {"+info", "+dbsize", "+ping", "+auth"});
  }

  TemporaryFolder folder_{"redis-server-access"};
};

TEST_F(RedisServerAccessTest, AClosedServerIsProven) {
  RedisFieldForTest world;
  AddMonitor(world);
  world.CloseDefaultUser();
  const RedisServerReport report = Attack(world);
  const Verdict verdict = JudgeServerAccess("S-8", report);
  EXPECT_EQ(verdict.outcome, Outcome::kPassed) << verdict;
  EXPECT_THAT(report.strangers, IsEmpty());
  EXPECT_THAT(report.accounts_differ, IsEmpty());
}

TEST_F(RedisServerAccessTest, AnOpenDefaultUserIsFound) {
  RedisFieldForTest world;
  AddMonitor(world);
  const RedisServerReport report = Attack(world);
  EXPECT_THAT(report.strangers, Contains("PING"));
  const Verdict verdict = JudgeServerAccess("S-8", report);
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains("without an account one may INFO"));
}

TEST_F(RedisServerAccessTest, ATeamWithAllCommandsIsFound) {
  RedisFieldForTest world(RedisFieldForTest::RightsAnd({"+@all"}));
  AddMonitor(world);
  world.CloseDefaultUser();
  const Verdict verdict = JudgeServerAccess("S-8", Attack(world));
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains("red was granted KEYS"));
}

TEST_F(RedisServerAccessTest, ASingleDestructiveCommandIsFound) {
  RedisFieldForTest world(RedisFieldForTest::RightsAnd({"+flushall"}));
  AddMonitor(world);
  world.CloseDefaultUser();
  const Verdict verdict = JudgeServerAccess("S-8", Attack(world));
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains("red was granted FLUSHALL (dry)"));
}

TEST_F(RedisServerAccessTest, AnObserverThatReadsValuesIsFound) {
  RedisFieldForTest world;
  world.SetUser("monitor", {"+info", "+ping", "+auth", "+get", "~*"});
  world.CloseDefaultUser();
  const Verdict verdict = JudgeServerAccess("S-8", Attack(world));
  EXPECT_EQ(verdict.outcome, Outcome::kFailed);
  EXPECT_THAT(verdict.details, Contains("monitor was granted GET"));
}

TEST_F(RedisServerAccessTest, AGuessablePasswordIsFound) {
  RedisFieldForTest world;
  AddMonitor(world);
  world.CloseDefaultUser();
  RedisClient(world.field.operator_account.access).Command({"ACL", "SETUSER", "blue", ">blue"});
  const RedisServerReport report = Attack(world);
  EXPECT_THAT(report.guesses, Contains("blue"));
  EXPECT_EQ(JudgeServerAccess("S-8", report).outcome, Outcome::kFailed);
}

TEST_F(RedisServerAccessTest, AccountsMadeByHandAreGoneAfterARestart) {
  RedisFieldForTest world;
  AddMonitor(world);
  world.CloseDefaultUser();
  const std::string accounts = AccountsOf(world);
  world.SetUser("guest", {"+ping"});
  RedisClient(world.field.operator_account.access)
      .Command({"ACL", "SETUSER", "blue", "+ttl", ">x"});
  const RedisServerReport report = Attack(world, accounts);
  EXPECT_THAT(report.accounts_differ, HasSubstr("guest would be gone"));
  EXPECT_THAT(report.accounts_differ, HasSubstr("blue would have other rights"));
  EXPECT_THAT(report.accounts_differ, Not(HasSubstr("of-")));
  EXPECT_EQ(JudgeServerAccess("S-8", report).outcome, Outcome::kFailed);
}

TEST_F(RedisServerAccessTest, AnUnknownFutureOfTheAccountsIsInconclusive) {
  RedisFieldForTest world;
  AddMonitor(world);
  world.CloseDefaultUser();
  RedisServerReport report = AttackServer(world.field, {world.Party("monitor")});
  report.accounts_unknown = "Redis reads no ACL file";
  EXPECT_EQ(JudgeServerAccess("S-8", report).outcome, Outcome::kInconclusive);
}

TEST_F(RedisServerAccessTest, AnAccountThatItsOwnPasswordDoesNotOpenProvesNothing) {
  RedisServerReport report;
  report.accounts.push_back(
      {.attacker = "red",
       .attempts = {
           {.attack = "KEYS", .answer = RedisAnswer::kDenied, .text = "NOPERM", .logged = true}}});
  EXPECT_EQ(JudgeServerAccess("S-8", report).outcome, Outcome::kPassed);
  report.locked_out = {"red"};
  EXPECT_EQ(JudgeServerAccess("S-8", report).outcome, Outcome::kInconclusive);
}

}  // namespace
}  // namespace proving_ground
