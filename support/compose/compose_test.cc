// Compose against a script that plays the docker command: it writes down how it was called and
// answers what the case has put into a file.
#include "support/compose/compose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kScript[] = R"script(#!/bin/sh
here=$(dirname "$0")
[ "$2 $3" = "version --short" ] && { cat "$here/version"; exit 0; }
printf '%s' "$*" > "$here/called"
printf '%s' "$COMPOSE_MENU|$DOCKER_HOST|$FLAVOUR" > "$here/variables"
cat "$here/output"
cat "$here/error" >&2
exit "$(cat "$here/exit")"
)script";

class ComposeTest : public ::testing::Test {
 protected:
  ComposeTest() {
    const char* const path = std::getenv("PATH");
    path_ = path == nullptr ? "" : path;
    Put("docker", kScript, 0755);
    Put("version", "2.26.1-4\n");
    Answer(0, "", "");
    ::setenv("PATH", (folder_.path().string() + ":" + path_).c_str(), 1);
  }
  ~ComposeTest() override { ::setenv("PATH", path_.c_str(), 1); }

  void Put(const std::string& name, const std::string& content, unsigned mode = 0644) {
    WriteFileAtomically(folder_.path() / name, content, mode);
  }
  void Answer(int exit_code, const std::string& output, const std::string& error) {
    Put("exit", std::to_string(exit_code));
    Put("output", output);
    Put("error", error);
  }
  std::string Called() const { return ReadFile(folder_.path() / "called"); }
  Compose Shop() const {
    return Compose({.files = {"a.yaml", "b.yaml"},
                    .project = "shop",
                    .environment = {{"FLAVOUR", "vanilla"}},
                    .docker_host = "unix:///x"});
  }
  // Message of the error that `action` must end in.
  template <typename Action>
  std::string MessageOf(Action action) {
    try {
      action();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "nothing was thrown";
  }

  TemporaryFolder folder_{"compose"};
  std::string path_;
};

TEST_F(ComposeTest, UpPassesEveryOptionAsAnArgumentOfItsOwn) {
  Shop().Up({.services = {"redis", "worker"},
             .scale = {{"worker", 10}},
             .no_deps = true,
             .force_recreate = true},
            Within(seconds(20)));
  EXPECT_EQ(Called(),
            "compose --ansi never --progress quiet --file a.yaml --file b.yaml --project-name shop "
            "up --detach --no-build --quiet-pull --pull never --no-deps --force-recreate "
            "--scale worker=10 redis worker");
  EXPECT_EQ(ReadFile(folder_.path() / "variables"), "false|unix:///x|vanilla");
  Shop().Up({.services = {"worker"}, .create_only = true}, Within(seconds(20)));
  EXPECT_THAT(Called(), HasSubstr("up --no-start --no-build --quiet-pull --pull never worker"));
}

TEST_F(ComposeTest, DownCanTakeTheData) {
  Shop().Down({.volumes = true, .grace = seconds(75)}, Within(seconds(20)));
  EXPECT_THAT(Called(), HasSubstr(" down --remove-orphans --timeout 75 --volumes"));
}

TEST_F(ComposeTest, FailureQuotesComposeWithARemedy) {
  Answer(1, "", "Error response from daemon: No such image: shop/worker:0.1.0\n");
  EXPECT_THAT(MessageOf([&] { Shop().Up({}, Within(seconds(20))); }),
              AllOf(HasSubstr("`docker compose up` of project shop failed with exit code 1"),
                    HasSubstr("No such image: shop/worker:0.1.0; build or pull")));
}

TEST_F(ComposeTest, SecretsOfTheModelStayOutOfErrors) {
  Answer(1, R"({"password":"hunter2"})", "broken pipe");
  EXPECT_THAT(MessageOf([&] { Shop().Config(Within(seconds(20))); }),
              AllOf(HasSubstr("broken pipe"), Not(HasSubstr("hunter2"))));
  Answer(0, R"({"password":"hunter2")", "");
  EXPECT_THAT(MessageOf([&] { Shop().Config(Within(seconds(20))); }),
              AllOf(HasSubstr("did not write JSON"), Not(HasSubstr("hunter2"))));
}

TEST_F(ComposeTest, ComposeNamesTheProjectWhenTheCallerDoesNot) {
  Answer(0, R"({"name":"from-the-folder","services":{}})", "");
  EXPECT_EQ(Compose({}).project(), "from-the-folder");
}

TEST_F(ComposeTest, ReadsBothFormsOfTheListOfContainers) {
  const std::string redis = R"({"ID":"a1","Service":"redis","State":"running","Health":"healthy"})";
  const std::string job = R"({"ID":"b2","Service":"job","State":"exited","ExitCode":3})";
  for (const std::string& text : {redis + "\n" + job + "\n", "[" + redis + "," + job + "]"}) {
    Answer(0, text, "");
    const std::vector<ComposeContainer> containers = Shop().Ps(Within(seconds(20)));
    ASSERT_EQ(containers.size(), 2U) << text;
    EXPECT_EQ(containers[0].health, "healthy");
    EXPECT_EQ(containers[1].service, "job");
    EXPECT_EQ(containers[1].exit_code, 3);
  }
}

TEST_F(ComposeTest, TellsWhereAPortIsPublished) {
  Answer(0, "127.0.0.1:49153\n", "");
  const std::optional<Endpoint> endpoint = Shop().Port("redis", 1, 6379, Within(seconds(20)));
  ASSERT_TRUE(endpoint.has_value());
  EXPECT_EQ(endpoint->host, "127.0.0.1");
  EXPECT_EQ(endpoint->port, 49153);
  Answer(0, ":0\n", "");
  EXPECT_FALSE(Shop().Port("redis", 1, 6380, Within(seconds(20))).has_value());
}

TEST_F(ComposeTest, ExecReportsTheExitCodeWithoutJudgingIt) {
  Answer(3, "out", "err");
  const CommandResult result = Shop().Exec("redis", 2, {"ls", "-l"}, Within(seconds(20)));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(Called(), HasSubstr(" exec -T --index 2 redis ls -l"));
}

TEST_F(ComposeTest, AnOldOrMissingComposeIsAClearError) {
  Put("version", "1.29.2\n");
  Put("docker-compose", "#!/bin/sh\necho 1.29.2\n", 0755);
  EXPECT_THAT(MessageOf([&] { Shop(); }), HasSubstr("is version 1.29.2, but version 2 is needed"));
  Put("docker", "#!/bin/sh\necho \"docker: 'compose' is not a docker command\" >&2\nexit 1\n",
      0755);
  Put("docker-compose", "#!/bin/sh\nexit 1\n", 0755);
  EXPECT_THAT(MessageOf([&] { Shop(); }),
              AllOf(HasSubstr("Docker Compose is missing"), HasSubstr("docker-compose-plugin")));
}

TEST(ProjectSlugTest, MakesNamesThatComposeAccepts) {
  EXPECT_EQ(ProjectSlug("My Shop/feature#12"), "my-shop-feature-12");
  EXPECT_EQ(ProjectSlug("_x__y--"), "x__y");
  EXPECT_THROW(ProjectSlug("///"), UsageError);
}

}  // namespace
}  // namespace proving_ground
