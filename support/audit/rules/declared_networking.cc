#include "support/audit/rules/declared_parts.h"
#include "support/audit/rules/json_view.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;

// "127.0.0.1:8080:80/tcp", "[::1]:8080-8081:80-81", "80".
std::optional<Port> ShortPort(std::string text) {
  Port port;
  if (const std::size_t slash = text.find('/'); slash != std::string::npos) {
    port.protocol = Lower(text.substr(slash + 1));
    text.resize(slash);
  }
  const std::size_t last = text.rfind(':');
  const auto container = ParsePorts(last == std::string::npos ? text : text.substr(last + 1));
  if (!container) return std::nullopt;
  port.container = *container;
  if (last == std::string::npos) return port;
  text.resize(last);
  const std::size_t before = text.rfind(':');
  const std::string host = before == std::string::npos ? text : text.substr(before + 1);
  if (before != std::string::npos) port.host_address = text.substr(0, before);
  if (host.empty()) return port;
  const auto range = ParsePorts(host);
  if (!range) return std::nullopt;
  port.host = *range;
  return port;
}

std::optional<Port> LongPort(const json& value) {
  Port port;
  const auto container = ParsePorts(Text(Member(value, "target")));
  const std::string published = Text(Member(value, "published"));
  const auto host = published.empty() ? PortRange{} : ParsePorts(published);
  if (!container || !host) return std::nullopt;
  port.container = *container;
  port.host = *host;
  port.host_address = Text(Member(value, "host_ip"));
  if (const json* protocol = Member(value, "protocol")) port.protocol = Lower(Text(protocol));
  return port;
}

std::vector<Port> ReadPorts(const SettingReader& reader) {
  std::vector<Port> ports;
  for (auto& [value, field] : reader.Elements("ports")) {
    auto port = value.is_object() ? LongPort(value) : ShortPort(Text(&value));
    if (!port) {
      reader.Unreadable(field, "a port");
      continue;
    }
    port->field = std::move(field);
    ports.push_back(std::move(*port));
  }
  return ports;
}

// Real name of a network: the model's, or the one Compose would give.
std::string NetworkName(const json& model, const std::string& key) {
  const json* networks = Member(model, "networks");
  const json* network = networks == nullptr ? nullptr : Member(*networks, key.c_str());
  const std::string name = network == nullptr ? "" : Text(Member(*network, "name"));
  return name.empty() ? Text(Member(model, "name")) + "_" + key : name;
}

std::vector<NetworkUse> ReadNetworks(const json& model, const SettingReader& reader) {
  std::vector<NetworkUse> uses;
  const json* found = reader.Find("networks");
  if (IsObject(found)) {
    for (const auto& [key, value] : found->items()) {
      NetworkUse use{NetworkName(model, key), {}, "networks." + key};
      if (const json* aliases = Member(value, "aliases"); IsArray(aliases)) {
        for (const json& alias : *aliases) use.aliases.push_back(Text(&alias));
      }
      uses.push_back(std::move(use));
    }
  } else {
    for (const Item& item : reader.List("networks")) {
      uses.push_back({NetworkName(model, item.value), {}, item.field});
    }
  }
  if (uses.empty() && reader.Word("network_mode").empty()) {
    uses.push_back({NetworkName(model, "default"), {}, "networks"});
  }
  return uses;
}

}  // namespace

Networking DeclaredNetworking(const json& model, const SettingReader& reader) {
  Networking networking;
  networking.ports = ReadPorts(reader);
  for (const Item& item : reader.List("expose")) {
    const auto range = ParsePorts(item.value.substr(0, item.value.find('/')));
    if (range) networking.exposed.push_back(*range);
    if (!range) reader.Unreadable(item.field, "a port");
  }
  networking.networks = ReadNetworks(model, reader);
  networking.extra_hosts = reader.Named("extra_hosts", "=:");
  networking.resolvers = reader.List("dns");
  networking.links = reader.Named("links", ":");
  networking.external_links = reader.List("external_links");
  networking.kernel_parameters = reader.Named("sysctls", "=");
  networking.host_name = reader.Word("hostname");
  return networking;
}

}  // namespace proving_ground::audit
