#include <algorithm>

#include "compose/services/gateway/tools/schema.h"
#include "compose/services/gateway/tools/tools.h"

namespace platform {
namespace {

constexpr int kMaxNameLength = 256;
constexpr int kMaxValueLength = 65'536;
constexpr std::size_t kPageSize = 500;

// A team's memory is bounded; a name that is there already may always be given a new value.
constexpr char kPutScript[] =
    "if redis.call('HLEN', KEYS[1]) >= 10000 and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then "
    "return -1 end "
    "return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])";

std::string Argument(const ToolCall& call, const char* name) {
  const auto value = call.arguments.find(name);
  return value == call.arguments.end() ? "" : value->get<std::string>();
}

asio::awaitable<ToolResult> Put(const ToolCall& call) {
  std::vector<std::string> command{
      "EVAL", kPutScript, "1", call.Key("memory"), Argument(call, "key"), Argument(call, "value")};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  if (reply.integer < 0) co_return ToolResult::Error("the memory is full: delete something first");
  co_return ToolResult::Text("stored");
}

asio::awaitable<ToolResult> Get(const ToolCall& call) {
  std::vector<std::string> command{"HGET", call.Key("memory"), Argument(call, "key")};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  if (reply.nil()) co_return ToolResult::Error("there is no such key");
  co_return ToolResult::Text(reply.text);
}

// Pages through the names in byte order; the cursor is the last name of the page before. The memory
// is bounded, so that sorting all names is cheaper than a scan whose pages overlap.
asio::awaitable<ToolResult> List(const ToolCall& call) {
  const std::string prefix = Argument(call, "prefix");
  const std::string cursor = Argument(call, "cursor");
  std::vector<std::string> command{"HKEYS", call.Key("memory")};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  std::vector<std::string> names;
  for (const RedisReply& element : reply.elements) {
    if (element.text.starts_with(prefix) && (cursor.empty() || element.text > cursor))
      names.push_back(element.text);
  }
  std::sort(names.begin(), names.end());
  const bool more = names.size() > kPageSize;
  if (more) names.resize(kPageSize);
  nlohmann::json page = {{"keys", names}};
  if (more) page["next"] = names.back();
  co_return ToolResult::Text(page.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

asio::awaitable<ToolResult> Delete(const ToolCall& call) {
  std::vector<std::string> command{"HDEL", call.Key("memory"), Argument(call, "key")};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  co_return ToolResult::Text(reply.integer > 0 ? "deleted" : "nothing to delete");
}

}  // namespace

std::vector<Tool> MemoryTools() {
  const auto key = StringSchema("The name of the value", 1, kMaxNameLength);
  return {
      {"memory_put", "Stores a value under a key of the team's memory, replacing what was there.",
       ObjectSchema(
           {{"key", key}, {"value", StringSchema("The value to store", 0, kMaxValueLength)}},
           {"key", "value"}),
       Put},
      {"memory_get", "Returns the value stored under a key of the team's memory.",
       ObjectSchema({{"key", key}}, {"key"}), Get},
      {"memory_list",
       "Lists the keys of the team's memory as JSON {\"keys\": [...], \"next\": cursor if there "
       "are more}.",
       ObjectSchema({{"prefix", StringSchema("Only keys that begin with this", 0, kMaxNameLength)},
                     {"cursor", StringSchema("The `next` of the page before", 0, kMaxNameLength)}},
                    {}),
       List},
      {"memory_delete", "Removes a key from the team's memory.",
       ObjectSchema({{"key", key}}, {"key"}), Delete},
  };
}

}  // namespace platform
