#include "compose/services/common/secret_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "compose/services/common/configuration_error.h"

namespace platform {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class SecretFileTest : public ::testing::Test {
 protected:
  SecretFileTest()
      : path_(std::filesystem::temp_directory_path() /
              ("secret-file-test-" + std::to_string(getpid()))) {}
  ~SecretFileTest() override { std::filesystem::remove(path_); }

  void Write(const std::string& content) { std::ofstream(path_, std::ios::binary) << content; }

  std::string ErrorOfReading(const std::filesystem::path& path) {
    try {
      ReadSecretFile(path);
    } catch (const ConfigurationError& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path path_;
};

TEST_F(SecretFileTest, TrimsExactlyOneTrailingNewline) {
  Write("s3cret\n");
  EXPECT_EQ(ReadSecretFile(path_), "s3cret");
  Write("s3cret\r\n");
  EXPECT_EQ(ReadSecretFile(path_), "s3cret");
  Write("s3cret \n\n");
  EXPECT_EQ(ReadSecretFile(path_), "s3cret \n");
}

TEST_F(SecretFileTest, NamesTheFileThatIsMissing) {
  EXPECT_THAT(ErrorOfReading("/nonexistent/redis-sales"),
              AllOf(HasSubstr("/nonexistent/redis-sales"), HasSubstr("; create it")));
}

TEST_F(SecretFileTest, RefusesAnEmptyFile) {
  Write("\n");
  EXPECT_THAT(ErrorOfReading(path_), HasSubstr("is empty"));
}

TEST_F(SecretFileTest, RefusesADirectory) {
  EXPECT_THAT(ErrorOfReading(std::filesystem::temp_directory_path()), HasSubstr("; "));
}

TEST_F(SecretFileTest, NeverShowsTheContent) {
  Write(std::string(70 * 1024, 'x'));
  EXPECT_THAT(ErrorOfReading(path_), AllOf(HasSubstr("64 KiB"), Not(HasSubstr("xxx"))));
}

}  // namespace
}  // namespace platform
