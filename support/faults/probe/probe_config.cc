#include "support/faults/probe/probe_config.h"

#include <charconv>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// No message of this library: they quote the document, and that holds the token.
UsageError Malformed(const std::string& what) {
  return UsageError("the probe's configuration is wrong: " + what, "write it with ToJson");
}

std::string Text(const json& document, const char* name) {
  const auto found = document.find(name);
  if (found == document.end() || !found->is_string())
    throw Malformed(std::string(name) + " is no text");
  return found->get<std::string>();
}

milliseconds Duration(const json& document, const char* name) {
  const auto found = document.find(name);
  if (found == document.end() || !found->is_number_integer() || found->get<std::int64_t>() < 1) {
    throw Malformed(std::string(name) + " is no positive number of milliseconds");
  }
  return milliseconds(found->get<std::int64_t>());
}

std::string ToText(const ServiceAddress& address) {
  return address.host + ":" + std::to_string(address.port);
}

}  // namespace

ServiceAddress ParseServiceAddress(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  ServiceAddress address;
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, address.port);
    if (error == std::errc() && stop == end && address.port > 0 && address.port < 65'536) {
      address.host = text.substr(0, colon);
    }
  }
  if (address.host.empty() || address.host.find_first_of("/@ ") != std::string::npos) {
    throw UsageError("'" + text + "' is no host and port", "write it as coordinator:8080");
  }
  return address;
}

json ToJson(const ProbeConfig& config) {
  json document = {{"coordinator", ToText(config.coordinator)},
                   {"id_prefix", config.id_prefix},
                   {"steps", config.steps},
                   {"every_ms", config.every.count()},
                   {"patience_ms", config.patience.count()},
                   {"drain_ms", config.drain.count()},
                   {"longest_life_ms", config.longest_life.count()}};
  if (config.writes) {
    document["writes"] = {{"gateway", ToText(config.writes->gateway)},
                          {"path", config.writes->path},
                          {"token", config.writes->token},
                          {"every_ms", config.writes->every.count()}};
  }
  return document;
}

ProbeConfig ProbeConfigFromJson(const json& document) {
  if (!document.is_object()) throw Malformed("it is no object");
  ProbeConfig config;
  config.coordinator = ParseServiceAddress(Text(document, "coordinator"));
  config.id_prefix = Text(document, "id_prefix");
  config.steps = document.value("steps", json::array());
  config.every = Duration(document, "every_ms");
  config.patience = Duration(document, "patience_ms");
  config.drain = Duration(document, "drain_ms");
  config.longest_life = Duration(document, "longest_life_ms");
  if (const auto writes = document.find("writes"); writes != document.end()) {
    if (!writes->is_object()) throw Malformed("writes is no object");
    config.writes =
        ProbeWrites{ParseServiceAddress(Text(*writes, "gateway")), Text(*writes, "path"),
                    Text(*writes, "token"), Duration(*writes, "every_ms")};
  }
  return config;
}

}  // namespace proving_ground
