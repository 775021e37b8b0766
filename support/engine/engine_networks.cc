// Engine: networks and volumes.
#include <nlohmann/json.hpp>

#include "support/engine/calls.h"
#include "support/engine/decode.h"
#include "support/engine/engine.h"

namespace proving_ground {
namespace {

std::string Path(const std::string& network) { return "/networks/" + UrlEncoded(network); }

Request Delete(const std::string& target) {
  Request request;
  request.method = "DELETE";
  request.target = target;
  return request;
}

Request PostJson(const std::string& target, const nlohmann::json& body) {
  Request request;
  request.method = "POST";
  request.target = target;
  request.body = body.dump();
  return request;
}

}  // namespace

std::vector<Network> Engine::ListNetworks(const Labels& labels) const {
  Request request;
  request.target = "/networks?filters=" + LabelFilter(labels);
  std::vector<Network> networks;
  Ask(request, "list networks", [&](const nlohmann::json& rows) {
    for (const nlohmann::json& row : rows) networks.push_back(DecodeNetwork(row));
  });
  return networks;
}

Network Engine::InspectNetwork(const std::string& id) const {
  Request request;
  request.target = Path(id);
  Network network;
  Ask(request, "inspect network " + ShortId(id),
      [&](const nlohmann::json& object) { network = DecodeNetwork(object); });
  return network;
}

void Engine::ConnectNetwork(const std::string& network, const std::string& container,
                            const NetworkAttachment& attachment) const {
  const nlohmann::json body = {{"Container", container},
                               {"EndpointConfig", EncodeAttachment(attachment)}};
  Call(PostJson(Path(network) + "/connect", body),
       "connect container " + ShortId(container) + " to network " + ShortId(network));
}

void Engine::DisconnectNetwork(const std::string& network, const std::string& container,
                               bool force) const {
  const nlohmann::json body = {{"Container", container}, {"Force", force}};
  CallUnless("is not connected to", PostJson(Path(network) + "/disconnect", body),
             "disconnect container " + ShortId(container) + " from network " + ShortId(network));
}

void Engine::RemoveNetwork(const std::string& id) const {
  try {
    Call(Delete(Path(id)), "remove network " + ShortId(id));
  } catch (const EngineError& error) {
    if (error.status() != 404) throw;  // gone is what was wanted
  }
}

std::vector<Volume> Engine::ListVolumes(const Labels& labels) const {
  Request request;
  request.target = "/volumes?filters=" + LabelFilter(labels);
  std::vector<Volume> volumes;
  Ask(request, "list volumes", [&](const nlohmann::json& answer) {
    const nlohmann::json rows = answer.value("Volumes", nlohmann::json());
    for (const nlohmann::json& row : rows) volumes.push_back(DecodeVolume(row));
  });
  return volumes;
}

void Engine::RemoveVolume(const std::string& name) const {
  try {
    Call(Delete("/volumes/" + UrlEncoded(name)), "remove volume " + name);
  } catch (const EngineError& error) {
    if (error.status() != 404) throw;  // gone is what was wanted
  }
}

}  // namespace proving_ground
