#include "support/faults/probe/dns_lookup.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"
#include "support/base/poll.h"

namespace proving_ground {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A name server on loopback that speaks when it is told to.
class NameServer {
 public:
  NameServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address_);
    auto* const generic = reinterpret_cast<sockaddr*>(&address_);
    ::bind(socket_.get(), generic, size);
    ::getsockname(socket_.get(), generic, &size);
  }
  const sockaddr_in& address() const { return address_; }

  // Takes the questions asked so far and returns how many there were.
  int TakeQuestions() {
    int questions = 0;
    pollfd entry{socket_.get(), POLLIN, 0};
    while (::poll(&entry, 1, 0) > 0) {
      std::array<char, 512> text{};
      socklen_t size = sizeof(asker_);
      const ssize_t length = ::recvfrom(socket_.get(), text.data(), text.size(), 0,
                                        reinterpret_cast<sockaddr*>(&asker_), &size);
      question_.assign(text.data(), static_cast<std::size_t>(length));
      ++questions;
    }
    return questions;
  }
  // Answers the last question taken with these addresses; none: there is no such name.
  void Answer(const std::vector<std::string>& addresses) {
    std::string text = question_;
    text[2] = '\x81';
    text[3] = addresses.empty() ? '\x83' : '\x80';
    text[7] = static_cast<char>(addresses.size());
    for (const std::string& address : addresses) {
      // The name of the question, type A, class IN, ten minutes, four bytes.
      text += std::string("\xc0\x0c\0\x01\0\x01\0\0\x02\x58\0\x04", 12);
      in_addr bytes{};
      ::inet_pton(AF_INET, address.c_str(), &bytes);
      text.append(reinterpret_cast<const char*>(&bytes), sizeof(bytes));
    }
    Send(text);
  }
  void Send(const std::string& text) {
    ::sendto(socket_.get(), text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&asker_),
             sizeof(asker_));
  }

 private:
  FileDescriptor socket_;
  sockaddr_in address_{};
  sockaddr_in asker_{};
  std::string question_;
};

class DnsLookupTest : public ::testing::Test {
 protected:
  NameServer server_;
  Lookup lookup_ = DnsLookupFrom(server_.address(), "engineering-coordinator");
};

TEST_F(DnsLookupTest, NeverWaitsForLong) {
  const Clock::time_point began = Clock::now();
  for (int i = 0; i < 10; ++i) EXPECT_THAT(lookup_(), IsEmpty());
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(2)) << "10 ms each, on a busy machine";
  EXPECT_EQ(server_.TakeQuestions(), 10);
}

TEST_F(DnsLookupTest, TakesAnAnswerToAnEarlierQuestion) {
  EXPECT_THAT(lookup_(), IsEmpty());
  server_.TakeQuestions();
  server_.Answer({"10.0.0.2", "10.0.0.1"});
  EXPECT_THAT(lookup_(), ElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_THAT(lookup_(), IsEmpty()) << "only once";
}

TEST_F(DnsLookupTest, OfSeveralAnswersTheLastCounts) {
  lookup_();
  server_.TakeQuestions();
  server_.Answer({"10.0.0.1"});
  server_.Answer({"10.0.0.2"});
  server_.Answer({});
  EXPECT_THAT(lookup_(), ElementsAre("10.0.0.2"));
}

TEST_F(DnsLookupTest, LearnsNothingFromARefusalOrNonsense) {
  lookup_();
  server_.TakeQuestions();
  server_.Answer({});
  server_.Send("nonsense");
  server_.Send("");
  EXPECT_THAT(lookup_(), IsEmpty());
}

TEST(DnsLookupOfAddressTest, AnAddressStandsForItself) {
  EXPECT_THAT(DnsLookup("127.0.0.1")(), ElementsAre("127.0.0.1"));
}

TEST(DnsLookupOfAddressTest, RefusesWhatIsNoName) {
  EXPECT_THROW(DnsLookupFrom(NameServer().address(), std::string(300, 'x')), UsageError);
}

}  // namespace
}  // namespace proving_ground
