#include "support/engine/engine.h"

#include <algorithm>
#include <compare>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "support/engine/calls.h"
#include "support/engine/curl_transport.h"
#include "support/engine/decode.h"

namespace proving_ground {
namespace {

struct ApiVersion {
  int major = 0;
  int minor = 0;
  auto operator<=>(const ApiVersion&) const = default;
};

// Oldest: engine 20.10, the first with one-shot statistics. Newest: engine 28, the last whose
// answers were compared with what is read here; newer engines still speak it.
constexpr ApiVersion kOldest{1, 41};
constexpr ApiVersion kNewest{1, 51};

std::string Text(ApiVersion version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

std::optional<ApiVersion> ParseVersion(const std::string& text) {
  ApiVersion version;
  int end = 0;
  if (std::sscanf(text.c_str(), "%d.%d%n", &version.major, &version.minor, &end) != 2 ||
      static_cast<size_t>(end) != text.size()) {
    return std::nullopt;
  }
  return version;
}

// The engine's own words: {"message": "…"}, or plain text from old engines and proxies.
std::string MessageOf(const Response& response) {
  const auto json = nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.contains("message") && json["message"].is_string()) {
    return json["message"].get<std::string>();
  }
  std::string text = response.body.substr(0, 300);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.empty() ? "no explanation" : text;
}

bool Mentions(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

std::string RemedyFor(int status, const std::string& message) {
  if (Mentions(message, "client version")) {
    return "set DOCKER_API_VERSION to a version the engine names, or unset it";
  }
  if (Mentions(message, "No such image") || Mentions(message, "no such image")) {
    return "build the stack's images first, or pull this one";
  }
  if (Mentions(message, "address already in use") ||
      Mentions(message, "port is already allocated")) {
    return "another program uses this port: end it, or publish to a free one (127.0.0.1::PORT)";
  }
  if (Mentions(message, "no space left on device")) {
    return "the engine's disk is full: free space (`docker system df` shows what uses it)";
  }
  if (Mentions(message, "has active endpoints")) {
    return "detach its containers; if it has none, the engine has lost track (a known flaw) "
           "and frees it when it is restarted";
  }
  if (status == 404) return "it was removed meanwhile: look it up again";
  if (status == 409) return "its state does not allow this: inspect it";
  if (status == 401 || status == 403) return "ask the engine's administrator for the permission";
  return "see the engine's log";
}

}  // namespace

Engine Engine::Connect() { return Connect(FindEngine()); }

Engine Engine::Connect(const EngineAddress& address) {
  return Engine(MakeCurlTransport(address), address);
}

Engine::Engine(std::unique_ptr<Transport> transport, EngineAddress address,
               const EnvironmentLookup& environment)
    : transport_(std::move(transport)), address_(std::move(address)) {
  Negotiate(environment);
}

void Engine::Negotiate(const EnvironmentLookup& environment) {
  Request request;
  request.target = "/version";
  request.timeout = std::chrono::seconds(10);
  std::string name, newest_text, oldest_text;
  const std::string doing = "ask for the engine's version";
  Ask(request, doing, [&](const nlohmann::json& version) {
    name = version.value("Version", "unknown");
    newest_text = version.at("ApiVersion").get<std::string>();
    oldest_text = version.value("MinAPIVersion", newest_text);
  });
  const std::optional<ApiVersion> newest = ParseVersion(newest_text);
  const std::optional<ApiVersion> oldest = ParseVersion(oldest_text);
  if (!newest || !oldest) {
    throw EngineError(400,
                      "the engine names the API versions " + oldest_text + " to " + newest_text,
                      "check that nothing but an engine answers at " + address_.url);
  }
  const std::string ranges = "this program speaks API " + Text(kOldest) + " to " + Text(kNewest) +
                             ", the engine at " + address_.url + " (" + name + ") speaks " +
                             oldest_text + " to " + newest_text;
  ApiVersion chosen = std::min(kNewest, *newest);
  if (const auto wanted = environment("DOCKER_API_VERSION"); wanted && !wanted->empty()) {
    const std::optional<ApiVersion> parsed = ParseVersion(*wanted);
    if (!parsed || *parsed < std::max(kOldest, *oldest) || *parsed > chosen) {
      throw UsageError("DOCKER_API_VERSION is '" + *wanted + "', but " + ranges,
                       "set it to a version both speak, or unset it");
    }
    chosen = *parsed;
  }
  if (chosen < kOldest) {
    throw EngineError(400, ranges, "install a newer engine (20.10 or later)");
  }
  if (chosen < *oldest) throw EngineError(400, ranges, "install an older engine");
  api_version_ = Text(chosen);
}

Response Engine::Call(Request request, const std::string& doing) const {
  if (!api_version_.empty()) request.target = "/v" + api_version_ + request.target;
  Response response = transport_->Send(request);
  // 304: it already is as asked for.
  if (response.status / 100 == 2 || response.status == 304) return response;
  ThrowRefusal(response, doing);
}

void Engine::Ask(Request request, const std::string& doing,
                 const std::function<void(const nlohmann::json&)>& read) const {
  ReadJson(Call(std::move(request), doing).body, doing, read);
}

void Engine::Stream(Request request, const std::string& doing, const BodySink& sink,
                    std::stop_token stop) const {
  request.target = "/v" + api_version_ + request.target;
  const Response response = transport_->Stream(request, sink, std::move(stop));
  // Status 0: stopped before the engine had answered.
  if (response.status / 100 != 2 && response.status != 0) ThrowRefusal(response, doing);
}

void Engine::CallUnless(const std::string& as_wanted, Request request,
                        const std::string& doing) const {
  try {
    Call(std::move(request), doing);
  } catch (const EngineError& error) {
    if (!Mentions(error.what(), as_wanted)) throw;
  }
}

void Engine::ThrowRefusal(const Response& response, const std::string& doing) const {
  const std::string message = MessageOf(response);
  throw EngineError(response.status,
                    "the engine refused to " + doing + ": " + message + " (HTTP " +
                        std::to_string(response.status) + ")",
                    RemedyFor(response.status, message));
}

EngineInfo Engine::Info() const {
  const std::string doing = "describe itself";
  Request request;
  request.target = "/info";
  EngineInfo info;
  Ask(request, doing, [&](const nlohmann::json& object) { info = DecodeInfo(object); });
  return info;
}

}  // namespace proving_ground
