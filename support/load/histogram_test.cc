#include "support/load/histogram.h"

#include <gtest/gtest.h>

#include <random>

namespace proving_ground {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

TEST(LatencyHistogramTest, SmallValuesAreExact) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.Add(microseconds(i));

  EXPECT_EQ(histogram.Percentile(0.5, 1), 50us);
  EXPECT_EQ(histogram.Percentile(0.7, 1), 70us);
  EXPECT_EQ(histogram.Percentile(0.99, 1), 99us);
  EXPECT_EQ(histogram.Percentile(1.0, 1), 100us);
}

TEST(LatencyHistogramTest, AnyValueIsKeptWithinOnePercent) {
  for (std::int64_t value = 1; value < 86'400'000'000; value = value * 5 / 4 + 1) {
    LatencyHistogram histogram;
    histogram.Add(microseconds(value));
    histogram.Add(24h);
    const auto kept = histogram.Percentile(0.5, 1).value().count();
    EXPECT_GE(kept, value);
    EXPECT_LE(static_cast<double>(kept), static_cast<double>(value) * 1.01);
  }
}

TEST(LatencyHistogramTest, RefusesPercentilesOfTooFewSamples) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.Percentile(0.5, 0), std::nullopt) << "nothing is not zero";
  for (int i = 0; i < 19; ++i) histogram.Add(1ms);

  EXPECT_EQ(histogram.Percentile(0.99, 20), std::nullopt);
  histogram.Add(1ms);
  EXPECT_EQ(histogram.Percentile(0.99, 20), 1ms);
  EXPECT_THROW(histogram.Percentile(99, 1), std::invalid_argument);
}

TEST(LatencyHistogramTest, PercentilesNeverDecreaseNorExceedTheMaximum) {
  std::mt19937_64 random(11);
  LatencyHistogram histogram;
  for (int i = 0; i < 5000; ++i) {
    histogram.Add(microseconds(1ll << (random() % 36)) + microseconds(random() % 1000));
  }
  auto before = 0us;
  for (int permille = 1; permille <= 1000; ++permille) {
    const auto value = histogram.Percentile(permille / 1000.0, 1).value();
    EXPECT_GE(value, before);
    before = value;
  }
  EXPECT_EQ(before, histogram.maximum());
}

TEST(LatencyHistogramTest, MergedIsTheSameAsRecordedTogether) {
  LatencyHistogram first;
  LatencyHistogram second;
  LatencyHistogram together;
  for (int i = 0; i < 1000; ++i) {
    (i % 3 == 0 ? first : second).Add(microseconds(i * 977));
    together.Add(microseconds(i * 977));
  }
  first.Merge(second);

  EXPECT_EQ(first.count(), together.count());
  for (const double fraction : {0.01, 0.5, 0.9, 0.99, 1.0}) {
    EXPECT_EQ(first.Percentile(fraction, 1), together.Percentile(fraction, 1));
  }
}

TEST(LatencyHistogramTest, NegativeCountsAsZero) {
  LatencyHistogram histogram;
  histogram.Add(-5ms);

  EXPECT_EQ(histogram.Percentile(1.0, 1), 0us);
}

}  // namespace
}  // namespace proving_ground
