#include "compose/services/common/shutdown.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <csignal>

namespace platform {
namespace {

TEST(ShutdownTest, TermAndInterruptCallBackOnce) {
  for (const int number : {SIGTERM, SIGINT}) {
    boost::asio::io_context context;
    Shutdown shutdown(context);
    int calls = 0;
    shutdown.OnSignal([&] { ++calls; });

    std::raise(number);
    std::raise(number);
    context.run();

    EXPECT_EQ(calls, 1);
  }
}

TEST(ShutdownTest, ASignalBeforeTheCallbackIsNotLost) {
  boost::asio::io_context context;
  Shutdown shutdown(context);
  std::raise(SIGTERM);
  context.poll();
  context.restart();
  bool called = false;

  shutdown.OnSignal([&] { called = true; });
  context.run();

  EXPECT_TRUE(called);
}

}  // namespace
}  // namespace platform
