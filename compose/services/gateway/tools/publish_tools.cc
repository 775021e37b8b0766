#include "compose/services/gateway/tools/schema.h"
#include "compose/services/gateway/tools/tools.h"

namespace platform {
namespace {

asio::awaitable<ToolResult> Publish(const ToolCall& call) {
  std::vector<std::string> command{"XADD",   call.Key("posts"),
                                   "MAXLEN", "~",
                                   "10000",  "*",
                                   "text",   call.arguments["text"].get<std::string>()};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  co_return ToolResult::Text(reply.text);
}

}  // namespace

std::vector<Tool> PublishTools() {
  return {{"publish_post", "Queues a post for publication and returns its id.",
           ObjectSchema({{"text", StringSchema("The text of the post", 1, 10'000)}}, {"text"}),
           Publish}};
}

}  // namespace platform
