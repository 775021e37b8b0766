#include "support/compose/compose_stack.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <tuple>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/compose/start_up.h"

namespace proving_ground {
namespace {

// A network can stay busy for a moment after its last container is gone.
constexpr int kRemovalPasses = 3;
constexpr std::chrono::seconds kRemovalPause{1};

Container ToContainer(const ContainerSummary& summary) {
  const auto label = [&](const char* name) {
    const auto found = summary.labels.find(name);
    return found == summary.labels.end() ? std::string() : found->second;
  };
  return {.id = summary.id,
          .name = summary.name,
          .service = label(kServiceLabel),
          .number = std::atoi(label(kNumberLabel).c_str()),
          .state = summary.state,
          .health = summary.health};
}

void AppendAll(std::string& text, const char* kind, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + std::string(kind) + " " + name;
  }
}

// Runs one removal and keeps what the engine says against it.
template <typename Removal>
void Try(Residue& residue, Removal removal) {
  try {
    removal();
  } catch (const EngineError& error) {
    residue.reasons.emplace_back(error.what());
  }
}

}  // namespace

std::string ResidueText(const Residue& residue) {
  std::string text;
  AppendAll(text, "container", residue.containers);
  AppendAll(text, "network", residue.networks);
  AppendAll(text, "volume", residue.volumes);
  if (text.empty()) return "nothing";
  std::string reasons;
  for (const std::string& reason : residue.reasons) {
    reasons += (reasons.empty() ? " (" : "; ") + reason;
  }
  return reasons.empty() ? text : text + reasons + ")";
}

ComposeStack::ComposeStack(const Compose& compose, const Engine& engine)
    : compose_(compose), engine_(engine) {}

void ComposeStack::Up(const UpOptions& options, Deadline deadline) {
  try {
    compose_.Up(options, deadline);
  } catch (const EnvironmentError& error) {
    const std::string failed = DescribeFailed(engine_, project());
    if (failed.empty()) throw;
    throw EnvironmentError(error.what(), failed);
  }
  AwaitUp(deadline);
}

void ComposeStack::AwaitUp(Deadline deadline) { AwaitContainersUp(engine_, project(), deadline); }

Residue ComposeStack::Down(const DownOptions& options, Deadline deadline) {
  std::vector<std::string> reasons;
  try {
    compose_.Down(options, deadline);
  } catch (const EnvironmentError& error) {
    reasons.emplace_back(error.what());  // what it left behind is removed below
  }
  Residue left;
  for (int pass = 1;; ++pass) {
    left = FindResidue();
    if (!options.volumes) left.volumes.clear();  // they are meant to stay
    left.reasons = reasons;
    if (left.empty() || pass > kRemovalPasses) return left;
    if (pass > 1 && !PauseUntil(Clock::now() + kRemovalPause)) return left;
    Residue attempted;
    Sweep(options.volumes, attempted);
    reasons = std::move(attempted.reasons);
  }
}

void ComposeStack::Sweep(bool volumes, Residue& attempted) const {
  const Labels ours = {{kProjectLabel, project()}};
  for (const ContainerSummary& container : engine_.ListContainers(ours)) {
    Try(attempted,
        [&] { engine_.Remove(container.id, {.force = true, .anonymous_volumes = true}); });
  }
  for (const Network& network : engine_.ListNetworks(ours)) {
    Try(attempted, [&] {
      for (const NetworkMember& member : engine_.InspectNetwork(network.id).members) {
        // By name: when a container is gone, only the endpoint that bears its name is left.
        engine_.DisconnectNetwork(network.id, member.container_name, /*force=*/true);
      }
      engine_.RemoveNetwork(network.id);
    });
  }
  if (!volumes) return;
  for (const Volume& volume : engine_.ListVolumes(ours)) {
    Try(attempted, [&] { engine_.RemoveVolume(volume.name); });
  }
}

std::vector<Container> ComposeStack::Containers(const std::string& service) const {
  Labels labels = {{kProjectLabel, project()}, {kOneOffLabel, "False"}};
  if (!service.empty()) labels[kServiceLabel] = service;
  std::vector<Container> containers;
  for (const ContainerSummary& summary : engine_.ListContainers(labels)) {
    containers.push_back(ToContainer(summary));
  }
  std::sort(containers.begin(), containers.end(), [](const Container& a, const Container& b) {
    return std::tie(a.service, a.number) < std::tie(b.service, b.number);
  });
  return containers;
}

Endpoint ComposeStack::Published(const Container& container, int container_port) const {
  for (const PublishedPort& port : engine_.InspectContainer(container.id).ports) {
    const bool any_address = port.host_address.empty() || port.host_address == "0.0.0.0";
    const bool loopback = port.host_address.starts_with("127.");
    // An IPv6 binding may have another port number, so it is never mixed with the IPv4 one.
    if (port.host_address.find(':') != std::string::npos) continue;
    if (port.container_port != container_port || port.protocol != "tcp") continue;
    return {.host = any_address || loopback ? engine_.address().host : port.host_address,
            .port = port.host_port};
  }
  throw EnvironmentError("container " + container.name + " publishes no port " +
                             std::to_string(container_port) + " at present",
                         "check that it is running, and that a compose file has ports: "
                         "[\"127.0.0.1::" +
                             std::to_string(container_port) + "\"] for " + container.service);
}

const Engine& ComposeStack::EngineOf(const Container& /*container*/) const { return engine_; }

int ComposeStack::CaptureLogs(const std::filesystem::path& folder) const {
  MakeFolder(folder);
  int written = 0;
  for (const ContainerSummary& container : engine_.ListContainers({{kProjectLabel, project()}})) {
    const std::filesystem::path path = folder / (container.name + ".log");
    std::ofstream file(path, std::ios::binary);
    try {
      engine_.ReadLogs(container.id, {.timestamps = true},
                       [&](OutputStream, std::string_view data) { file << data; });
    } catch (const EngineError& error) {
      // Gone meanwhile, or a log driver that cannot be read: no reason to lose the other logs.
      file << error.what() << "\n";
    }
    file.close();
    if (!file) throw SystemError("writing " + path.string(), errno);
    ++written;
  }
  return written;
}

Residue ComposeStack::FindResidue() const {
  const Labels ours = {{kProjectLabel, project()}};
  Residue residue;
  for (const ContainerSummary& container : engine_.ListContainers(ours)) {
    residue.containers.push_back(container.name);
  }
  for (const Network& network : engine_.ListNetworks(ours)) {
    residue.networks.push_back(network.name);
  }
  for (const Volume& volume : engine_.ListVolumes(ours)) residue.volumes.push_back(volume.name);
  return residue;
}

}  // namespace proving_ground
