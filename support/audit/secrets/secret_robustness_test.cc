// The detector on hostile input: whatever the bytes, it ends in time and its answers are sound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include "support/audit/secrets/secret_detector.h"
#include "support/audit/secrets/testing/random_text.h"
#include "support/audit/secrets/testing/secret_corpus.h"

namespace proving_ground {
namespace {

using std::chrono::steady_clock;

constexpr uint32_t kSeed = 4711;
constexpr auto kMutating = std::chrono::seconds(3);

bool IsSound(const std::string& text) {
  return ScanBytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

// One edit as fuzzers make them: a byte changed, a part removed, repeated, or taken from another
// text.
std::string Mutated(std::string text, const std::string& other, RandomText& random) {
  const size_t at = random.Below(text.size() + 1);
  const size_t size = random.Below(16);
  switch (random.Below(5)) {
    case 0:
      text.insert(at, 1, static_cast<char>(random.Below(256)));
      break;
    case 1:
      text.erase(at, size);
      break;
    case 2:
      text.insert(at, text.substr(at, size));
      break;
    case 3:
      text.insert(at, other.substr(random.Below(other.size()), 2 * size));
      break;
    default:
      text.insert(at, random.Of("\"'\\=:{}[]<>$@#%&;,|` \n\t", size));
      break;
  }
  return text;
}

TEST(SecretRobustnessTest, AnswersAreSoundForMutatedTexts) {
  RandomText random(kSeed);
  std::vector<CorpusText> texts = MakeSecrets(kSeed);
  const std::vector<CorpusText> look_alikes = MakeLookAlikes(kSeed);
  texts.insert(texts.end(), look_alikes.begin(), look_alikes.end());

  size_t tried = 0;
  for (const auto end = steady_clock::now() + kMutating; steady_clock::now() < end; ++tried) {
    std::string& text = texts[random.Below(texts.size())].text;
    text = Mutated(text, random.OneOf(texts).text, random);
    if (text.size() > 2000) text.resize(200);
    ASSERT_TRUE(IsSound(text)) << testing::PrintToString(text);
  }
  std::cout << tried << " mutated texts\n";
}

TEST(SecretRobustnessTest, AnswersAreSoundForRandomBytes) {
  RandomText random(kSeed);
  for (int round = 0; round < 200; ++round) {
    std::string bytes;
    while (bytes.size() < 500) bytes.push_back(static_cast<char>(random.Below(256)));
    ASSERT_TRUE(IsSound(bytes)) << testing::PrintToString(bytes);
  }
  EXPECT_TRUE(IsSound(""));
}

// What wakes rules again and again must cost time in proportion to its size only.
TEST(SecretRobustnessTest, TimeIsLinearInRepetitiveText) {
  const SecretDetector detector;
  for (const std::string part : {"password=",
                                 "pass",
                                 "://a:b",
                                 "eyJ.",
                                 "\"auth\" ",
                                 "mysql -u ",
                                 "-----BEGIN PRIVATE KEY-----",
                                 "AKIA",
                                 "Q~",
                                 "${",
                                 "\\\"",
                                 "\"kty\"",
                                 "user a ",
                                 "secrets:{",
                                 "secrets:\n ",
                                 "secrets=[\"",
                                 "set_password(",
                                 "x_secret(a,",
                                 "@@tcp(",
                                 "A"}) {
    const auto seconds_for = [&](std::size_t size) {
      std::string text;
      while (text.size() < size) text += part;
      const auto start = steady_clock::now();
      detector.Scan(text, TextKind::kShellOrConfigFile);
      return std::chrono::duration<double>(steady_clock::now() - start).count();
    };
    // Four times the text: four times as long, and not sixteen times. The second is for a busy
    // machine.
    const double quarter = seconds_for(50'000);
    const double whole = seconds_for(200'000);
    std::cout << testing::PrintToString(part) << ": " << quarter << " s, " << whole << " s\n";
    EXPECT_LT(whole, 9 * quarter + 1.0) << part;
  }
}

// What is looked at ends within a comment, a quote, a bracket, and every other place.
TEST(SecretRobustnessTest, MappingsMayReachBeyondWhatIsLookedAt) {
  for (const std::string holder :
       {"tokens = {", "secrets: [", "api_secrets:\n  ", "[credentials]\n"}) {
    for (const std::string filling :
         {"#", "// a\n", ",", "'", "[", "a: b\n  ", "- c\n  ", " ", "\n", "\""}) {
      std::string text = holder;
      while (text.size() < 5000) text += filling;
      EXPECT_TRUE(IsSound(text)) << holder << filling;
    }
  }
}

// Logs of a service, as many as 107 containers write in a while.
TEST(SecretRobustnessTest, ReadsTenMegabytesOfLogsQuickly) {
  RandomText random(kSeed);
  std::string log;
  while (log.size() < 10'000'000) {
    log += "2031-04-02T08:15:11.314Z INFO worker-" + random.Lower(4) + " task " + random.Uuid() +
           " of team " + random.Word() + " done in " + random.Of("123456789", 3) +
           " ms, token valid for 300 s, key team:" + random.Word() + ":task:" + random.Lower(8) +
           " GET http://gateway:8080/mcp 200\n";
  }
  const SecretDetector detector;
  const auto start = steady_clock::now();
  const ScanResult result = detector.Scan(log, TextKind::kLog);
  const std::chrono::duration<double> took = steady_clock::now() - start;

  std::cout << log.size() << " bytes in " << took.count() << " s\n";
  EXPECT_THAT(result.detections, testing::IsEmpty());
  EXPECT_LT(took.count(), 10.0);  // about one second on an idle machine
}

}  // namespace
}  // namespace proving_ground
