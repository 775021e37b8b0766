#include "support/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

size_t EntriesOf(const fs::path& folder) {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(FilesTest, WritesWithTheModeAskedForAndLeavesNothingElse) {
  const TemporaryFolder folder("files");
  const fs::path path = folder.path() / "secret";
  WriteFileAtomically(path, "old", 0644);
  WriteFileAtomically(path, std::string("new\0text", 8), 0600);
  EXPECT_EQ(ReadFile(path), std::string("new\0text", 8));
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(EntriesOf(folder.path()), 1U);
}

TEST(FilesTest, AFailedWriteKeepsTheOldContent) {
  const TemporaryFolder folder("files");
  const fs::path path = folder.path() / "taken";
  fs::create_directories(path / "by-a-folder");
  EXPECT_THROW(WriteFileAtomically(path, "text"), EnvironmentError);
  EXPECT_TRUE(fs::is_directory(path / "by-a-folder"));
  EXPECT_EQ(EntriesOf(folder.path()), 1U) << "the temporary file must be gone";
}

TEST(FilesTest, AFullDiskIsNamedAsTheCause) {
  const EnvironmentError error = SystemError("writing summary.json", ENOSPC);
  EXPECT_STREQ(error.what(),
               "writing summary.json: No space left on device; the disk or quota is full: free "
               "space, or choose another folder");
}

TEST(FilesTest, AMissingFileIsNamed) {
  try {
    ReadFile("/nonexistent/file");
    FAIL() << "read a file that is not there";
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr("reading /nonexistent/file: No such file or directory"));
  }
}

TEST(FilesTest, ATemporaryFolderGoesWithAllItHolds) {
  fs::path path;
  {
    const TemporaryFolder folder("files");
    path = folder.path();
    MakeFolder(path / "a/b");
    WriteFileAtomically(path / "a/b/c", "text");
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace proving_ground
