// A coordinator made of the parts of production, but for the one that forgets.
#include "compose/sabotage/forgetful_coordinator/forgetful_task_store.h"
#include "compose/services/coordinator/service.h"

int main(int argc, char** argv) {
  const platform::TaskStoreFactory forgetful = [](platform::RedisClient& commands,
                                                  platform::RedisClient& blocking,
                                                  platform::RedisTaskStore::Options options) {
    return std::make_unique<platform::ForgetfulTaskStore>(commands, blocking, std::move(options));
  };
  return platform::RunCoordinator(argc, argv, forgetful);
}
