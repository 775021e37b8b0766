#include "support/audit/collect.h"

#include <fmt/format.h>

#include <optional>
#include <sstream>

#include "support/audit/live_texts.h"
#include "support/audit/rules/json_view.h"
#include "support/base/errors.h"
#include "support/faults/helper_container.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;
using std::chrono::seconds;

// Reading takes a millisecond a container; starting a helper a second on a busy engine.
constexpr auto kHelperTime = seconds(30);
// A single argument of a program may have 128 KiB; a target has some 72 bytes.
constexpr std::size_t kTargetsPerArgument = 200;

std::vector<LiveTarget> RunningTargets(const AuditInput& input) {
  std::vector<LiveTarget> targets;
  if (!input.inspected) return targets;
  for (const json& container : input.inspected->containers) {
    const auto pid = Integer(Path(container, {"State", "Pid"}));
    if (pid && *pid > 0) targets.push_back({Text(Member(container, "Id")), *pid});
  }
  return targets;
}

// The namespaces of other accounts' processes are what an ordinary user cannot read.
bool IsComplete(const LiveReading& reading) {
  return reading.refused.empty() && reading.texts.contains("status") &&
         reading.texts.contains("ns/pid");
}

std::map<std::string, std::uint64_t> Namespaces(const LiveTruthTexts& texts) {
  return ParseLiveTruth(texts).namespaces;
}

LiveTruthTexts ReadTexts(const json& object) {
  LiveTruthTexts texts;
  for (const auto& [name, text] : object.items()) texts[name] = Text(&text);
  return texts;
}

HelperOptions LiveHelper(const std::string& project, const std::vector<LiveTarget>& targets) {
  HelperOptions options = {.project = project, .name = UniqueHelperName(project, "live")};
  options.host_processes = true;
  options.capability = "SYS_PTRACE";  // to read namespaces of processes of other accounts
  options.command = {"fault-helper", "live"};
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::string target = fmt::format("{}:{}", targets[i].container, targets[i].pid);
    if (i % kTargetsPerArgument == 0) {
      options.command.push_back("--target=" + target);
    } else {
      options.command.back() += "," + target;
    }
  }
  return options;
}

// Of "id=7 addr=172.18.0.3:40122 … user=sales …", the part after "<name>=".
std::string FieldOf(const std::string& line, const std::string& name) {
  const std::size_t at = (" " + line).find(" " + name + "=");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 1;
  return line.substr(begin, line.find_first_of(" \r\n", begin) - begin);
}

std::vector<RedisConnection> ConnectionsTo(RedisClient& redis) {
  const std::string own = std::to_string(redis.Command({"CLIENT", "ID"}).integer);
  std::istringstream lines(redis.Command({"CLIENT", "LIST"}).text);
  std::vector<RedisConnection> connections;
  for (std::string line; std::getline(lines, line);) {
    const std::string address = FieldOf(line, "addr");
    if (FieldOf(line, "id") == own || address.empty()) continue;
    connections.push_back({address.substr(0, address.rfind(':')), FieldOf(line, "user")});
  }
  return connections;
}

}  // namespace

json EngineSource::Info() { return engine_.Describe(ObjectKind::kEngine); }

std::vector<std::string> EngineSource::Containers(const std::string& project) {
  std::vector<std::string> ids;
  for (const ContainerSummary& container :
       engine_.ListContainers({{"com.docker.compose.project", project}})) {
    ids.push_back(container.id);
  }
  return ids;
}

json EngineSource::Container(const std::string& id) {
  return engine_.Describe(ObjectKind::kContainer, id);
}
json EngineSource::Network(const std::string& id) {
  return engine_.Describe(ObjectKind::kNetwork, id);
}
json EngineSource::Volume(const std::string& name) {
  return engine_.Describe(ObjectKind::kVolume, name);
}
json EngineSource::Image(const std::string& name) {
  return engine_.Describe(ObjectKind::kImage, name);
}
json EngineSource::ImageHistory(const std::string& name) {
  return engine_.Describe(ObjectKind::kImageHistory, name);
}

bool ReadLiveHere(const std::filesystem::path& proc, AuditInput& input) {
  std::optional<LiveTarget> proven;
  for (const LiveTarget& target : RunningTargets(input)) {
    const LiveReading reading = ReadLiveTexts(proc, target);
    if (!reading.refused.empty()) continue;  // gone since, or not this machine's
    if (!IsComplete(reading)) return false;
    proven = target;
    input.live[target.container] = ParseLiveTruth(reading.texts);
  }
  if (proven) input.host_namespaces = Namespaces(ReadHostNamespaces(proc, *proven));
  return proven.has_value();
}

void ReadLiveInHelper(const Engine& engine, AuditInput& input) {
  const std::vector<LiveTarget> targets = RunningTargets(input);
  if (targets.empty()) return;
  HelperContainer helper(engine, LiveHelper(input.contract.project, targets));
  helper.AwaitLine("what the kernel says about the containers", Within(kHelperTime),
                   [](std::string_view line) { return line.starts_with("{\"host\""); });
  for (const std::string& line : helper.Lines()) {
    const json told = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (const json* texts = Member(told, "texts"); IsObject(texts)) {
      input.live[Text(Member(told, "container"))] = ParseLiveTruth(ReadTexts(*texts));
    } else if (const json* host = Member(told, "host"); IsObject(host)) {
      input.host_namespaces = Namespaces(ReadTexts(*host));
    }
  }
}

LiveSource CollectLive(const Engine& engine, AuditInput& input, const std::filesystem::path& proc) {
  if (ReadLiveHere(proc, input)) return LiveSource::kThisMachine;
  input.live.clear();
  try {
    ReadLiveInHelper(engine, input);
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    input.unavailable.push_back({"the kernel's view of the containers", error.what()});
  }
  return input.live.empty() ? LiveSource::kNone : LiveSource::kHelper;
}

void CollectRedis(RedisClient& redis, AuditInput& input) {
  try {
    RedisInForce in_force;
    for (const std::string& name : WatchedRedisSettings()) {
      const RedisReply reply = redis.Command({"CONFIG", "GET", name});
      if (reply.elements.size() == 2) in_force.settings[name] = reply.elements[1].text;
    }
    for (const RedisReply& line : redis.Command({"ACL", "LIST"}).elements) {
      in_force.accounts.push_back(line.text);
    }
    in_force.connections = ConnectionsTo(redis);
    input.redis_in_force = std::move(in_force);
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    input.redis_unread = error.what();
  }
}

}  // namespace proving_ground::audit
