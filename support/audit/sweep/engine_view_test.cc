#include "support/audit/sweep/engine_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/engine/testing/mock_transport.h"

namespace proving_ground {
namespace {

using ::testing::_;
using ::testing::NiceMock;
using ::testing::Return;

class EngineViewTest : public testing::Test {
 protected:
  std::unique_ptr<NiceMock<MockTransport>> owned_ = std::make_unique<NiceMock<MockTransport>>();
  NiceMock<MockTransport>& transport_ = *owned_;
  EngineView view_{std::move(owned_), "1.41"};
};

TEST_F(EngineViewTest, AsksTheApi) {
  EXPECT_CALL(transport_, Send(RequestTo("GET", "/v1.41/images/sha256%3Aab/history")))
      .WillOnce(Return(Answer(R"([{"CreatedBy": "COPY . /"}])")));
  EXPECT_EQ(view_.History("sha256:ab").at(0).at("CreatedBy"), "COPY . /");
  EXPECT_CALL(transport_, Send(RequestTo("GET", "/v1.41/containers/c1/json")))
      .WillOnce(Return(Answer(R"({"Id": "c1"})")));
  EXPECT_EQ(view_.Container("c1").at("Id"), "c1");
}

TEST_F(EngineViewTest, RefusalsAndNonsenseAreErrors) {
  EXPECT_CALL(transport_, Send(_))
      .WillOnce(Return(Answer(R"({"message": "no such container"})", 404)))
      .WillOnce(Return(Answer("no JSON")));
  EXPECT_THROW(view_.Container("gone"), EngineError);
  EXPECT_THROW(view_.Container("odd"), EnvironmentError);
  EXPECT_CALL(transport_, Stream(_, _, _)).WillOnce(Return(Answer("", 404)));
  EXPECT_THROW(view_.Export(
                   "gone", [](std::string_view) {}, std::chrono::seconds(1)),
               EngineError);
}

TEST_F(EngineViewTest, HandsOnTheArchive) {
  EXPECT_CALL(transport_, Stream(_, _, _))
      .WillOnce([](const Request&, const BodySink& sink, const std::stop_token&) {
        sink("one ");
        sink("two");
        return Answer("");
      });
  std::string archive;
  view_.Export(
      "i", [&](std::string_view piece) { archive += piece; }, std::chrono::seconds(1));
  EXPECT_EQ(archive, "one two");
}

}  // namespace
}  // namespace proving_ground
