#include "compose/services/common/resolve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>

namespace platform {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::vector<std::string> AddressesOf(const std::string& host, milliseconds timeout) {
  asio::io_context context;
  auto found =
      asio::co_spawn(context, Resolve(context.get_executor(), host, timeout), asio::use_future);
  context.run();
  std::vector<std::string> texts;
  for (const asio::ip::address& address : found.get()) texts.push_back(address.to_string());
  return texts;
}

TEST(ResolveTest, ANumericAddressIsItsOwn) {
  EXPECT_THAT(AddressesOf("172.18.0.2", milliseconds(0)), ElementsAre("172.18.0.2"));
  EXPECT_THAT(AddressesOf("::1", milliseconds(0)), ElementsAre("::1"));
}

TEST(ResolveTest, FindsTheAddressesOfAName) {
  EXPECT_THAT(AddressesOf("localhost", milliseconds(5'000)),
              Contains(::testing::AnyOf("127.0.0.1", "::1")));
}

TEST(ResolveTest, NamesTheHostThatHasNone) {
  EXPECT_THAT([] { AddressesOf("no-such-host.invalid", milliseconds(5'000)); },
              ThrowsMessage<ResolveError>(HasSubstr("no-such-host.invalid")));
}

TEST(ResolveTest, LeavesALateAnswerBehind) {
  // None of these comes in time; their threads end after the executor is gone.
  for (int i = 0; i < 20; ++i) {
    EXPECT_THROW(AddressesOf("no-such-host.invalid", milliseconds(0)), ResolveError);
  }
}

TEST(ResolveTest, TheLimitLeavesAnOperatorsChoiceAlone) {
  ASSERT_EQ(setenv("RES_OPTIONS", "timeout:2", 1), 0);
  LimitLookupTime();
  EXPECT_STREQ(getenv("RES_OPTIONS"), "timeout:2");
  unsetenv("RES_OPTIONS");
  LimitLookupTime();
  EXPECT_STREQ(getenv("RES_OPTIONS"), "timeout:1 attempts:1");
}

}  // namespace
}  // namespace platform
