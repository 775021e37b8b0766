#include "support/attacks/scout/connections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A socket on a free port of the loopback interface.
class Listener {
 public:
  explicit Listener(bool listens, int backlog = 8)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address));
    socklen_t size = sizeof(address);
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    if (listens) ::listen(socket_.get(), backlog);
  }
  AnySocketAddress address() const { return ToSocketAddress("127.0.0.1", port_); }

 private:
  FileDescriptor socket_;
  int port_ = 0;
};

TEST(ConnectionsTest, TellsConnectedFromRefusedFromSilent) {
  const Listener open(/*listens=*/true);
  const Listener closed(/*listens=*/false);
  ConnectionAttempts attempts;
  attempts.Begin(open.address());
  attempts.Begin(closed.address());
  attempts.Begin(ToSocketAddress("255.255.255.255", 9));  // no way there
  EXPECT_THAT(attempts.Finish(2s),
              ElementsAre(Contact::kConnected, Contact::kRefused, Contact::kSilent));
  EXPECT_THAT(attempts.Finish(2s), IsEmpty());
}

TEST(ConnectionsTest, WaitsNoLongerThanItsPatience) {
  const Listener full(/*listens=*/true, /*backlog=*/0);
  ConnectionAttempts attempts;
  for (int i = 0; i < 4; ++i) attempts.Begin(full.address());
  const Clock::time_point before = Clock::now();
  EXPECT_EQ(attempts.Finish(100ms).back(), Contact::kSilent) << "its queue is full";
  EXPECT_LT(Clock::now() - before, 2s);
}

}  // namespace
}  // namespace proving_ground
