// Steps that take a fault back. They are written to the journal before the fault is injected, so
// that another process can take it back when this one has died; so they are data, hold no secret,
// find containers by service and number (ids change when one is recreated), and do no harm when
// repeated.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

#include "support/compose/stack.h"
#include "support/engine/types.h"

namespace proving_ground {

struct TargetContainer {
  std::string service;
  int number = 1;
};

struct StartContainer {
  TargetContainer target;
};
struct UnpauseContainer {
  TargetContainer target;
};
struct ConnectNetwork {
  TargetContainer target;
  std::string network;  // name
  NetworkAttachment attachment;
};
struct RemoveHelper {
  std::string name;
};
// Commands for the stack's Redis as its operator. An argument "@file:<path>" stands for the content
// of that file without its last line end, "@sha256:<path>" for the SHA-256 of that: how passwords
// are named without being told. One of the characters '<', '>', '#' and '!', which tell Redis what
// to do with a password, may come before.
struct RedisCommands {
  std::vector<std::vector<std::string>> commands;
};
// Named services are brought up without those they depend on.
struct ComposeUp {
  std::vector<std::string> services;  // empty: all
  std::map<std::string, int> scale;
};
// Puts the content of `backup` back into `path` (in place: it may be mounted) and removes `backup`.
struct RestoreFile {
  std::filesystem::path path;
  std::filesystem::path backup;
};

using UndoStep = std::variant<StartContainer, UnpauseContainer, ConnectNetwork, RemoveHelper,
                              RedisCommands, ComposeUp, RestoreFile>;

nlohmann::json ToJson(const UndoStep& step);
// Throws UsageError when the document is no step.
UndoStep UndoStepFromJson(const nlohmann::json& document);
// "engineering-worker-3"; without the number when it is 1.
std::string Describe(const TargetContainer& target);
// "start engineering-coordinator": for messages.
std::string Describe(const UndoStep& step);

}  // namespace proving_ground
