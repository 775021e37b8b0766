// Precision and recall of the detector on the labelled corpus.
#include "support/audit/secrets/testing/secret_corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <iomanip>
#include <iostream>
#include <string_view>

#include "support/audit/secrets/secret_detector.h"

namespace proving_ground {
namespace {

using ::testing::Ge;

constexpr uint32_t kSeed = 20310402;
constexpr double kLeastPrecision = 0.95;
constexpr double kLeastRecall = 0.95;

constexpr std::array<std::string_view, 9> kKinds = {
    "compose file",         "env file", "command line", "environment",  "label",
    "shell or config file", "log",      "Redis value",  "image history"};

struct Score {
  int secrets = 0;
  int look_alikes = 0;
  int found = 0;
  int wrong = 0;  // detections of what is none

  double Precision() const { return found + wrong == 0 ? 1 : double(found) / (found + wrong); }
  double Recall() const { return secrets == 0 ? 1 : double(found) / secrets; }
};

bool Overlaps(const Detection& detection, size_t begin, size_t size) {
  return detection.offset < begin + size && begin < detection.offset + detection.length;
}

void Judge(const SecretDetector& detector, const CorpusText& text, Score& score) {
  const size_t begin = text.secret.empty() ? 0 : text.text.find(text.secret);
  bool found = false;
  for (const Detection& detection : detector.Scan(text.text, text.kind).detections) {
    if (Overlaps(detection, begin, text.secret.size())) {
      found = true;
    } else {
      ++score.wrong;
      std::cout << "over-report: " << detection.rule << " for " << text.what << " in:\n"
                << text.text << "\n";
    }
  }
  text.secret.empty() ? ++score.look_alikes : ++score.secrets;
  if (found) ++score.found;
  if (!found && !text.secret.empty())
    std::cout << "missed: " << text.what << " in:\n" << text.text << "\n";
}

void Print(std::string_view kind, const Score& score) {
  std::cout << std::left << std::setw(22) << kind << std::right << std::setw(8) << score.secrets
            << std::setw(12) << score.look_alikes << std::setw(7) << score.found << std::setw(7)
            << score.wrong << std::fixed << std::setprecision(3) << std::setw(11)
            << score.Precision() << std::setw(8) << score.Recall() << "\n";
}

TEST(SecretCorpusTest, FindsSecretsAndLeavesLookAlikesAlone) {
  const SecretDetector detector;
  std::array<Score, kKinds.size()> by_kind;
  for (const auto& texts : {MakeSecrets(kSeed), MakeLookAlikes(kSeed)}) {
    for (const CorpusText& text : texts)
      Judge(detector, text, by_kind[static_cast<size_t>(text.kind)]);
  }

  Score total;
  std::cout << "kind of text           secrets  look-alike  found  wrong  precision  recall\n";
  for (size_t i = 0; i < kKinds.size(); ++i) {
    const Score& score = by_kind[i];
    Print(kKinds[i], score);
    total.secrets += score.secrets, total.look_alikes += score.look_alikes;
    total.found += score.found, total.wrong += score.wrong;
  }
  Print("total", total);

  EXPECT_THAT(total.secrets, Ge(300));
  EXPECT_THAT(total.look_alikes, Ge(300));
  EXPECT_THAT(total.Precision(), Ge(kLeastPrecision));
  EXPECT_THAT(total.Recall(), Ge(kLeastRecall));
}

}  // namespace
}  // namespace proving_ground
