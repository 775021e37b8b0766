#include "support/faults/reaper_settings.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "support/base/files.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr unsigned kOwnerOnly = 0600;
constexpr char kFilesLabel[] = "com.docker.compose.project.config_files";
constexpr char kFolderLabel[] = "com.docker.compose.project.working_dir";

std::filesystem::path Beside(const std::filesystem::path& journal, const char* suffix) {
  return journal.string() + suffix;
}

std::vector<std::filesystem::path> Split(const std::string& text) {
  std::vector<std::filesystem::path> files;
  std::istringstream stream(text);
  for (std::string file; std::getline(stream, file, ',');) files.emplace_back(file);
  return files;
}

json OperatorDocument(const RedisOperator& redis) {
  return json{{"service", redis.service},
              {"port", redis.port},
              {"user", redis.user},
              {"password_file", redis.password_file.string()}};
}

RedisOperator OperatorIn(const json& document) {
  return {document.at("service").get<std::string>(), document.at("port").get<int>(),
          document.at("user").get<std::string>(), document.at("password_file").get<std::string>()};
}

ReaperSettings Decode(const json& document) {
  ReaperSettings settings;
  settings.journal = document.at("journal").get<std::string>();
  for (const json& file : document.at("files")) {
    settings.compose.files.emplace_back(file.get<std::string>());
  }
  settings.compose.folder = document.at("folder").get<std::string>();
  document.at("project").get_to(settings.compose.project);
  document.at("docker_host").get_to(settings.compose.docker_host);
  document.at("compose_command").get_to(settings.compose.command);
  document.at("compose_version").get_to(settings.compose.version);
  if (document.contains("redis_operator")) {
    settings.redis_operator = OperatorIn(document.at("redis_operator"));
  }
  return settings;
}

}  // namespace

std::filesystem::path ReaperSettingsPath(const std::filesystem::path& journal) {
  return Beside(journal, ".reaper.json");
}
std::filesystem::path ReaperLogPath(const std::filesystem::path& journal) {
  return Beside(journal, ".reaper.log");
}

ReaperSettings ReaperSettingsFor(const FaultContext& context,
                                 const std::filesystem::path& journal) {
  const auto containers = context.stack.Containers("");
  if (containers.empty()) {
    throw EnvironmentError("the stack " + context.stack.project() + " has no containers",
                           "bring it up");
  }
  const Container& any = containers.front();
  const Labels labels = context.stack.EngineOf(any).InspectContainer(any.id).labels;
  const auto label = [&](const char* name) {
    const auto found = labels.find(name);
    return found == labels.end() ? std::string() : found->second;
  };
  ReaperSettings settings;
  settings.journal = journal;
  settings.compose.project = context.stack.project();
  settings.compose.files = Split(label(kFilesLabel));
  settings.compose.folder = label(kFolderLabel);
  settings.compose.docker_host = context.engine.address().url;
  settings.compose.command = context.compose.command();
  settings.compose.version = context.compose.version();
  settings.redis_operator = context.redis_operator;
  if (settings.redis_operator) {
    settings.redis_operator->password_file =
        std::filesystem::absolute(settings.redis_operator->password_file);
  }
  return settings;
}

void WriteReaperSettings(const ReaperSettings& settings) {
  json files = json::array();
  for (const auto& file : settings.compose.files) files.push_back(file.string());
  json document = {{"journal", settings.journal.string()},
                   {"project", settings.compose.project},
                   {"files", files},
                   {"folder", settings.compose.folder.string()},
                   {"docker_host", settings.compose.docker_host},
                   {"compose_command", settings.compose.command},
                   {"compose_version", settings.compose.version}};
  if (settings.redis_operator) {
    document["redis_operator"] = OperatorDocument(*settings.redis_operator);
  }
  WriteFileAtomically(ReaperSettingsPath(settings.journal), document.dump(2) + "\n", kOwnerOnly);
}

ReaperSettings ReadReaperSettings(const std::filesystem::path& file) {
  try {
    return Decode(json::parse(ReadFile(file)));
  } catch (const json::exception& error) {
    throw EnvironmentError(file.string() + " cannot be read: " + error.what(),
                           "remove it and start the run again");
  }
}

}  // namespace proving_ground
