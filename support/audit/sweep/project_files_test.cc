#include "support/audit/sweep/project_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/audit/sweep/exposure.h"
#include "support/base/files.h"
#include "support/compose/command.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kSecret[] = "DB_PASSWORD=sun4flower\n";

class ProjectFilesTest : public testing::Test {
 protected:
  // A folder that other accounts may enter, below one that they may not unless `Open` is called.
  ProjectFilesTest() { MakeFolder(project_); }

  void Write(const std::string& name, const std::string& text, unsigned mode) {
    if (const fs::path parent = (project_ / name).parent_path(); parent != project_) {
      MakeFolder(parent);
    }
    WriteFileAtomically(project_ / name, text, mode);
    ::chmod((project_ / name).c_str(), mode);
  }
  void Open() { ::chmod(folder_.path().c_str(), 0755); }
  void InitGit(const std::string& ignored) {
    Write(".gitignore", ignored, 0644);
    ASSERT_EQ(RunCommand({.arguments = {"git", "init", "-q", project_.string()}},
                         Within(std::chrono::seconds(10)))
                  .exit_code,
              0);
  }
  std::vector<Finding> Findings(const ProjectFileLimits& limits = {}) {
    Sweep sweep(detector_, known_);
    SearchProject(files_, limits, Within(std::chrono::seconds(10)), sweep);
    result_ = sweep.Take();
    // What was left out (the history of git) is told beside them.
    std::vector<Finding> findings = result_.findings;
    std::erase_if(findings, [](const Finding& finding) { return finding.rule == "SEC-30"; });
    return findings;
  }

  TemporaryFolder folder_{"project-files"};
  fs::path project_ = folder_.path() / "project";
  ProjectFiles files_{.folder = project_};
  SecretDetector detector_{Fingerprinter("salt")};
  KnownSecrets known_{{{"redis-sales", "9b1d77ae03c24f58"}}, Fingerprinter("salt")};
  SweepResult result_;
};

TEST_F(ProjectFilesTest, ASecretInAnyOtherFileIsAFinding) {
  Open();
  Write("compose.yaml",
        "services:\n  db:\n    image: a:1\n    environment:\n      " +
            std::string("DB_PASSWORD: sun4flower\n"),
        0644);
  const auto findings = Findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].severity, Severity::kHigh);
  EXPECT_EQ(findings[0].place.file, "compose.yaml");
  EXPECT_EQ(findings[0].place.line, 5);
}

TEST_F(ProjectFilesTest, PasswordsOfTestsAreToldOnlyUnlessTheyAreTheRunsOwn) {
  Open();
  Write("service/login_test.py", "password = 'sun4flower'\n", 0644);
  Write("service/login.py", "x = '9b1d77ae03c24f58'\n", 0644);
  Write("service/other_test.py", "x = '9b1d77ae03c24f58'\n", 0644);
  const auto findings = Findings();
  ASSERT_THAT(findings, SizeIs(3));
  EXPECT_EQ(findings[0].severity, Severity::kCritical);
  EXPECT_EQ(findings[1].severity, Severity::kLow);
  EXPECT_EQ(findings[2].severity, Severity::kCritical);
}

TEST_F(ProjectFilesTest, APrivateEnvFileMayHoldSecrets) {
  Open();
  Write(".env", kSecret, 0600);
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(ProjectFilesTest, AnOpenEnvFileMayNot) {
  Open();
  Write(".env", kSecret, 0644);
  const auto findings = Findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].rule, "SEC-09");
  EXPECT_EQ(findings[0].severity, Severity::kMedium);
}

TEST_F(ProjectFilesTest, AnEnvFileWithoutSecretsMayBeOpen) {
  Open();
  Write(".env", "MODE=fast\n", 0644);
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(ProjectFilesTest, AClosedFolderProtectsWhatIsInIt) {
  ::chmod(folder_.path().c_str(), 0700);
  Write(".env", kSecret, 0644);
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(ProjectFilesTest, GitMustIgnoreFilesWithSecrets) {
  ::chmod(folder_.path().c_str(), 0700);
  InitGit("secrets/\n");
  Write(".env", kSecret, 0600);
  Write("secrets/redis-sales", "9b1d77ae03c24f58\n", 0600);
  files_.secret_files = {project_ / "secrets/redis-sales"};
  const auto findings = Findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].place.file, ".env");
  EXPECT_THAT(findings[0].evidence, HasSubstr("git does not ignore it"));

  Write(".gitignore", "secrets/\n.env\n", 0644);
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(ProjectFilesTest, WhatGitIgnoresAndNobodyReadsIsToldOnly) {
  ::chmod(folder_.path().c_str(), 0700);
  InitGit("notes.txt\n");
  Write("notes.txt", "the old value was 9b1d77ae03c24f58\n", 0600);
  const auto findings = Findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].severity, Severity::kLow);
}

TEST_F(ProjectFilesTest, TooManyFilesMakeItIncomplete) {
  Write("a", "a", 0600);
  Write("b", "b", 0600);
  Findings({.files = 1});
  EXPECT_THAT(result_.unevaluated, SizeIs(1));
}

TEST_F(ProjectFilesTest, WhatIsNotSearchedIsTold) {
  ::chmod(folder_.path().c_str(), 0700);
  Write("node_modules/x/test.env", kSecret, 0644);
  fs::create_symlink("/etc/hostname", project_ / "link");
  fs::create_symlink(project_ / "long.txt", project_ / "inside");
  Write("long.txt", std::string(200, 'x') + " 9b1d77ae03c24f58 " + kSecret, 0600);
  Write("huge.txt", std::string(2'000, 'x'), 0600);
  Findings({.file = 100, .long_file = 1'000});
  const std::vector<Finding>& findings = result_.findings;
  ASSERT_THAT(findings, SizeIs(4));
  EXPECT_THAT(findings[0].evidence, HasSubstr("2 folders"));
  EXPECT_EQ(findings[1].place.file, "huge.txt");
  EXPECT_EQ(findings[2].place.file, "long.txt");
  for (const int i : {0, 1, 2}) EXPECT_EQ(findings[static_cast<size_t>(i)].rule, "SEC-30");
  EXPECT_THAT(findings[3].evidence, HasSubstr("known secret"));
}

TEST_F(ProjectFilesTest, ToolsFoldersAndLinksAreLeftOut) {
  Write("node_modules/x/test.env", kSecret, 0644);
  fs::create_symlink("/etc/hostname", project_ / "link");
  Write("real", "x", 0600);
  EXPECT_THAT(FilesIn(project_, 100), testing::ElementsAre(project_ / "real"));
}

}  // namespace
}  // namespace proving_ground
