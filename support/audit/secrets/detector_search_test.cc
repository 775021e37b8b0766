#include "support/audit/secrets/detector_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class DetectorSearchTest : public testing::Test {
 protected:
  SecretDetector detector_{Fingerprinter("salt")};
  KnownSecrets known_{{{"redis-sales", "4f5c02aa91"}}, Fingerprinter("salt")};
  DetectorSearch search_{detector_, &known_};
};

TEST_F(DetectorSearchTest, NameAndValueTogetherTell) {
  const auto hits = search_.Find("DB_PASSWORD", "sun4flower");
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(hits[0].kind, "password-assignment");
  EXPECT_EQ(hits[0].length, 10u);
  EXPECT_EQ(hits[0].fingerprint, Fingerprinter("salt").Of("sun4flower"));
  EXPECT_FALSE(hits[0].known);
  EXPECT_THAT(search_.Find("GREETING", "sun4flower"), IsEmpty());
  EXPECT_THAT(search_.Find("DB_PASSWORD", "${DB_PASSWORD}"), IsEmpty());
  EXPECT_THAT(search_.Find("com.shop.admin.password", "sun4flower"), SizeIs(1));
}

TEST_F(DetectorSearchTest, ACommandLineHasNoName) {
  EXPECT_THAT(search_.Find("", "redis-cli -a sun4flower ping"), SizeIs(1));
  EXPECT_THAT(search_.Find("", "redis-cli ping"), IsEmpty());
}

TEST_F(DetectorSearchTest, TextOfSeveralLinesIsAFile) {
  EXPECT_THAT(search_.Find("alerts", "smtp:\n  password: 'sun4flower'\n"), SizeIs(1));
}

TEST_F(DetectorSearchTest, AKnownSecretIsReportedOnceWhateverItsName) {
  for (const char* name : {"GREETING", "DB_PASSWORD", ""}) {
    const auto hits = search_.Find(name, "4f5c02aa91");
    ASSERT_THAT(hits, SizeIs(1)) << name;
    EXPECT_TRUE(hits[0].known);
    EXPECT_EQ(hits[0].kind, "known secret redis-sales");
  }
}

}  // namespace
}  // namespace proving_ground
