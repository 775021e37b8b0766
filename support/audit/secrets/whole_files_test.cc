// The detector on whole files as people write them, each taken for what its name and text say.
#include "support/audit/secrets/testing/whole_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "support/audit/secrets/secret_detector.h"
#include "support/audit/secrets/testing/field_files.h"
#include "support/audit/secrets/text_kind.h"

namespace proving_ground {
namespace {

constexpr uint32_t kSeed = 20310402;

struct Tally {
  size_t secrets = 0;
  size_t found = 0;
  size_t wrong = 0;
};

std::string LineOf(const std::string& text, size_t at) {
  const size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

Tally Judge(const WholeFile& file) {
  static const SecretDetector detector;
  Tally tally{file.secrets.size(), 0, 0};
  const auto found = detector.Scan(file.text, KindOfText(file.name, file.text)).detections;
  const auto meet = [](const Detection& detection, const WholeFile::Secret& secret) {
    return detection.offset < secret.begin + secret.size &&
           secret.begin < detection.offset + detection.length;
  };
  for (const WholeFile::Secret& secret : file.secrets) {
    if (std::any_of(found.begin(), found.end(), [&](const auto& it) { return meet(it, secret); })) {
      ++tally.found;
    } else {
      std::cout << "missed in " << file.name << ": " << LineOf(file.text, secret.begin) << "\n";
    }
  }
  for (const Detection& detection : found) {
    if (std::any_of(file.secrets.begin(), file.secrets.end(),
                    [&](const auto& it) { return meet(detection, it); })) {
      continue;
    }
    ++tally.wrong;
    std::cout << "over-report (" << detection.rule << ") in " << file.name << ": "
              << LineOf(file.text, detection.offset) << "\n";
  }
  return tally;
}

Tally JudgeAll(const std::vector<WholeFile>& files) {
  Tally total;
  for (const WholeFile& file : files) {
    const Tally tally = Judge(file);
    total.secrets += tally.secrets, total.found += tally.found, total.wrong += tally.wrong;
  }
  std::cout << files.size() << " files, " << total.secrets << " secrets, " << total.found
            << " found, " << total.wrong << " wrong\n";
  return total;
}

TEST(WholeFilesTest, FindsTheSecretsAndNothingElse) {
  const Tally tally = JudgeAll(MakeFilesWithSecrets(kSeed));
  EXPECT_GE(tally.secrets, 200u);
  EXPECT_GE(static_cast<double>(tally.found), 0.97 * static_cast<double>(tally.secrets));
  EXPECT_LE(static_cast<double>(tally.wrong), 0.01 * static_cast<double>(tally.found));
}

TEST(WholeFilesTest, FindsTheSecretsOfTheField) {
  RandomText random(kSeed);
  std::vector<MarkedFile> files = FieldSettings();
  for (const MarkedFile& file : FieldPrograms()) files.push_back(file);
  const Tally tally = JudgeAll(FillAll(files, random));
  EXPECT_GE(tally.secrets, 200u);
  EXPECT_GE(static_cast<double>(tally.found), 0.97 * static_cast<double>(tally.secrets));
  EXPECT_LE(static_cast<double>(tally.wrong), 0.01 * static_cast<double>(tally.found));
}

TEST(WholeFilesTest, LeavesTheLookAlikesOfTheFieldAlone) {
  RandomText random(kSeed);
  EXPECT_EQ(JudgeAll(FillAll(FieldLookAlikes(), random)).wrong, 0u);
}

TEST(WholeFilesTest, LeavesHarmlessFilesAlone) {
  EXPECT_EQ(JudgeAll(MakeHarmlessFiles(kSeed)).wrong, 0u);
}

}  // namespace
}  // namespace proving_ground
