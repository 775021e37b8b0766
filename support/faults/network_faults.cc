#include "support/faults/network_faults.h"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "support/faults/helper_container.h"
#include "support/faults/target.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

constexpr const char* kLongestLife = "--for=5m";
// A helper starts within half a second, and proves its effect within another; the rest is for a
// machine under load.
constexpr auto kProofTime = 20s;
// Where nobody listens (RFC 863). A refusal shows that the container is there.
constexpr const char* kDiscardPort = ":9";

// A line of a helper as JSON; anything else it may have written is an empty document.
nlohmann::json Parsed(std::string_view line) {
  nlohmann::json document = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  return document.is_object() ? document : nlohmann::json::object();
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

// The helper that a fault consists of, started by its injection.
class FaultHelper {
 public:
  FaultHelper(const Engine& engine, HelperOptions options)
      : engine_(engine), options_(std::move(options)) {
    options_.command.insert(options_.command.begin(), "fault-helper");
    options_.command.emplace_back(kLongestLife);
  }

  const std::string& name() const { return options_.name; }

  // Starts it and waits until it is ready. Throws EnvironmentError with its own words when it
  // cannot do what it should.
  nlohmann::json Start(HelperLine on_line = {}) {
    helper_.emplace(engine_, options_, std::move(on_line));
    const std::string line = helper_->AwaitLine(
        "the proof of " + options_.command.at(1), Within(kProofTime), [](std::string_view text) {
          const nlohmann::json document = Parsed(text);
          return document.contains("ready") || document.contains("error") ||
                 document.contains("unavailable");
        });
    nlohmann::json first = Parsed(line);
    if (first.contains("ready")) return first;
    const char* const key = first.contains("error") ? "error" : "unavailable";
    throw EnvironmentError("helper " + name() + ": " + first[key].get<std::string>(),
                           "see what it says");
  }

  // Whether it holds at present: its container runs.
  bool Holds() const {
    if (!helper_) return false;
    try {
      return engine_.InspectContainer(helper_->id()).state == ContainerState::kRunning;
    } catch (const EngineError& error) {
      if (error.status() != 404) throw;
      return false;
    }
  }

  // What it wrote last; an empty document before it was started.
  nlohmann::json LastLine() const {
    const std::vector<std::string> lines = helper_ ? helper_->Lines() : std::vector<std::string>();
    return lines.empty() ? nlohmann::json::object() : Parsed(lines.back());
  }

 private:
  const Engine& engine_;
  HelperOptions options_;
  std::optional<HelperContainer> helper_;
};

HelperOptions InNetworkOf(const FaultContext& context, const Witness& target,
                          const std::string& command) {
  return {.project = context.stack.project(),
          .name = UniqueHelperName(context.stack.project(), command),
          .command = {command},
          .network_of = target.id(),
          .capability = "NET_ADMIN"};
}

Fault FaultOf(const std::string& name, const TargetContainer& target, const std::string& peer) {
  Fault fault;
  fault.name = name;
  fault.target = Describe(target) + " from " + peer;
  fault.services = {target.service};
  return fault;
}

// Addresses of the container on networks that it shares with the target, by network.
std::map<std::string, std::string> SharedAddresses(const Witness& target,
                                                   const Container& container) {
  std::map<std::string, std::string> addresses;
  for (const auto& [network, attachment] :
       target.engine().InspectContainer(container.id).networks) {
    if (target.before().networks.count(network) > 0 && !attachment.address.empty()) {
      addresses[network] = attachment.address;
    }
  }
  return addresses;
}

std::vector<std::string> PeerAddresses(const FaultContext& context, const Witness& target,
                                       const std::string& peer) {
  std::vector<std::string> addresses;
  for (const Container& container : context.stack.Containers(peer)) {
    for (const auto& [network, address] : SharedAddresses(target, container)) {
      addresses.push_back(address);
    }
  }
  if (!addresses.empty()) return addresses;
  throw EnvironmentError(
      target.before().name + " shares no network with a running container of " + peer,
      "check the service's name, and that it runs");
}

// Where another container than these two can be reached from the target: what must go on working.
// It is looked for where target and peer meet: on other networks containers may be kept apart (a
// bridge with enable_icc=false carries published ports only). Nullopt when the target has no such
// neighbour.
std::optional<std::string> Control(const FaultContext& context, const Witness& target,
                                   const std::string& peer) {
  std::set<std::string> meeting;
  for (const Container& container : context.stack.Containers(peer)) {
    for (const auto& [network, address] : SharedAddresses(target, container)) {
      meeting.insert(network);
    }
  }
  for (const Container& container : context.stack.Containers("")) {
    if (container.id == target.id() || container.service == peer ||
        container.state != ContainerState::kRunning) {
      continue;
    }
    for (const auto& [network, address] : SharedAddresses(target, container)) {
      if (meeting.count(network) > 0) return address + kDiscardPort;
    }
  }
  return std::nullopt;
}

void Take(std::string_view line, NetworkCounters& counters) {
  const nlohmann::json document = Parsed(line);
  if (!document.contains("held_ms")) return;
  counters.packets = document.value("packets", std::int64_t{0});
  counters.connection_attempts = document.value("connection_attempts", std::int64_t{0});
  counters.held_ms = document["held_ms"].get<std::int64_t>();
}

Fault DropBetween(const FaultContext& context, const TargetContainer& target,
                  const std::string& peer, int port, const std::string& direction,
                  std::shared_ptr<NetworkCounters> counters) {
  const Witness witness(context, target);
  const std::string addresses = Joined(PeerAddresses(context, witness, peer));
  HelperOptions options = InNetworkOf(context, witness, "drop");
  options.command.push_back("--address=" + addresses);
  options.command.push_back("--port=" + std::to_string(port));
  options.command.push_back("--direction=" + direction);
  const std::optional<std::string> control = Control(context, witness, peer);
  if (control) options.command.push_back("--control=" + *control);
  const auto helper = std::make_shared<FaultHelper>(witness.engine(), std::move(options));
  if (!counters) counters = std::make_shared<NetworkCounters>();
  const auto proof = std::make_shared<nlohmann::json>();

  Fault fault = FaultOf(direction == "both" ? "partition" : "drop", target, peer);
  fault.undo = {RemoveHelper{helper->name()}};
  fault.inject = [helper, counters, proof] {
    *proof = helper->Start([counters](std::string_view line) { Take(line, *counters); });
  };
  fault.effect = [helper, proof, addresses, control]() -> std::optional<std::string> {
    if (!helper->Holds()) return std::nullopt;
    return addresses + " answered before and does not now (" + proof->at("packets").dump() +
           " packets of the try were dropped)" + (control ? "; " + *control + " still does" : "");
  };
  return fault;
}

// Why packets cannot be delayed here; empty: they can. Tried on the loopback of a namespace of its
// own.
std::string WhyNoDelay(const FaultContext& context, const Engine& engine) {
  HelperContainer helper(
      engine, {.project = context.stack.project(),
               .name = UniqueHelperName(context.stack.project(), "try-delay"),
               .command = {"fault-helper", "delay", "--by=1ms", "--interface=lo", "--for=1ms"},
               .capability = "NET_ADMIN"});
  helper.AwaitEnd(Within(kProofTime));
  for (const std::string& line : helper.Lines()) {
    const nlohmann::json document = Parsed(line);
    if (document.contains("unavailable")) return document["unavailable"].get<std::string>();
  }
  return "";
}

std::string Percent(const nlohmann::json& ready) {
  return std::to_string(std::lround(ready.at("measured_percent").get<double>())) + " %";
}

}  // namespace

double NetworkCounters::ConnectionAttemptsPerSecond() const {
  return held_ms == 0
             ? 0.0
             : 1'000.0 * static_cast<double>(connection_attempts) / static_cast<double>(held_ms);
}

Fault Detach(const FaultContext& context, const TargetContainer& target,
             const std::string& network) {
  const Witness witness(context, target);
  const auto found = witness.before().networks.find(network);
  if (found == witness.before().networks.end()) {
    throw UsageError(witness.before().name + " is not attached to network " + network,
                     "name one of its networks as the engine does");
  }
  const NetworkAttachment attachment = found->second;
  const std::string project = context.stack.project();
  const auto watcher = std::make_shared<FaultHelper>(
      witness.engine(),
      HelperOptions{.project = project,
                    .name = UniqueHelperName(project, "watch"),
                    .command = {"watch", "--address=" + attachment.address + kDiscardPort},
                    .network = network});
  Fault fault = FaultOf("detach", target, network);
  fault.addresses_may_change = true;
  fault.undo = {ConnectNetwork{target, network, attachment}, RemoveHelper{watcher->name()}};
  fault.inject = [witness, watcher, network] {
    if (!watcher->Start().at("answers").at(0).get<bool>()) {
      throw EnvironmentError(witness.before().name + " does not answer on network " + network +
                                 " although nothing was done to it",
                             "check that containers on it may talk to each other");
    }
    witness.engine().DisconnectNetwork(network, witness.id(), /*force=*/false);
  };
  fault.effect = [witness, watcher, network,
                  address = attachment.address]() -> std::optional<std::string> {
    const nlohmann::json last = watcher->LastLine();
    if (!last.contains("answers") || last["answers"].at(0).get<bool>()) return std::nullopt;
    const auto networks = witness.engine().InspectContainer(witness.id()).networks;
    if (networks.count(network) > 0) return std::nullopt;
    return address + " does not answer any more on " + network + ", and the engine knows " +
           witness.before().name + " there no more";
  };
  return fault;
}

Fault Partition(const FaultContext& context, const TargetContainer& target, const std::string& peer,
                int port, std::shared_ptr<NetworkCounters> counters) {
  return DropBetween(context, target, peer, port, "both", std::move(counters));
}

Fault DropOneWay(const FaultContext& context, const TargetContainer& target,
                 const std::string& peer, int port, std::shared_ptr<NetworkCounters> counters) {
  return DropBetween(context, target, peer, port, "out", std::move(counters));
}

Fault Lose(const FaultContext& context, const TargetContainer& target, const std::string& peer,
           int percent) {
  const Witness witness(context, target);
  HelperOptions options = InNetworkOf(context, witness, "lose");
  options.command.push_back("--address=" + Joined(PeerAddresses(context, witness, peer)));
  options.command.push_back("--percent=" + std::to_string(percent));
  const auto helper = std::make_shared<FaultHelper>(witness.engine(), std::move(options));
  const auto proof = std::make_shared<nlohmann::json>();

  Fault fault = FaultOf("lose", target, peer);
  fault.undo = {RemoveHelper{helper->name()}};
  fault.inject = [helper, proof] { *proof = helper->Start(); };
  fault.effect = [helper, proof]() -> std::optional<std::string> {
    if (!helper->Holds()) return std::nullopt;
    return Percent(*proof) + " of 1000 datagrams were lost; since then " +
           std::to_string(helper->LastLine().value("lost", std::int64_t{0})) + " of " +
           std::to_string(helper->LastLine().value("packets", std::int64_t{0})) + " packets";
  };
  return fault;
}

Fault Delay(const FaultContext& context, const TargetContainer& target, const std::string& peer,
            int port, std::chrono::milliseconds by) {
  const Witness witness(context, target);
  const std::string address = PeerAddresses(context, witness, peer).front();
  HelperOptions options = InNetworkOf(context, witness, "delay");
  options.command.push_back("--by=" + std::to_string(by.count()) + "ms");
  options.command.push_back("--address=" + address + ":" + std::to_string(port));
  const auto helper = std::make_shared<FaultHelper>(witness.engine(), std::move(options));
  const auto proof = std::make_shared<nlohmann::json>();

  Fault fault = FaultOf("delay", target, peer);
  fault.unavailable = WhyNoDelay(context, witness.engine());
  fault.undo = {RemoveHelper{helper->name()}};
  fault.inject = [helper, proof] { *proof = helper->Start(); };
  fault.effect = [helper, proof]() -> std::optional<std::string> {
    if (!helper->Holds()) return std::nullopt;
    return "an answer took " + proof->at("before_ms").dump() + " ms before and " +
           proof->at("now_ms").dump() + " ms now";
  };
  return fault;
}

}  // namespace proving_ground
