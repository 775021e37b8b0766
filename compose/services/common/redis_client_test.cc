#include "compose/services/common/redis_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "compose/services/testing/redis_server.h"

namespace platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Lt;

// The client runs on the test's own thread, which drives the io_context until a condition holds.
class RedisClientTest : public ::testing::Test {
 protected:
  RedisClient::Options OverSocket() {
    RedisClient::Options options;
    options.unix_socket = server_.unix_socket();
    options.command_timeout = milliseconds(200);
    options.ping_interval = milliseconds(100);
    options.backoff_min = milliseconds(5);
    options.backoff_max = milliseconds(50);
    options.on_change = [this](bool connected, const std::string& reason) {
      changes_.push_back(connected ? "connected" : "lost: " + reason);
    };
    return options;
  }

  void Connect(RedisClient::Options options) {
    client_.emplace(io_context_.get_executor(), std::move(options));
    client_->Start();
    ASSERT_TRUE(RunUntil([this] { return client_->connected(); }));
  }

  template <typename Condition>
  bool RunUntil(Condition condition, milliseconds limit = milliseconds(5000)) {
    const auto deadline = steady_clock::now() + limit;
    while (!condition() && steady_clock::now() < deadline) {
      io_context_.restart();
      io_context_.run_one_for(milliseconds(20));
    }
    return condition();
  }

  std::future<RedisReply> Send(std::vector<std::string> args) {
    return asio::co_spawn(io_context_, client_->Command(std::move(args)), asio::use_future);
  }

  RedisReply Await(std::future<RedisReply> answer) {
    RunUntil([&] { return answer.wait_for(milliseconds(0)) == std::future_status::ready; });
    return answer.get();
  }

  RedisReply Run(std::vector<std::string> args) { return Await(Send(std::move(args))); }

  testing::RedisServer server_{
      {"appendonly yes", "user sales on >open-sesame ~team:sales:* +@all -@dangerous"}};
  asio::io_context io_context_;
  std::optional<RedisClient> client_;
  std::vector<std::string> changes_;
};

TEST_F(RedisClientTest, ConvertsEveryKindOfReply) {
  Connect(OverSocket());
  EXPECT_EQ(Run({"SET", "key", std::string("a\0b", 3)}).type, RedisReply::Type::kStatus);
  EXPECT_EQ(Run({"GET", "key"}).text, std::string("a\0b", 3));
  EXPECT_TRUE(Run({"GET", "absent"}).nil());
  EXPECT_EQ(Run({"INCR", "count"}).integer, 1);
  const RedisReply nested = Run({"EVAL", "return {1, 'two', {redis.error_reply('three')}}", "0"});
  ASSERT_EQ(nested.elements.size(), 3U);
  EXPECT_EQ(nested.elements[1].text, "two");
  EXPECT_EQ(nested.elements[2].elements.at(0).type, RedisReply::Type::kError);
}

TEST_F(RedisClientTest, ErrorAnswerIsThrownWithItsText) {
  Connect(OverSocket());
  try {
    Run({"INCRBY", "key", "words"});
    FAIL() << "the error was swallowed";
  } catch (const RedisError& error) {
    EXPECT_THAT(error.what(), HasSubstr("not an integer"));
  }
  EXPECT_TRUE(client_->connected());
}

TEST_F(RedisClientTest, AuthenticatesAsUserOverTcpByName) {
  RedisClient::Options options = OverSocket();
  options.unix_socket.clear();
  options.host = "localhost";
  options.port = server_.port();
  options.user = "sales";
  options.password = [] { return "open-sesame"; };
  options.client_name = "test";
  Connect(std::move(options));
  EXPECT_EQ(Run({"ACL", "WHOAMI"}).text, "sales");
  EXPECT_EQ(Run({"CLIENT", "GETNAME"}).text, "test");
  EXPECT_THROW(Run({"GET", "team:finance:task"}), RedisError);
}

TEST_F(RedisClientTest, WrongPasswordIsReportedOnceAndNeverShown) {
  RedisClient::Options options = OverSocket();
  options.user = "sales";
  options.password = [] { return "let-me-in"; };
  client_.emplace(io_context_.get_executor(), std::move(options));
  client_->Start();
  RunUntil([] { return false; }, milliseconds(150));
  ASSERT_THAT(changes_, ElementsAre(HasSubstr("WRONGPASS")));
  EXPECT_THAT(changes_[0], Not(HasSubstr("let-me-in")));
  EXPECT_FALSE(client_->connected());
}

TEST_F(RedisClientTest, TakesUpARotatedPassword) {
  std::string password = "open-sesame";
  RedisClient::Options options = OverSocket();
  options.user = "sales";
  options.password = [&password] { return password; };
  Connect(std::move(options));
  password = "new";
  server_.Run({"ACL", "SETUSER", "sales", "resetpass", ">new"});
  server_.Run({"CLIENT", "KILL", "USER", "sales"});
  ASSERT_TRUE(RunUntil([this] { return client_->reconnects() == 1; }));
  EXPECT_EQ(Run({"ACL", "WHOAMI"}).text, "sales");
}

TEST_F(RedisClientTest, APasswordThatCannotBeReadIsAskedForAgain) {
  int asked = 0;
  RedisClient::Options options = OverSocket();
  options.user = "sales";
  options.password = [&asked]() -> std::string {
    if (++asked < 3) throw std::runtime_error("the file is being replaced");
    return "open-sesame";
  };
  Connect(std::move(options));
  EXPECT_THAT(changes_, ElementsAre("lost: the file is being replaced", "connected"));
}

TEST_F(RedisClientTest, AConnectionThatWasLoggedOutIsReplaced) {
  server_.Run({"ACL", "SETUSER", "default", "off"});
  RedisClient::Options options = OverSocket();
  options.user = "sales";
  options.password = [] { return "open-sesame"; };
  Connect(std::move(options));
  Run({"RESET"});
  EXPECT_THROW(Run({"GET", "team:sales:key"}), RedisUnavailable) << "certainly not executed";
  ASSERT_TRUE(RunUntil([this] { return client_->reconnects() == 1; }));
  EXPECT_TRUE(Run({"GET", "team:sales:key"}).nil());
}

TEST_F(RedisClientTest, ARefusalThatWillPassIsToldApart) {
  Connect(OverSocket());
  server_.Run({"CONFIG", "SET", "maxmemory", "1"});
  const auto code_of = [this](std::vector<std::string> command) {
    try {
      Run(std::move(command));
    } catch (const RedisNotServing& error) {
      return error.code();
    } catch (const RedisError&) {
    }
    return std::string();
  };
  EXPECT_EQ(code_of({"SET", "key", "value"}), "OOM");
  EXPECT_EQ(code_of({"EVAL", "return redis.call('SET', KEYS[1], 'value')", "1", "key"}), "OOM");
  EXPECT_EQ(code_of({"INCRBY", "key", "words"}), "OOM");
  server_.Run({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(code_of({"INCRBY", "key", "words"}), "");
  EXPECT_TRUE(client_->connected());
  EXPECT_EQ(client_->reconnects(), 0U);
}

TEST_F(RedisClientTest, AttemptsToReachASilentServerAreFewAndItsReturnIsNoticedSoon) {
  RedisClient::Options options;
  options.unix_socket = server_.unix_socket();
  Connect(std::move(options));
  server_.Pause();
  ASSERT_TRUE(RunUntil([this] { return !client_->connected(); }));
  RunUntil([] { return false; }, milliseconds(4'000));
  server_.Resume();
  const auto resumed = steady_clock::now();
  ASSERT_TRUE(RunUntil([this] { return client_->connected(); }));
  EXPECT_THAT(steady_clock::now() - resumed, Lt(milliseconds(1'800)));
  const std::string stats = server_.Run({"INFO", "stats"});
  const auto field = stats.find("total_connections_received:");
  ASSERT_NE(field, std::string::npos);
  // Over some 6 s; about ten are the test's own.
  EXPECT_THAT(std::stoi(stats.substr(field + 27)), Lt(22));
}

TEST_F(RedisClientTest, CommandsBeforeTheFirstConnectionFailAtOnce) {
  client_.emplace(io_context_.get_executor(), OverSocket());
  EXPECT_THROW(Run({"PING"}), RedisUnavailable);
}

TEST_F(RedisClientTest, MissedDeadlineIsAnUnknownOutcome) {
  Connect(OverSocket());
  server_.Pause();
  const auto began = steady_clock::now();
  EXPECT_THROW(Run({"SET", "key", "value"}), RedisOutcomeUnknown);
  const auto elapsed = steady_clock::now() - began;
  EXPECT_THAT(elapsed, Ge(milliseconds(200)));
  EXPECT_THAT(elapsed, Lt(milliseconds(600)));
  EXPECT_THROW(Run({"SET", "key", "value"}), RedisUnavailable);

  server_.Resume();
  ASSERT_TRUE(RunUntil([this] { return client_->connected(); }));
  EXPECT_EQ(Run({"GET", "key"}).text, "value") << "it had been executed after all";
}

TEST_F(RedisClientTest, AnswersOfALostConnectionNeverReachLaterCommands) {
  Connect(OverSocket());
  server_.Pause();
  auto first = Send({"ECHO", "first"});
  EXPECT_THROW(Await(std::move(first)), RedisOutcomeUnknown);
  server_.Resume();
  ASSERT_TRUE(RunUntil([this] { return client_->connected(); }));
  EXPECT_EQ(Run({"ECHO", "second"}).text, "second");
}

TEST_F(RedisClientTest, KilledServerEndsCommandsInFlightAsUnknown) {
  Connect(OverSocket());
  auto blocked = Send({"BLPOP", "nothing", "0"});
  RunUntil([] { return false; }, milliseconds(20));
  server_.Kill();
  EXPECT_THROW(Await(std::move(blocked)), RedisOutcomeUnknown);
  EXPECT_THROW(Run({"PING"}), RedisUnavailable);
}

TEST_F(RedisClientTest, ReconnectsToARestartedServer) {
  Connect(OverSocket());
  Run({"SET", "key", "kept"});
  server_.Kill();
  ASSERT_TRUE(RunUntil([this] { return !client_->connected(); }));
  server_.Start();
  ASSERT_TRUE(RunUntil([this] { return client_->connected(); }));
  EXPECT_EQ(Run({"GET", "key"}).text, "kept");
  EXPECT_EQ(client_->reconnects(), 1U);
  EXPECT_THAT(changes_, ElementsAre("connected", HasSubstr("lost"), "connected"));
}

TEST_F(RedisClientTest, SilentPartitionIsNoticedWithoutTraffic) {
  Connect(OverSocket());
  server_.Pause();
  EXPECT_TRUE(RunUntil([this] { return !client_->connected(); }, milliseconds(1000)));
  server_.Resume();
  EXPECT_TRUE(RunUntil([this] { return client_->connected(); }));
}

TEST_F(RedisClientTest, BlockingCommandHasItsOwnDeadlineAndIsNotPinged) {
  Connect(OverSocket());
  auto answer =
      asio::co_spawn(io_context_, client_->Command({"BLPOP", "nothing", "0.5"}, milliseconds(2000)),
                     asio::use_future);
  EXPECT_TRUE(Await(std::move(answer)).nil());
  EXPECT_EQ(client_->reconnects(), 0U);
}

TEST_F(RedisClientTest, StopEndsCommandsInFlight) {
  Connect(OverSocket());
  auto blocked = Send({"BLPOP", "nothing", "0"});
  RunUntil([] { return false; }, milliseconds(20));
  client_->Stop();
  EXPECT_THROW(Await(std::move(blocked)), RedisOutcomeUnknown);
  EXPECT_FALSE(client_->connected());
  io_context_.restart();
  io_context_.run_for(milliseconds(500));
  EXPECT_TRUE(io_context_.stopped()) << "nothing is left to do after Stop";
}

TEST_F(RedisClientTest, PipelinesManyCommandsInOrder) {
  Connect(OverSocket());
  std::vector<std::future<RedisReply>> answers;
  for (int i = 0; i < 1000; ++i) answers.push_back(Send({"ECHO", std::to_string(i)}));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(Await(std::move(answers[i])).text, std::to_string(i));
}

}  // namespace
}  // namespace platform
