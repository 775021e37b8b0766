#include "support/attacks/scout/listeners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kHeading = "  sl  local_address rem_address   st tx_queue rx_queue\n";

TEST(ListenersTest, TakesListeningPortsThatOthersCouldReach) {
  const std::string text = std::string(kHeading) +
                           "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000\n"
                           "   1: 020210AC:18EB 00000000:0000 0A 00000000:00000000 00:00000000\n"
                           "   2: 0B00007F:A9A9 00000000:0000 0A 00000000:00000000 00:00000000\n"
                           "   3: 020210AC:0050 030210AC:D431 01 00000000:00000000 00:00000000\n";
  EXPECT_THAT(ListeningPorts(text), ElementsAre(6379, 8080));
}

TEST(ListenersTest, ReadsTheFormOfIpv6) {
  const std::string text =
      std::string(kHeading) +
      "   0: 00000000000000000000000000000000:18EB 00000000000000000000000000000000:0000 0A 0\n"
      "   1: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 0\n"
      "   2: 0000000000000000FFFF00000100007F:0017 00000000000000000000000000000000:0000 0A 0\n";
  EXPECT_THAT(ListeningPorts(text), ElementsAre(6379));
}

TEST(ListenersTest, SkipsWhatItCannotRead) {
  EXPECT_THAT(ListeningPorts(""), IsEmpty());
  EXPECT_THAT(ListeningPorts(std::string(kHeading) + "   0: nonsense\n   1: 00000000:zz x 0A\n"),
              IsEmpty());
}

}  // namespace
}  // namespace proving_ground
