#include "support/audit/sweep/engine_view.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "support/engine/calls.h"
#include "support/engine/curl_transport.h"

namespace proving_ground {

EngineView::EngineView(const Engine& engine)
    : EngineView(MakeCurlTransport(engine.address()), engine.api_version()) {}

EngineView::EngineView(std::unique_ptr<Transport> transport, std::string api_version)
    : transport_(std::move(transport)), prefix_("/v" + api_version) {}

nlohmann::json EngineView::Container(const std::string& id) const {
  return Ask("/containers/" + UrlEncoded(id) + "/json");
}
nlohmann::json EngineView::Image(const std::string& id) const {
  return Ask("/images/" + UrlEncoded(id) + "/json");
}
nlohmann::json EngineView::History(const std::string& image) const {
  return Ask("/images/" + UrlEncoded(image) + "/history");
}

void EngineView::Export(const std::string& image, const BodySink& sink,
                        std::chrono::milliseconds timeout) const {
  const std::string path = "/images/" + UrlEncoded(image) + "/get";
  const Response response =
      transport_->Stream({.target = prefix_ + path, .timeout = timeout}, sink, {});
  if (response.status / 100 != 2) ThrowRefused(path, response);
}

nlohmann::json EngineView::Ask(const std::string& path) const {
  const Response response = transport_->Send({.target = prefix_ + path});
  if (response.status / 100 != 2) ThrowRefused(path, response);
  nlohmann::json answer;
  ReadJson(response.body, "read " + path, [&](const nlohmann::json& json) { answer = json; });
  return answer;
}

void EngineView::ThrowRefused(const std::string& path, const Response& response) {
  throw EngineError(response.status,
                    fmt::format("the engine refused {} (HTTP {})", path, response.status),
                    "if it was removed meanwhile, look it up again; else see the engine's log");
}

}  // namespace proving_ground
