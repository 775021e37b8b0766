#include "support/audit/sweep/image_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>

#include "support/audit/sweep/testing/packed_archive.h"
#include "support/base/errors.h"

namespace proving_ground {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::multimap<std::string, std::string> FilesOf(const std::string& exported,
                                                const ImageArchiveLimits& limits = {},
                                                ImageArchiveSummary* summary = nullptr) {
  std::multimap<std::string, std::string> files;
  const auto read = ReadImageArchive(
      [&](const PieceSink& sink) {
        for (size_t at = 0; at < exported.size(); at += 1000) sink(exported.substr(at, 1000));
      },
      limits, [&](const ImageFile& file) { files.emplace(file.path, file.content); });
  if (summary != nullptr) *summary = read;
  return files;
}

TEST(ImageArchiveTest, ReadsFilesOfLayersPlainAndCompressed) {
  const std::string long_text(200'000, 'x');
  const std::string exported =
      Packed({{"manifest.json", "[]"},
              {"a/layer.tar", Packed({{"etc/app.conf", "one"}, {"./srv/big", long_text}})},
              {"blobs/sha256/b", Packed({{"/etc/other", "two"}}, /*gzip=*/true)}});
  ImageArchiveSummary summary;
  EXPECT_THAT(FilesOf(exported, {}, &summary),
              ElementsAre(Pair("", "[]"), Pair("etc/app.conf", "one"), Pair("etc/other", "two"),
                          Pair("srv/big", long_text)));
  EXPECT_EQ(summary.layers, 2);
  EXPECT_EQ(summary.files, 4);
  EXPECT_TRUE(summary.complete);
}

TEST(ImageArchiveTest, AnArchiveInALayerIsAFileLikeOthers) {
  const std::string inner = Packed({{"x", "y"}});
  const auto files = FilesOf(Packed({{"l/layer.tar", Packed({{"backup.tar", inner}})}}));
  EXPECT_THAT(files, ElementsAre(Pair("backup.tar", inner)));
}

TEST(ImageArchiveTest, SaysWhenALimitCutSomethingOff) {
  const std::string exported =
      Packed({{"l/layer.tar", Packed({{"a", std::string(5000, 'a')}, {"b", "b"}})}});
  ImageArchiveSummary summary;
  const auto files = FilesOf(exported, {.file = 100}, &summary);
  EXPECT_EQ(files.find("a")->second.size(), 512u);  // the first block is read anyway
  EXPECT_FALSE(summary.complete);
  EXPECT_EQ(FilesOf(exported, {.total = 100}, &summary).count("b"), 0u);
  EXPECT_FALSE(summary.complete);
}

TEST(ImageArchiveTest, DamagedExportsAreErrors) {
  const std::string exported = Packed({{"l/layer.tar", Packed({{"a", std::string(5000, 'a')}})}});
  EXPECT_THROW(FilesOf("this is no archive at all, whatever it may be"), EnvironmentError);
  ImageArchiveSummary summary;
  try {
    FilesOf(exported.substr(0, 2000), {}, &summary);
    EXPECT_FALSE(summary.complete);
  } catch (const EnvironmentError&) {
    // Either way it is not taken for the whole.
  }
}

TEST(ImageArchiveTest, ABrokenExportIsTheReasonThatIsGiven) {
  EXPECT_THROW(ReadImageArchive(
                   [](const PieceSink& sink) {
                     sink(std::string(600, 'x'));
                     throw std::runtime_error("the engine went away");
                   },
                   {}, [](const ImageFile&) {}),
               std::runtime_error);
}

TEST(ImageArchiveTest, WhatTheReaderThrowsEndsTheExport) {
  const std::string layer = Packed({{"a", std::string(1 << 20, 'a')}});
  EXPECT_THROW(ReadImageArchive(
                   [&](const PieceSink& sink) {
                     sink(Packed({{"l", layer}}));
                   },
                   {}, [](const ImageFile&) { throw std::logic_error("enough"); }),
               std::logic_error);
}

}  // namespace
}  // namespace proving_ground
