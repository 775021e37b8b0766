#include "support/audit/sweep/image_exports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/audit/sweep/testing/packed_archive.h"
#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/engine/testing/mock_transport.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::NiceMock;
using ::testing::Return;

class ImageExportsTest : public testing::Test {
 protected:
  // Exports answered with `archive`, so many times.
  void Answers(const std::string& archive, int times) {
    EXPECT_CALL(transport_, Stream(_, _, _))
        .Times(times)
        .WillRepeatedly([archive](const Request&, const BodySink& sink, const std::stop_token&) {
          sink(archive);
          return Answer("");
        });
  }

  std::vector<std::string> Read(const ImageExports& exports) {
    std::vector<std::string> paths;
    exports.Read(view_, "sha256:ab", std::chrono::seconds(1), [&](const ImageFile& file) {
      if (!file.path.empty()) paths.push_back(file.path);
    });
    return paths;
  }

  std::vector<fs::path> Kept() const {
    std::vector<fs::path> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  const std::string image_ = Packed({{"l/layer.tar", Packed({{"etc/app.conf", "one"}})}});
  TemporaryFolder folder_{"exports"};
  std::unique_ptr<NiceMock<MockTransport>> owned_ = std::make_unique<NiceMock<MockTransport>>();
  NiceMock<MockTransport>& transport_ = *owned_;
  EngineView view_{std::move(owned_), "1.41"};
};

TEST_F(ImageExportsTest, WithoutAFolderTheEngineIsAskedEachTime) {
  Answers(image_, 2);
  const ImageExports exports;
  EXPECT_THAT(Read(exports), ElementsAre("etc/app.conf"));
  EXPECT_THAT(Read(exports), ElementsAre("etc/app.conf"));
}

TEST_F(ImageExportsTest, WithAFolderTheEngineIsAskedOnce) {
  Answers(image_, 1);
  EXPECT_THAT(Read(ImageExports(folder_.path())), ElementsAre("etc/app.conf"));
  EXPECT_THAT(Read(ImageExports(folder_.path())), ElementsAre("etc/app.conf"));
  EXPECT_THAT(Kept(), ElementsAre("sha256-ab.tar"));
}

TEST_F(ImageExportsTest, WhatIsDamagedOrCutOffIsNotKept) {
  const std::string big = Packed({{"l/layer.tar", Packed({{"a", std::string(5000, 'a')}})}});
  for (const std::string& archive : {std::string(600, 'x'), big.substr(0, 2000)}) {
    Answers(archive, 1);
    try {
      Read(ImageExports(folder_.path()));
    } catch (const EnvironmentError&) {
      // Either way it is exported anew.
    }
    EXPECT_THAT(Kept(), IsEmpty());
  }
}

TEST_F(ImageExportsTest, WhatTheEngineRefusesIsAskedForAgain) {
  EXPECT_CALL(transport_, Stream(_, _, _)).WillOnce(Return(Answer("", 404)));
  EXPECT_THROW(Read(ImageExports(folder_.path())), EngineError);
  EXPECT_THAT(Kept(), IsEmpty());
  Answers(image_, 1);
  EXPECT_THAT(Read(ImageExports(folder_.path())), ElementsAre("etc/app.conf"));
}

}  // namespace
}  // namespace proving_ground
