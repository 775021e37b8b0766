// Keys of the store, and the account they are reached with.
#include <nlohmann/json.hpp>

#include "compose/sabotage/gateway/broken_parts.h"

namespace platform {
namespace {

// The key is what the caller says, behind the team's prefix unless it brings one along.
std::string RawKey(const ToolCall& call) {
  const std::string& name = call.arguments["key"].get_ref<const std::string&>();
  return name.starts_with("team:") ? name : "team:" + std::string(call.team) + ":" + name;
}

asio::awaitable<ToolResult> Put(const ToolCall& call) {
  std::vector<std::string> command{"SET", RawKey(call), call.arguments["value"].get<std::string>()};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  co_return ToolResult::Text(reply.text);
}

asio::awaitable<ToolResult> Get(const ToolCall& call) {
  std::vector<std::string> command{"GET", RawKey(call)};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  co_return ToolResult::Text(reply.text);
}

asio::awaitable<ToolResult> Delete(const ToolCall& call) {
  std::vector<std::string> command{"DEL", RawKey(call)};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  co_return ToolResult::Text(reply.integer > 0 ? "deleted" : "nothing to delete");
}

class RawKeys : public GatewayFactory {
 public:
  ToolTable MakeTools() const override {
    ToolTable table;
    const ToolTable right = AllTools();
    for (const auto& entry : right.tools()) {
      Tool tool = entry.second;
      if (tool.name == "memory_put") tool.handler = Put;
      if (tool.name == "memory_get") tool.handler = Get;
      if (tool.name == "memory_delete") tool.handler = Delete;
      table.Add({std::move(tool)});
    }
    return table;
  }
};

// One account for all teams, which may do everything.
class SuperUser : public GatewayFactory {
 public:
  RedisStores::Options MakeStores(RedisStores::Options options) const override {
    options.account = [](const std::string&) { return std::string("operator"); };
    return options;
  }
};

class RawKeysAsSuperUser : public RawKeys {
 public:
  RedisStores::Options MakeStores(RedisStores::Options options) const override {
    return SuperUser().MakeStores(std::move(options));
  }
};

}  // namespace

BrokenParts BrokenStores() {
  return {
      {"raw-keys", [] { return std::make_unique<RawKeys>(); }},
      {"super-user", [] { return std::make_unique<SuperUser>(); }},
      {"raw-keys-as-super-user", [] { return std::make_unique<RawKeysAsSuperUser>(); }},
  };
}

}  // namespace platform
