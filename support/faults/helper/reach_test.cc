#include "support/faults/helper/reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

// A socket that listens on the loopback. Whether anybody accepts does not matter: the kernel
// answers.
class Listener {
 public:
  explicit Listener(int backlog) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in own = {};
    own.sin_family = AF_INET;
    own.sin_addr = ParseHost("127.0.0.1");
    socklen_t size = sizeof(own);
    auto* const address = reinterpret_cast<sockaddr*>(&own);
    EXPECT_EQ(::bind(socket_.get(), address, size), 0);
    EXPECT_EQ(::listen(socket_.get(), backlog), 0);
    EXPECT_EQ(::getsockname(socket_.get(), address, &size), 0);
    address_ = {.host = own.sin_addr, .port = ntohs(own.sin_port)};
  }
  const SocketAddress& address() const { return address_; }
  // Fills the queue of connections: the kernel answers no more. Returns what holds it full.
  std::vector<FileDescriptor> Fill() const {
    sockaddr_in target = {};
    target.sin_family = AF_INET;
    target.sin_addr = address_.host;
    target.sin_port = htons(static_cast<in_port_t>(address_.port));
    std::vector<FileDescriptor> held;
    for (int count = 0; count < 8; ++count) {
      held.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      ::connect(held.back().get(), reinterpret_cast<const sockaddr*>(&target), sizeof(target));
    }
    return held;
  }

 private:
  FileDescriptor socket_;
  SocketAddress address_;
};

TEST(ReachTest, AnAnswerIsAConnectionOrARefusal) {
  const Listener listener(8);
  const SocketAddress nobody = {.host = ParseHost("127.0.0.1"), .port = 9};
  const auto answers = Reach({listener.address(), nobody}, 2s);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_TRUE(answers[0] && *answers[0] < 1s);
  EXPECT_TRUE(answers[1]);
}

TEST(ReachTest, SilenceEndsInBoundedTimeAndHidesNobody) {
  const Listener silent(0);
  const auto held = silent.Fill();
  const Listener answering(8);
  const Clock::time_point began = Clock::now();
  const auto answers = Reach({silent.address(), answering.address()}, 100ms);
  EXPECT_GE(Clock::now() - began, 100ms);
  EXPECT_LT(Clock::now() - began, 1s);
  EXPECT_FALSE(answers[0]);
  EXPECT_TRUE(answers[1]);
}

TEST(ReachTest, ReadsAddresses) {
  EXPECT_EQ(ParseSocketAddress("172.18.0.3:6379").port, 6379);
  for (const char* const text : {"", "172.18.0.3", "172.18.0.3:", "172.18.0.3:0", "redis:6379",
                                 "172.18.0.3:70000", "172.18.0.300:1", "172.18.0.3:63x"}) {
    EXPECT_THROW(ParseSocketAddress(text), UsageError) << text;
  }
}

}  // namespace
}  // namespace proving_ground
