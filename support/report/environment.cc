#include "support/report/events.h"
#include "support/report/results.h"

namespace proving_ground {
namespace {

using nlohmann::json;

std::map<std::string, std::string> ServicesOf(const json& facts) {
  std::map<std::string, std::string> services;
  for (const std::string& service : TextsOf(facts, "services")) services[service] = "";
  const auto teams = facts.find("service_teams");
  if (teams == facts.end() || !teams->is_object()) return services;
  for (const auto& [service, team] : teams->items()) {
    if (team.is_string()) services[service] = team.get<std::string>();
  }
  return services;
}

}  // namespace

RunEnvironment ReadEnvironment(const json& facts) {
  RunEnvironment environment;
  environment.project = TextOf(facts, "project");
  environment.profile = TextOf(facts, "profile");
  environment.teams = TextsOf(facts, "teams");
  environment.services = ServicesOf(facts);
  environment.engine_version = TextOf(facts, "engine");
  environment.compose_version = TextOf(facts, "compose");
  environment.operating_system = TextOf(facts, "operating_system");
  environment.kernel = TextOf(facts, "kernel");
  environment.host = TextOf(facts, "host");
  environment.cores = static_cast<int>(CountOf(facts, "cores"));
  environment.memory_bytes = CountOf(facts, "memory_bytes");
  environment.harness_version = TextOf(facts, "harness_version");
  environment.commit = TextOf(facts, "commit");
  environment.compose_files = TextsOf(facts, "compose_files");
  environment.compose_hash = TextOf(facts, "compose_hash");
  for (const json& image : ListOf(facts, "images")) {
    environment.images.push_back(
        {TextOf(image, "service"), TextOf(image, "image"), TextOf(image, "digest")});
  }
  const auto seed = facts.find("seed");
  if (seed != facts.end() && seed->is_number_unsigned()) {
    environment.seed = seed->get<std::uint64_t>();
  }
  return environment;
}

}  // namespace proving_ground
