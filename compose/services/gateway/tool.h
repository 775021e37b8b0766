#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "compose/services/common/awaitable.h"
#include "compose/services/common/redis_client.h"

namespace platform {

// The storage of one team: Redis, spoken to as that team's user, so that Redis itself refuses what
// is not the team's.
class TeamStore {
 public:
  virtual ~TeamStore() = default;

  // As RedisClient::Command.
  virtual asio::awaitable<RedisReply> Command(std::vector<std::string> args) = 0;
};

// One call of a tool. Lives until the call ends.
struct ToolCall {
  std::string_view team;
  const nlohmann::json& arguments;  // conforming to the tool's input schema
  TeamStore& store;

  // The Redis key of a collection of the team. Collections are constants: nothing a caller says
  // becomes part of a key.
  std::string Key(std::string_view collection) const {
    return "team:" + std::string(team) + ":" + std::string(collection);
  }
};

struct ToolResult {
  nlohmann::json content = nlohmann::json::array();  // content blocks of MCP
  bool is_error = false;

  static ToolResult Text(std::string text);
  static ToolResult Error(std::string text);
};

struct Tool {
  std::string name;  // [a-z0-9_]+
  std::string description;
  nlohmann::json input_schema;  // JSON Schema 2020-12, within what ArgumentChecker understands
  std::function<asio::awaitable<ToolResult>(const ToolCall&)> handler;
};

}  // namespace platform
