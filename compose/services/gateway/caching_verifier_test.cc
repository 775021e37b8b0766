#include "compose/services/gateway/caching_verifier.h"

#include <gtest/gtest.h>

namespace platform {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

// Accepts tokens that begin with "good", until 30 s after the epoch.
class CountingVerifier : public TokenVerifier {
 public:
  explicit CountingVerifier(int& calls) : calls_(calls) {}

  std::optional<Caller> Verify(std::string_view token) override {
    ++calls_;
    if (!token.starts_with("good")) return std::nullopt;
    return Caller{"sales", std::string(token), "id", system_clock::time_point(seconds(30))};
  }

 private:
  int& calls_;
};

class CachingVerifierTest : public ::testing::Test {
 protected:
  int calls_ = 0;
  system_clock::time_point now_{};
  CachingVerifier verifier_{
      std::make_unique<CountingVerifier>(calls_),
      {.capacity = 3, .max_age = seconds(20), .now = [this] { return now_; }}};
};

TEST_F(CachingVerifierTest, VerifiesAGoodTokenOnce) {
  EXPECT_EQ(verifier_.Verify("good")->subject, "good");
  EXPECT_EQ(verifier_.Verify("good")->subject, "good");
  EXPECT_EQ(calls_, 1);
  EXPECT_EQ(verifier_.Verify("good2")->subject, "good2") << "another token is another caller";
}

TEST_F(CachingVerifierTest, RemembersNoRefusals) {
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(verifier_.Verify("bad" + std::to_string(i)).has_value());
  EXPECT_EQ(verifier_.size(), 0U);
}

TEST_F(CachingVerifierTest, IsBoundedAndForgetsTheLeastRecentlyUsed) {
  for (const char* token : {"good1", "good2", "good3", "good1", "good4"}) verifier_.Verify(token);
  EXPECT_EQ(verifier_.size(), 3U);
  EXPECT_EQ(calls_, 4);

  verifier_.Verify("good1");
  EXPECT_EQ(calls_, 4) << "good1 was used after good2";
  verifier_.Verify("good2");
  EXPECT_EQ(calls_, 5);
}

TEST_F(CachingVerifierTest, VerifiesAgainAfterItsAgeOrTheTokensEnd) {
  verifier_.Verify("good");
  now_ += seconds(19);
  verifier_.Verify("good");
  EXPECT_EQ(calls_, 1);
  now_ += seconds(1);
  verifier_.Verify("good");
  EXPECT_EQ(calls_, 2) << "20 s old";
  now_ += seconds(10);
  verifier_.Verify("good");
  EXPECT_EQ(calls_, 3) << "expired after 30 s";
}

}  // namespace
}  // namespace platform
