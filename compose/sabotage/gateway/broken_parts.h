// The groups of broken parts, each a table of names and factories.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "compose/services/gateway/gateway_main.h"

namespace platform {

using BrokenParts =
    std::map<std::string, std::function<std::unique_ptr<GatewayFactory>()>, std::less<>>;

BrokenParts BrokenPolicies();   // who may see and call which tool, and what denials tell
BrokenParts BrokenTokens();     // what a token must prove
BrokenParts BrokenHandovers();  // where a token is taken from, and the team
BrokenParts BrokenReadings();   // hosts, origins, and how a message is read
BrokenParts BrokenResources();  // what clients may spend
BrokenParts BrokenStores();     // keys and accounts of the store

}  // namespace platform
