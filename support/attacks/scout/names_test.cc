#include "support/attacks/scout/names.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <thread>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// A name server that knows one address for names that begin with 'r', and knows no others.
class SmallNameServer {
 public:
  SmallNameServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    address_ = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address_), sizeof(address_));
    socklen_t size = sizeof(address_);
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address_), &size);
    thread_ = std::jthread([this](const std::stop_token& stop) { Serve(stop); });
  }
  const sockaddr_in& address() const { return address_; }

 private:
  void Serve(const std::stop_token& stop) const {
    while (!stop.stop_requested()) {
      pollfd entry{socket_.get(), POLLIN, 0};
      if (::poll(&entry, 1, 20) <= 0) continue;
      std::array<unsigned char, 512> message{};
      sockaddr_in asker = {};
      socklen_t asker_size = sizeof(asker);
      ssize_t size = ::recvfrom(socket_.get(), message.data(), message.size(), 0,
                                reinterpret_cast<sockaddr*>(&asker), &asker_size);
      message[2] |= 0x80U;  // an answer
      if (message[13] == 'r') {
        message[7] = 1;  // of one record: the name asked for, IN A, for 0 s, 10.0.0.7
        for (const unsigned char byte : {0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 10, 0, 0, 7}) {
          message.at(static_cast<std::size_t>(size++)) = byte;
        }
      } else {
        message[3] |= 3U;  // no such name
      }
      ::sendto(socket_.get(), message.data(), static_cast<std::size_t>(size), 0,
               reinterpret_cast<sockaddr*>(&asker), asker_size);
    }
  }

  FileDescriptor socket_;
  sockaddr_in address_ = {};
  std::jthread thread_;
};

TEST(NamesTest, TellsWhichNamesHaveAddresses) {
  const SmallNameServer server;
  NameQueries queries({"gateway", "redis", "sales-coordinator"}, server.address());
  EXPECT_THAT(queries.Finish(Within(5s)), ElementsAre(Pair("redis", ElementsAre("10.0.0.7"))));
}

TEST(NamesTest, GivesUpOnAServerThatIsNotThere) {
  sockaddr_in nobody = {.sin_family = AF_INET, .sin_port = htons(9)};
  nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  NameQueries queries({"redis"}, nobody);
  EXPECT_THAT(queries.Finish(Within(200ms)), IsEmpty());
}

TEST(NamesTest, RefusesWhatIsNoName) {
  EXPECT_THROW(NameQueries({std::string(300, 'x')}, EngineNameServer()), UsageError);
}

}  // namespace
}  // namespace proving_ground
