#include "compose/redis/health/redis_probe.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>
#include <vector>

namespace platform {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

// A server for one connection that gives one prepared answer per command and keeps what it was
// sent.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::string> answers)
      : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), answers_(std::move(answers)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }

  ~ScriptedServer() {
    shutdown(listener_, SHUT_RDWR);  // wakes an accept nobody came for
    Join();
    close(listener_);
  }

  std::uint16_t port() const { return port_; }

  // Everything received, one string per command; ends the server.
  std::vector<std::string> Received() {
    Join();
    return received_;
  }

 private:
  void Serve() {
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    char buffer[1024];
    ssize_t count = 0;
    for (std::size_t next = 0; (count = recv(client, buffer, sizeof buffer, 0)) > 0; ++next) {
      received_.emplace_back(buffer, static_cast<std::size_t>(count));
      if (next >= answers_.size()) continue;  // silent from here on
      send(client, answers_[next].data(), answers_[next].size(), MSG_NOSIGNAL);
    }
    close(client);
  }

  void Join() {
    if (thread_.joinable()) thread_.join();
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::vector<std::string> answers_;
  std::vector<std::string> received_;
  std::thread thread_;
};

RedisProbe ProbeOf(const ScriptedServer& server) {
  return {.port = server.port(),
          .user = "monitor",
          .password = "s3cret",
          .deadline = milliseconds(500)};
}

TEST(RedisProbeTest, SignsInAndPings) {
  ScriptedServer server({"+OK\r\n", "+PONG\r\n"});

  EXPECT_NO_THROW(ProbeRedis(ProbeOf(server)));

  EXPECT_THAT(
      server.Received(),
      ElementsAre("*3\r\n$4\r\nAUTH\r\n$7\r\nmonitor\r\n$6\r\ns3cret\r\n", "*1\r\n$4\r\nPING\r\n"));
}

TEST(RedisProbeTest, ReportsWhatTheServerSaidInsteadOfPong) {
  for (const char* answer : {"-LOADING Redis is loading the dataset in memory\r\n",
                             "-MISCONF Errors writing to the AOF file\r\n"}) {
    ScriptedServer server({"+OK\r\n", answer});
    EXPECT_THAT([&] { ProbeRedis(ProbeOf(server)); },
                ThrowsMessage<RedisProbeError>(HasSubstr(std::string(answer, 1, 7))));
  }
}

TEST(RedisProbeTest, FailsOnAWrongPasswordWithoutNamingIt) {
  ScriptedServer server({"-WRONGPASS invalid username-password pair\r\n"});

  EXPECT_THAT([&] { ProbeRedis(ProbeOf(server)); },
              ThrowsMessage<RedisProbeError>(
                  testing::AllOf(HasSubstr("WRONGPASS"), testing::Not(HasSubstr("s3cret")))));
}

TEST(RedisProbeTest, GivesUpOnASilentServer) {
  ScriptedServer server({"+OK\r\n"});

  EXPECT_THAT([&] { ProbeRedis(ProbeOf(server)); },
              ThrowsMessage<RedisProbeError>(HasSubstr("no answer in time")));
}

TEST(RedisProbeTest, SaysThatNobodyListens) {
  std::uint16_t port = 0;
  {
    ScriptedServer gone({});
    port = gone.port();
  }

  EXPECT_THAT([&] { ProbeRedis({.port = port, .user = "monitor", .password = "s3cret"}); },
              ThrowsMessage<RedisProbeError>(HasSubstr("refused")));
}

}  // namespace
}  // namespace platform
