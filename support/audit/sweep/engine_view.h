// What the engine shows of containers and images to everybody who may ask it, as the JSON of its
// API, and images as archives.
#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "support/engine/engine.h"
#include "support/engine/transport.h"

namespace proving_ground {

// Members throw EngineError when the engine refuses, TransportError when it cannot be reached.
class EngineView {
 public:
  // Asks the engine that `engine` is connected to, over a connection of its own.
  explicit EngineView(const Engine& engine);
  EngineView(std::unique_ptr<Transport> transport, std::string api_version);

  // GET /containers/{id}/json. Secret: it holds the environment.
  nlohmann::json Container(const std::string& id) const;
  // GET /images/{id}/json and /images/{id}/history.
  nlohmann::json Image(const std::string& id) const;
  nlohmann::json History(const std::string& image) const;
  // Hands the image as `docker save` writes it to `sink`, as it comes.
  void Export(const std::string& image, const BodySink& sink,
              std::chrono::milliseconds timeout) const;

 private:
  nlohmann::json Ask(const std::string& path) const;
  [[noreturn]] static void ThrowRefused(const std::string& path, const Response& response);

  std::unique_ptr<Transport> transport_;
  std::string prefix_;
};

}  // namespace proving_ground
