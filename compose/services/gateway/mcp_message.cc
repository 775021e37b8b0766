#include "compose/services/gateway/mcp_message.h"

#include "compose/services/gateway/base64.h"
#include "compose/services/gateway/json_reader.h"

namespace platform {
namespace {

using nlohmann::json;

constexpr std::string_view kVersionHeader = "MCP-Protocol-Version";
constexpr std::size_t kMaxIdSize = 256;

struct Refused {
  McpError error;
};

[[noreturn]] void Refuse(const json& id, int code, std::string message, json data = nullptr) {
  throw Refused{McpError{400, id, code, std::move(message), std::move(data)}};
}

json ReadBody(const HttpRequest& request) {
  try {
    return ReadJson(request.body);
  } catch (const JsonError& error) {
    Refuse(nullptr, kParseError, std::string("Parse error: ") + error.what());
  }
}

bool IsValidId(const json& id) {
  return id.is_number_integer() ||
         (id.is_string() && id.get_ref<const std::string&>().size() <= kMaxIdSize);
}

// Takes the JSON-RPC envelope apart.
McpMessage ReadEnvelope(json body) {
  if (body.is_array())
    Refuse(nullptr, kInvalidRequest, "Invalid request: batches are not supported");
  if (!body.is_object()) Refuse(nullptr, kInvalidRequest, "Invalid request: not an object");
  McpMessage message;
  const auto id = body.find("id");
  if (id != body.end()) {
    if (!IsValidId(*id))
      Refuse(nullptr, kInvalidRequest, "Invalid request: id must be a string or an integer");
    message.id = *id;
  }
  if (body.value("jsonrpc", json()) != "2.0") {
    Refuse(message.id, kInvalidRequest, "Invalid request: jsonrpc must be \"2.0\"");
  }
  const auto method = body.find("method");
  if (method == body.end()) {
    if (id == body.end() || body.contains("result") == body.contains("error")) {
      Refuse(message.id, kInvalidRequest, "Invalid request: method is missing");
    }
    message.kind = McpMessage::Kind::kResponse;
    return message;
  }
  if (!method->is_string())
    Refuse(message.id, kInvalidRequest, "Invalid request: method must be a string");
  message.method = std::move(method->get_ref<std::string&>());
  message.kind = id == body.end() ? McpMessage::Kind::kNotification : McpMessage::Kind::kRequest;
  const auto params = body.find("params");
  message.params = params == body.end() ? json::object() : std::move(*params);
  if (!message.params.is_object()) {
    Refuse(message.id, kInvalidRequest, "Invalid request: params must be an object");
  }
  return message;
}

const json* MetaField(const McpMessage& message, const char* name) {
  if (!message.params.is_object()) return nullptr;
  const auto meta = message.params.find("_meta");
  if (meta == message.params.end() || !meta->is_object()) return nullptr;
  const auto field = meta->find(name);
  return field == meta->end() ? nullptr : &*field;
}

[[noreturn]] void RefuseVersion(const McpMessage& message, std::string_view requested) {
  Refuse(message.id, kUnsupportedVersion, "Unsupported protocol version",
         {{"supported", {kModernVersion, kLegacyVersion}}, {"requested", requested}});
}

void CheckModern(const HttpRequest& request, const McpMessage& message, const json& version) {
  if (!version.is_string())
    Refuse(message.id, kInvalidParams, "Invalid params: protocolVersion must be a string");
  const auto& declared = version.get_ref<const std::string&>();
  if (request.HeaderCount(kVersionHeader) != 1 || request.Header(kVersionHeader) != declared) {
    Refuse(message.id, kHeaderMismatch,
           "Header mismatch: MCP-Protocol-Version does not match the body");
  }
  if (declared != kModernVersion) RefuseVersion(message, declared);
  if (message.kind == McpMessage::Kind::kNotification) return;
  const json* capabilities = MetaField(message, "io.modelcontextprotocol/clientCapabilities");
  if (capabilities == nullptr || !capabilities->is_object()) {
    Refuse(message.id, kInvalidParams,
           "Invalid params: _meta lacks io.modelcontextprotocol/clientCapabilities");
  }
  if (!MirrorsBody(request, "Mcp-Method", message.method)) {
    Refuse(message.id, kHeaderMismatch, "Header mismatch: Mcp-Method does not match the body");
  }
}

// The body carries no modern metadata, so the header must not claim that it does.
void CheckLegacy(const HttpRequest& request, const McpMessage& message) {
  const std::size_t headers = request.HeaderCount(kVersionHeader);
  if (headers == 0) return;
  const std::string_view version = request.Header(kVersionHeader);
  if (headers > 1)
    Refuse(message.id, kHeaderMismatch, "Header mismatch: more than one MCP-Protocol-Version");
  if (version == kLegacyVersion) return;
  if (version != kModernVersion) RefuseVersion(message, version);
  if (message.method == "initialize") {
    Refuse(message.id, kHeaderMismatch,
           "Header mismatch: MCP-Protocol-Version does not match the body");
  }
  if (message.kind == McpMessage::Kind::kResponse) {
    Refuse(message.id, kInvalidRequest, "Invalid request: clients send no responses");
  }
  if (message.kind == McpMessage::Kind::kRequest) {
    Refuse(message.id, kInvalidParams,
           "Invalid params: _meta lacks io.modelcontextprotocol/protocolVersion");
  }
}

// Methods whose subject is mirrored as Mcp-Name, and the parameter that names it.
const char* SubjectOf(std::string_view method) {
  if (method == "tools/call" || method == "prompts/get") return "name";
  return method == "resources/read" ? "uri" : nullptr;
}

void CheckSubject(const HttpRequest& request, const McpMessage& message) {
  const char* parameter = SubjectOf(message.method);
  if (parameter == nullptr || message.kind != McpMessage::Kind::kRequest) return;
  const auto subject = message.params.find(parameter);
  if (subject == message.params.end() || !subject->is_string())
    return;  // the method itself refuses it
  if (!MirrorsBody(request, "Mcp-Name", subject->get_ref<const std::string&>())) {
    Refuse(message.id, kHeaderMismatch, "Header mismatch: Mcp-Name does not match the body");
  }
}

}  // namespace

HttpResponse McpError::ToResponse() const {
  json answer = {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}};
  if (!data.is_null()) answer["error"]["data"] = data;
  HttpResponse response;
  response.status = status;
  response.body = answer.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

bool MirrorsBody(const HttpRequest& request, std::string_view header, std::string_view value) {
  if (request.HeaderCount(header) != 1) return false;
  const std::string_view mirrored = request.Header(header);
  constexpr std::string_view kPrefix = "=?base64?";
  constexpr std::string_view kSuffix = "?=";
  if (mirrored.size() < kPrefix.size() + kSuffix.size() || !mirrored.starts_with(kPrefix) ||
      !mirrored.ends_with(kSuffix)) {
    return mirrored == value;
  }
  const auto decoded = DecodeBase64(
      mirrored.substr(kPrefix.size(), mirrored.size() - kPrefix.size() - kSuffix.size()));
  return decoded && *decoded == value;
}

std::variant<McpMessage, McpError> ReadMcpMessage(const HttpRequest& request) {
  try {
    McpMessage message = ReadEnvelope(ReadBody(request));
    if (const json* version = MetaField(message, "io.modelcontextprotocol/protocolVersion")) {
      message.era = Era::kModern;
      CheckModern(request, message, *version);
      CheckSubject(request, message);
    } else {
      CheckLegacy(request, message);
    }
    return message;
  } catch (const Refused& refused) {
    return refused.error;
  }
}

}  // namespace platform
