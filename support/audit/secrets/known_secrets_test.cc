#include "support/audit/secrets/known_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/audit/secrets/base64.h"
#include "support/base/errors.h"

namespace proving_ground {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kValue = "t0p/s?cret+\"of\" team";

KnownSecrets Searching(const std::string& value = kValue) {
  return KnownSecrets({{"redis-sales", value}}, Fingerprinter("salt"));
}

auto IsLeak(const std::string& encoding) {
  return AllOf(Field(&Leak::name, "redis-sales"), Field(&Leak::encoding, encoding));
}

TEST(KnownSecretsTest, FindsTheSecretAsItIs) {
  const auto leaks = Searching().Find("first line\nerror: cannot use " + kValue + " here\n");

  ASSERT_THAT(leaks, ElementsAre(IsLeak("raw")));
  EXPECT_EQ(leaks[0].offset, 29u);
  EXPECT_EQ(leaks[0].line, 2);
  EXPECT_EQ(leaks[0].length, kValue.size());
  EXPECT_EQ(leaks[0].fingerprint, Fingerprinter("salt").Of(kValue));
}

TEST(KnownSecretsTest, FindsTheSecretInsideEncodedText) {
  // One more byte in front each time: all three positions in a group of three bytes, and then some.
  for (const std::string before : {"", "a", "ab", "abc", "user:"}) {
    for (const std::string after : {"", "z", "zz"}) {
      EXPECT_THAT(Searching().Find("Basic " + EncodeBase64(before + kValue + after)), SizeIs(1))
          << before << " " << after;
    }
  }
}

TEST(KnownSecretsTest, FindsOtherEncodings) {
  EXPECT_THAT(Searching().Find("q=t0p%2Fs%3Fcret%2B%22of%22%20team&x"),
              ElementsAre(IsLeak("URL-encoded")));
  EXPECT_THAT(Searching().Find("q=t0p%2fs%3fcret%2b%22of%22%20team&x"),
              ElementsAre(IsLeak("URL-encoded")));
  EXPECT_THAT(Searching("abcdef!").Find("x'61626364656621'"), ElementsAre(IsLeak("hexadecimal")));
  EXPECT_THAT(Searching().Find(R"({"p":"t0p/s?cret+\"of\" team"})"), ElementsAre(IsLeak("JSON")));
}

TEST(KnownSecretsTest, ReportsEveryPlaceOnce) {
  EXPECT_THAT(Searching("plainword9").Find("plainword9 plainword9"),
              ElementsAre(IsLeak("raw"), IsLeak("raw")));
  EXPECT_THAT(Searching().Find("nothing of the kind"), IsEmpty());
}

TEST(KnownSecretsTest, RefusesSecretsThatAreFoundByAccident) {
  EXPECT_THROW(Searching("abc"), UsageError);
}

TEST(SharedSecretsTest, NamesTheHoldersOfSharedSecretsOnly) {
  const auto shared = FindShared({{"sales", "services.a", "f1"},
                                  {"support", "services.b", "f1"},
                                  {"sales", "services.a", "f2"},
                                  {"sales", "services.c", "f2"}});

  ASSERT_THAT(shared, SizeIs(1));
  EXPECT_EQ(shared[0].fingerprint, "f1");
  EXPECT_THAT(shared[0].holders, ElementsAre(Field(&OwnedSecret::owner, "sales"),
                                             Field(&OwnedSecret::owner, "support")));
}

}  // namespace
}  // namespace proving_ground
