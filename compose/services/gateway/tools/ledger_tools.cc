#include "compose/services/gateway/tools/schema.h"
#include "compose/services/gateway/tools/tools.h"

namespace platform {
namespace {

constexpr std::int64_t kMaxAmount = 1'000'000'000'000;

asio::awaitable<ToolResult> Record(const ToolCall& call) {
  std::vector<std::string> command{"HINCRBY", call.Key("ledger"),
                                   call.arguments["account"].get<std::string>(),
                                   std::to_string(call.arguments["amount"].get<std::int64_t>())};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  co_return ToolResult::Text(std::to_string(reply.integer));
}

asio::awaitable<ToolResult> Balance(const ToolCall& call) {
  std::vector<std::string> command{"HGET", call.Key("ledger"),
                                   call.arguments["account"].get<std::string>()};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  co_return ToolResult::Text(reply.nil() ? "0" : reply.text);
}

}  // namespace

std::vector<Tool> LedgerTools() {
  const auto account = StringSchema("The name of the account", 1, 64);
  return {
      {"ledger_record",
       "Adds an amount (in cents, may be negative) to an account and returns its new balance.",
       ObjectSchema({{"account", account},
                     {"amount", IntegerSchema("The amount in cents", -kMaxAmount, kMaxAmount)}},
                    {"account", "amount"}),
       Record},
      {"ledger_balance", "Returns the balance of an account in cents.",
       ObjectSchema({{"account", account}}, {"account"}), Balance},
  };
}

}  // namespace platform
