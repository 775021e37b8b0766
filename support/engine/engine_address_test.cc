#include "support/engine/engine_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <map>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"
#include "support/base/files.h"
#include "support/engine/engine.h"

namespace proving_ground {
namespace {

using ::testing::HasSubstr;

EnvironmentLookup Variables(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(EngineAddressTest, FollowsDockerHost) {
  const EngineAddress local = FindEngine(Variables({{"DOCKER_HOST", "unix:///run/my.sock"}}));
  EXPECT_EQ(local.socket_path, "/run/my.sock");
  EXPECT_EQ(local.host, "127.0.0.1");
  const EngineAddress remote = FindEngine(Variables({{"DOCKER_HOST", "tcp://build-3:2375"}}));
  EXPECT_EQ(remote.socket_path, "");
  EXPECT_EQ(remote.host, "build-3") << "published ports live where the engine runs";
}

TEST(EngineAddressTest, RefusesWhatItCannotSpeak) {
  for (const char* const address : {"ssh://host", "host", "tcp://host", "unix://", "tcp://[::1]"}) {
    EXPECT_THROW(FindEngine(Variables({{"DOCKER_HOST", address}})), UsageError) << address;
  }
  EXPECT_THROW(FindEngine(Variables({{"DOCKER_TLS_VERIFY", "1"}})), UsageError);
  EXPECT_THROW(FindEngine(Variables({{"DOCKER_CONTEXT", "remote"}})), UsageError);
}

TEST(EngineAddressTest, NothingListeningSaysHowToStartAnEngine) {
  const TemporaryFolder folder("address");
  const std::string path = (folder.path() / "docker.sock").string();
  // A socket that was bound once and that nobody listens at: what a crashed engine leaves behind.
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  try {
    Engine::Connect(ParseEngineAddress("unix://" + path));
    FAIL() << "connected to nothing";
  } catch (const TransportError& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot reach the container engine at unix://" + path));
    EXPECT_THAT(error.what(), HasSubstr("dockerd"));
    EXPECT_EQ(ExitStatus(error), 4);
  }
}

}  // namespace
}  // namespace proving_ground
