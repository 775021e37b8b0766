#include "support/faults/undoer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/base/files.h"
#include "support/compose/compose_stack.h"
#include "support/faults/fault.h"
#include "support/faults/helper_container.h"
#include "support/faults/testing/fake_engine.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class UndoerTest : public ::testing::Test {
 protected:
  void SetState(const std::string& id, const char* state) {
    fake_.Inspect(id)["State"]["Status"] = state;
  }
  json& Networks() { return fake_.Inspect(id_)["NetworkSettings"]["Networks"]; }

  FakeEngine fake_{"shop"};
  std::string id_ = fake_.Add("redis");
  std::string second_ = fake_.Add("redis", 2);
  Engine engine_ = fake_.Connect();
  Compose compose_{{.project = "shop", .command = {"/bin/false"}, .version = "2.26.1"}};
  ComposeStack stack_{compose_, engine_};
  FaultContext context_{engine_, compose_, stack_, std::nullopt};
};

TEST_F(UndoerTest, StartsWhatIsStoppedOnce) {
  SetState(second_, "exited");
  Undo(context_, {StartContainer{{"redis", 2}}, StartContainer{{"redis", 1}}});
  Undo(context_, {StartContainer{{"redis", 2}}});
  EXPECT_THAT(fake_.changes(), ElementsAre("start " + second_));
}

TEST_F(UndoerTest, LeavesARestartToThePolicy) {
  SetState(id_, "restarting");
  Undo(context_, {StartContainer{{"redis"}}});
  EXPECT_THAT(fake_.changes(), IsEmpty());
}

TEST_F(UndoerTest, FindsAContainerThatWasMadeAnew) {
  fake_.Remove(id_);
  fake_.Add("gateway");
  const std::string anew = fake_.Add("redis");
  SetState(anew, "exited");
  Undo(context_, {StartContainer{{"redis"}}});
  EXPECT_THAT(fake_.changes(), ElementsAre("start " + anew));
}

TEST_F(UndoerTest, UnpausesWhatIsPausedOnce) {
  SetState(id_, "paused");
  Undo(context_, {UnpauseContainer{{"redis"}}, UnpauseContainer{{"redis"}}});
  EXPECT_THAT(fake_.changes(), ElementsAre("unpause " + id_));
}

TEST_F(UndoerTest, ConnectsAsItWas) {
  const ConnectNetwork step{{"redis"}, "net", engine_.InspectContainer(id_).networks.at("net")};
  Undo(context_, {step});
  EXPECT_THAT(fake_.changes(), IsEmpty()) << "it is connected";

  Networks().erase("net");
  Undo(context_, {step});
  EXPECT_THAT(fake_.changes(), ElementsAre("connect net"));
  EXPECT_EQ(Networks()["net"]["Aliases"], json::array({"redis"}));
}

TEST_F(UndoerTest, ConnectsAnewWhatLostItsAliases) {
  const ConnectNetwork step{{"redis"}, "net", engine_.InspectContainer(id_).networks.at("net")};
  Networks()["net"]["Aliases"] = json::array({"0123456789ab"});
  Undo(context_, {step});
  EXPECT_THAT(fake_.changes(), ElementsAre("disconnect net", "connect net"));
  EXPECT_EQ(Networks()["net"]["Aliases"], json::array({"redis"}));
}

TEST_F(UndoerTest, RemovesHelpersOfThisStackOnly) {
  const std::string helper = fake_.Add("helper");
  fake_.Inspect(helper)["Config"]["Labels"][std::string(kHelperLabel)] = "shop";
  Undo(context_, {RemoveHelper{helper}, RemoveHelper{helper}});
  EXPECT_THAT(fake_.changes(), ElementsAre("stop " + helper, "remove " + helper));
  EXPECT_THROW(Undo(context_, {RemoveHelper{id_}}), EnvironmentError);
  EXPECT_THAT(fake_.changes(), testing::SizeIs(2));
}

TEST_F(UndoerTest, RestoresAFileInPlaceOnce) {
  const TemporaryFolder folder("undoer");
  const RestoreFile step{folder.path() / "secret", folder.path() / "secret.before"};
  WriteFileAtomically(step.path, "new", 0444);
  WriteFileAtomically(step.backup, "old");
  Undo(context_, {step});
  EXPECT_EQ(ReadFile(step.path), "old");
  EXPECT_FALSE(std::filesystem::exists(step.backup));
  Undo(context_, {step});
  EXPECT_EQ(ReadFile(step.path), "old");
}

TEST_F(UndoerTest, TriesEveryStepAndNamesAllThatFailed) {
  SetState(second_, "exited");
  try {
    Undo(context_, {StartContainer{{"none"}}, RedisCommands{{{"PING"}}}, ComposeUp{},
                    StartContainer{{"redis", 2}}});
    FAIL() << "three of the steps are impossible";
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("start none: there is no container none in shop"),
                      HasSubstr("tell Redis PING: the contract names no operator"),
                      HasSubstr("bring up all services: "), HasSubstr("the journal")));
  }
  EXPECT_THAT(fake_.changes(), ElementsAre("start " + second_));
}

TEST_F(UndoerTest, WaitsForAnEngineThatIsRestarting) {
  SetState(id_, "exited");
  int away = 3;
  fake_.before_each = [&](const Request&) {
    if (away-- > 0) throw TransportError("no engine answers", "start it");
  };
  Undo(context_, {StartContainer{{"redis"}}});
  EXPECT_THAT(fake_.changes(), ElementsAre("start " + id_));
}

TEST_F(UndoerTest, AStackThatIsGoneHasNothingToMend) {
  fake_.Remove(id_);
  fake_.Remove(second_);
  EXPECT_NO_THROW(Undo(context_, {StartContainer{{"redis"}}, UnpauseContainer{{"redis"}},
                                  RedisCommands{{{"PING"}}}, RemoveHelper{"helper"}}));
}

}  // namespace
}  // namespace proving_ground
