// The broken task stores by the name that SABOTAGE gives them. See ../README.md.
#pragma once

#include <map>
#include <string>

#include "compose/services/coordinator/coordinator.h"

namespace platform {

using BrokenStores = std::map<std::string, TaskStoreFactory>;

// Stores that promise what they do not keep.
void AddDishonestStores(BrokenStores& stores);
// Stores that count, order or own wrongly.
void AddUnfencedStores(BrokenStores& stores);
// Stores that bear the loss of Redis badly.
void AddFragileStores(BrokenStores& stores);
// Stores that use up what others need: time, memory, keys.
void AddWastefulStores(BrokenStores& stores);

// All of them.
BrokenStores AllBrokenStores();

// A factory of one kind of store.
template <typename Store>
TaskStoreFactory MakerOf() {
  return [](RedisClient& commands, RedisClient& blocking, RedisTaskStore::Options options) {
    return std::make_unique<Store>(commands, blocking, std::move(options));
  };
}

}  // namespace platform
