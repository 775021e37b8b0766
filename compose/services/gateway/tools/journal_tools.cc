#include <algorithm>
#include <charconv>

#include "compose/services/gateway/tools/schema.h"
#include "compose/services/gateway/tools/tools.h"

namespace platform {
namespace {

constexpr int kMaxEntryLength = 65'536;
constexpr int kMaxPage = 500;
constexpr char kKeptEntries[] = "200000";

// An entry id is "<ms>-<n>": anything else would mean something to XRANGE, such as "-" or "(".
bool IsEntryId(std::string_view id) {
  const std::size_t dash = id.find('-');
  const auto is_number = [](std::string_view text) {
    return !text.empty() && text.size() <= 19 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return dash != std::string_view::npos && is_number(id.substr(0, dash)) &&
         is_number(id.substr(dash + 1));
}

std::int64_t MillisecondsOf(std::string_view entry_id) {
  std::int64_t milliseconds = 0;
  std::from_chars(entry_id.data(), entry_id.data() + std::min(entry_id.find('-'), entry_id.size()),
                  milliseconds);
  return milliseconds;
}

asio::awaitable<ToolResult> Append(const ToolCall& call) {
  std::vector<std::string> command{"XADD",       call.Key("journal"),
                                   "MAXLEN",     "~",
                                   kKeptEntries, "*",
                                   "entry",      call.arguments["entry"].get<std::string>()};
  const RedisReply reply = co_await call.store.Command(std::move(command));
  co_return ToolResult::Text(reply.text);
}

asio::awaitable<ToolResult> Read(const ToolCall& call) {
  const std::string after = call.arguments.value("after", std::string("0-0"));
  if (!IsEntryId(after))
    co_return ToolResult::Error("argument 'after' must be the id of an entry, such as 0-0");
  const int limit = call.arguments.value("limit", kMaxPage);
  std::vector<std::string> command{"XRANGE", call.Key("journal"),  "(" + after, "+",
                                   "COUNT",  std::to_string(limit)};
  const RedisReply reply = co_await call.store.Command(std::move(command));

  nlohmann::json entries = nlohmann::json::array();
  std::string next = after;
  for (const RedisReply& element : reply.elements) {
    if (element.elements.size() != 2 || element.elements[1].elements.size() < 2) continue;
    next = element.elements[0].text;
    entries.push_back({{"id", next},
                       {"entry", element.elements[1].elements[1].text},
                       {"at_ms", MillisecondsOf(next)}});
  }
  const nlohmann::json page = {{"entries", std::move(entries)}, {"next", next}};
  co_return ToolResult::Text(page.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

std::vector<Tool> JournalTools() {
  return {
      {"journal_append", "Appends an entry to the team's journal and returns its id.",
       ObjectSchema({{"entry", StringSchema("The text of the entry", 1, kMaxEntryLength)}},
                    {"entry"}),
       Append},
      {"journal_read",
       "Reads the team's journal in order, as JSON {\"entries\": [{\"id\", \"entry\", \"at_ms\"}], "
       "\"next\": id}.",
       ObjectSchema(
           {{"after",
             StringSchema("Only entries after this id; the `next` of the page before", 3, 40)},
            {"limit", IntegerSchema("At most so many entries", 1, kMaxPage)}},
           {}),
       Read},
  };
}

}  // namespace platform
