#include "support/faults/undo.h"

#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;

// One overload for each kind of step.
template <typename... Overloads>
struct Visitor : Overloads... {
  using Overloads::operator()...;
};
template <typename... Overloads>
Visitor(Overloads...) -> Visitor<Overloads...>;

json Document(const char* kind) { return json{{"step", kind}}; }

json WithTarget(const char* kind, const TargetContainer& target) {
  json document = Document(kind);
  document["service"] = target.service;
  document["number"] = target.number;
  return document;
}

TargetContainer TargetIn(const json& document) {
  return {document.at("service").get<std::string>(), document.at("number").get<int>()};
}

json AttachmentDocument(const NetworkAttachment& attachment) {
  return json{{"network_id", attachment.network_id},
              {"address", attachment.address},
              {"aliases", attachment.aliases},
              {"static_address", attachment.static_address},
              {"links", attachment.links},
              {"driver_options", attachment.driver_options},
              {"gateway_priority", attachment.gateway_priority}};
}

NetworkAttachment AttachmentIn(const json& document) {
  NetworkAttachment attachment;
  document.at("network_id").get_to(attachment.network_id);
  document.at("address").get_to(attachment.address);
  document.at("aliases").get_to(attachment.aliases);
  document.at("static_address").get_to(attachment.static_address);
  document.at("links").get_to(attachment.links);
  document.at("driver_options").get_to(attachment.driver_options);
  document.at("gateway_priority").get_to(attachment.gateway_priority);
  return attachment;
}

UndoStep Decode(const json& document) {
  const auto kind = document.at("step").get<std::string>();
  if (kind == "start") return StartContainer{TargetIn(document)};
  if (kind == "unpause") return UnpauseContainer{TargetIn(document)};
  if (kind == "connect") {
    return ConnectNetwork{TargetIn(document), document.at("network").get<std::string>(),
                          AttachmentIn(document.at("attachment"))};
  }
  if (kind == "remove_helper") return RemoveHelper{document.at("name").get<std::string>()};
  if (kind == "redis") {
    return RedisCommands{document.at("commands").get<std::vector<std::vector<std::string>>>()};
  }
  if (kind == "compose_up") {
    return ComposeUp{document.at("services").get<std::vector<std::string>>(),
                     document.at("scale").get<std::map<std::string, int>>()};
  }
  if (kind == "restore_file") {
    return RestoreFile{document.at("path").get<std::string>(),
                       document.at("backup").get<std::string>()};
  }
  throw UsageError("there is no undo step of kind '" + kind + "'",
                   "use the version of the harness that wrote it");
}

std::string Joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

}  // namespace

std::string Describe(const TargetContainer& target) {
  return target.number == 1 ? target.service : target.service + "-" + std::to_string(target.number);
}

json ToJson(const UndoStep& step) {
  return std::visit(
      Visitor{
          [](const StartContainer& start) { return WithTarget("start", start.target); },
          [](const UnpauseContainer& unpause) { return WithTarget("unpause", unpause.target); },
          [](const ConnectNetwork& connect) {
            json document = WithTarget("connect", connect.target);
            document["network"] = connect.network;
            document["attachment"] = AttachmentDocument(connect.attachment);
            return document;
          },
          [](const RemoveHelper& remove) {
            json document = Document("remove_helper");
            document["name"] = remove.name;
            return document;
          },
          [](const RedisCommands& redis) {
            json document = Document("redis");
            document["commands"] = redis.commands;
            return document;
          },
          [](const ComposeUp& up) {
            json document = Document("compose_up");
            document["services"] = up.services;
            document["scale"] = up.scale;
            return document;
          },
          [](const RestoreFile& restore) {
            json document = Document("restore_file");
            document["path"] = restore.path.string();
            document["backup"] = restore.backup.string();
            return document;
          },
      },
      step);
}

UndoStep UndoStepFromJson(const json& document) {
  try {
    return Decode(document);
  } catch (const json::exception& error) {
    throw UsageError("an undo step cannot be read: " + std::string(error.what()),
                     "use the version of the harness that wrote it");
  }
}

std::string Describe(const UndoStep& step) {
  return std::visit(
      Visitor{
          [](const StartContainer& start) { return "start " + Describe(start.target); },
          [](const UnpauseContainer& unpause) { return "unpause " + Describe(unpause.target); },
          [](const ConnectNetwork& connect) {
            return "connect " + Describe(connect.target) + " to network " + connect.network;
          },
          [](const RemoveHelper& remove) { return "remove helper " + remove.name; },
          [](const RedisCommands& redis) {
            std::string text;
            for (const auto& command : redis.commands) {
              text += (text.empty() ? "tell Redis " : ", ") + Joined(command, " ");
            }
            return text;
          },
          [](const ComposeUp& up) {
            return "bring up " + (up.services.empty() ? "all services" : Joined(up.services, ", "));
          },
          [](const RestoreFile& restore) { return "restore " + restore.path.string(); },
      },
      step);
}

}  // namespace proving_ground
