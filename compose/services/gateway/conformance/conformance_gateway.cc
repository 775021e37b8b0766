// The gateway with the fixture tools that the official MCP conformance suite calls. For measuring
// conformance only: a team that is to see them needs its own policy; the production gateway does
// not contain them.
#include "compose/services/gateway/gateway_main.h"

namespace platform {
namespace {

using nlohmann::json;

// A PNG of one red pixel, and a WAV of no samples.
constexpr char kPixel[] =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg"
    "==";
constexpr char kSilence[] = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

json Text(const char* text) { return {{"type", "text"}, {"text", text}}; }
json Image() { return {{"type", "image"}, {"data", kPixel}, {"mimeType", "image/png"}}; }
json Resource(const char* uri, const char* type, const char* text) {
  return {{"type", "resource"}, {"resource", {{"uri", uri}, {"mimeType", type}, {"text", text}}}};
}

// A tool without arguments that always answers the same.
Tool Fixed(const char* name, json content, bool is_error = false) {
  ToolResult result{std::move(content), is_error};
  return {name,
          "Conformance fixture",
          {{"type", "object"}, {"properties", json::object()}},
          [result = std::move(result)](const ToolCall&) -> asio::awaitable<ToolResult> {
            co_return result;
          }};
}

Tool WithSchema(const char* name, const char* schema) {
  Tool tool = Fixed(name, json::array({Text("accepted")}));
  tool.input_schema = json::parse(schema);
  return tool;
}

class ConformanceFactory : public GatewayFactory {
 public:
  ToolTable MakeTools() const override {
    ToolTable table = GatewayFactory::MakeTools();
    table.Add({
        Fixed("test_simple_text",
              json::array({Text("This is a simple text response for testing.")})),
        Fixed("test_image_content", json::array({Image()})),
        Fixed("test_audio_content",
              json::array({{{"type", "audio"}, {"data", kSilence}, {"mimeType", "audio/wav"}}})),
        Fixed("test_embedded_resource",
              json::array({Resource("test://embedded-resource", "text/plain",
                                    "This is an embedded resource content.")})),
        Fixed("test_multiple_content_types",
              json::array({Text("Multiple content types test:"), Image(),
                           Resource("test://mixed-content-resource", "application/json",
                                    R"({"test":"data"})")})),
        Fixed("test_error_handling",
              json::array({Text("This tool intentionally returns an error for testing")}), true),
        Fixed("test_logging_tool", json::array({Text("nothing was logged")})),
        WithSchema(
            "test_mirrored_header",
            R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}},
                       "required":["region"]})"),
        WithSchema("json_schema_2020_12_tool",
                   R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
                       "$defs":{"address":{"$anchor":"addressDef","type":"object",
                                           "properties":{"street":{"type":"string"}}}},
                       "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},
                                     "contactMethod":{"type":"string"},"phone":{"type":"string"},
                                     "email":{"type":"string"}},
                       "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
                       "if":{"properties":{"contactMethod":{"const":"phone"}}},
                       "then":{"required":["phone"]},"else":{"required":["email"]},
                       "additionalProperties":false})"),
    });
    return table;
  }
};

}  // namespace
}  // namespace platform

int main(int argc, char** argv) {
  return platform::RunGateway(argc, argv, platform::ConformanceFactory());
}
