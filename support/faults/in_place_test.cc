#include "support/faults/in_place.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

struct stat StatusOf(const std::filesystem::path& path) {
  struct stat status = {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status;
}

TEST(InPlaceTest, KeepsInodeAndModeOfAReadOnlyFile) {
  const TemporaryFolder folder("in-place");
  const auto path = folder.path() / "secret";
  WriteFileAtomically(path, "a long old password", 0444);
  const struct stat before = StatusOf(path);

  OverwriteInPlace(path, "short");

  EXPECT_EQ(ReadFile(path), "short");
  OverwriteInPlace(path, "a much longer new password");
  EXPECT_EQ(ReadFile(path), "a much longer new password");
  EXPECT_EQ(StatusOf(path).st_ino, before.st_ino);
  EXPECT_EQ(StatusOf(path).st_mode, before.st_mode);
}

TEST(InPlaceTest, MakesNoFile) {
  const TemporaryFolder folder("in-place");
  EXPECT_THROW(OverwriteInPlace(folder.path() / "none", "x"), EnvironmentError);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(InPlaceTest, RemovesTwice) {
  const TemporaryFolder folder("in-place");
  WriteFileAtomically(folder.path() / "file", "x");
  RemoveForGood(folder.path() / "file");
  RemoveForGood(folder.path() / "file");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace proving_ground
