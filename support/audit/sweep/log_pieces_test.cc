#include "support/audit/sweep/log_pieces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kKnown[] = "9b1d77ae03c24f58";

class LogPiecesTest : public testing::Test {
 protected:
  SweepResult Search(const std::string& log, size_t step, const LogLimits& limits) {
    Sweep sweep(detector_, known_);
    LogPieces pieces(sweep, {.service = "api"}, limits);
    for (size_t at = 0; at < log.size(); at += step) pieces.Feed(log.substr(at, step));
    pieces.Finish();
    return sweep.Take();
  }

  SecretDetector detector_{Fingerprinter("salt")};
  KnownSecrets known_{{{"redis-sales", kKnown}}, Fingerprinter("salt")};
};

TEST_F(LogPiecesTest, ASecretIsFoundHoweverThePiecesAreCut) {
  const std::string log = "one line\nconnecting with " + std::string(kKnown) + "\nlast line";
  for (const size_t step : {1, 3, 7, 1000}) {
    EXPECT_THAT(Search(log, step, {.piece = 10}).findings, SizeIs(1)) << step;
  }
}

TEST_F(LogPiecesTest, AllOfItIsLookedAt) {
  const std::string log = "a line of some length\nand another\nand the last one without an end";
  const SweepResult result = Search(log, 5, {.piece = 16});
  EXPECT_EQ(result.looked.at(Area::kLog).bytes, static_cast<std::int64_t>(log.size()));
  EXPECT_THAT(result.unevaluated, IsEmpty());
}

TEST_F(LogPiecesTest, ALogThatIsTooLongIsNotTakenForSearched) {
  EXPECT_THAT(Search(std::string(1000, 'x'), 100, {.total = 500}).unevaluated, SizeIs(1));
}

}  // namespace
}  // namespace proving_ground
