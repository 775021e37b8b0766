// What the program `probe` is told: one JSON file, which holds a secret and is therefore put into
// the container rather than given on a command line.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace proving_ground {

// Where a service listens: "gateway:8080".
struct ServiceAddress {
  std::string host;
  int port = 0;
};

// Reads "host:port". Throws UsageError.
ServiceAddress ParseServiceAddress(const std::string& text);

struct ProbeWrites {
  ServiceAddress gateway;
  std::string path;   // "/mcp"
  std::string token;  // secret
  std::chrono::milliseconds every{0};
};

struct ProbeConfig {
  ServiceAddress coordinator;
  std::string id_prefix;
  nlohmann::json steps = nlohmann::json::array();  // of each task
  std::chrono::milliseconds every{0};
  std::chrono::milliseconds patience{0};  // longest wait for one answer
  std::chrono::milliseconds drain{0};     // longest wait, at the end, for accepted tasks to finish
  std::chrono::milliseconds longest_life{0};  // the program ends by then, whatever happens
  std::optional<ProbeWrites> writes;
};

nlohmann::json ToJson(const ProbeConfig& config);
// Throws UsageError for a document that is no configuration; never quotes the token.
ProbeConfig ProbeConfigFromJson(const nlohmann::json& document);

}  // namespace proving_ground
