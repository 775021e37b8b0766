#include "compose/services/worker/health_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace platform {
namespace {

class HealthFileTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  // Leaves a mark as if the last beat had been that long ago.
  void WriteBeat(std::chrono::milliseconds age) {
    using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::steady_clock;
    const auto beat = duration_cast<milliseconds>(steady_clock::now().time_since_epoch()) - age;
    std::ofstream(path_) << beat.count() << '\n';
  }

  const std::string path_ = ::testing::TempDir() + "health_file_test." + std::to_string(::getpid());
};

TEST_F(HealthFileTest, ABeatIsHealthy) {
  Beat(path_);
  EXPECT_EQ(CheckBeat(path_), 0);
  Beat(path_);
  EXPECT_EQ(CheckBeat(path_), 0);
}

TEST_F(HealthFileTest, AnOldBeatIsNot) {
  WriteBeat(kHealthyAge - std::chrono::seconds(5));
  EXPECT_EQ(CheckBeat(path_), 0);
  WriteBeat(kHealthyAge + std::chrono::seconds(1));
  EXPECT_EQ(CheckBeat(path_), 1);
}

TEST_F(HealthFileTest, NoFileOrRubbishIsNot) {
  EXPECT_EQ(CheckBeat(path_), 1);
  std::ofstream(path_) << "rubbish";
  EXPECT_EQ(CheckBeat(path_), 1);
  WriteBeat(std::chrono::hours(-1));  // From the future: of another boot.
  EXPECT_EQ(CheckBeat(path_), 1);
}

TEST_F(HealthFileTest, SaysWhyItCannotWrite) {
  EXPECT_THROW(Beat("/no-such-directory/mark"), std::runtime_error);
}

}  // namespace
}  // namespace platform
