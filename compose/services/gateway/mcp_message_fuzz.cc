// What arrives in a POST: headers of two lines, an empty line, the body. It is read, or refused
// with an error that can be sent back; what is read can be written and read again.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "compose/services/gateway/json_reader.h"
#include "compose/services/gateway/mcp_message.h"

namespace platform {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void ReadAsJson(std::string_view text) {
  try {
    const nlohmann::json value = ReadJson(text);
    Require(ReadJson(value.dump()) == value);
  } catch (const JsonError&) {
    // refused
  }
}

// The text up to the next line end, which is taken away.
std::string TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void ReadAsMessage(std::string_view text) {
  HttpRequest request;
  request.method = "POST";
  request.headers.emplace_back("MCP-Protocol-Version", TakeLine(text));
  request.headers.emplace_back("Mcp-Method", TakeLine(text));
  request.body = text;
  const auto message = ReadMcpMessage(request);
  if (const auto* const error = std::get_if<McpError>(&message)) {
    Require(error->status >= 200 && error->status < 600);
    Require(!error->ToResponse().body.empty());
  } else {
    Require(std::get<McpMessage>(message).params.is_object());
  }
}

}  // namespace
}  // namespace platform

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  platform::ReadAsJson(text);
  platform::ReadAsMessage(text);
  return 0;
}
