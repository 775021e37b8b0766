// Client of the Docker Engine API, spoken directly over its socket.
//
//   Engine engine = Engine::Connect();
//   for (const ContainerSummary& container : engine.ListContainers({{kProjectLabel, "shop"}})) {
//     engine.Kill(container.id, "SIGKILL");
//   }
//
// Every member may be called from several threads at once; connections are kept and reused. Members
// throw EngineError when the engine refuses, TransportError when it cannot be reached, and
// Interrupted. What already is as wanted (a stopped container to stop, a missing one to remove) is
// not an error, so that undoing twice is harmless.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "support/base/errors.h"
#include "support/base/poll.h"
#include "support/engine/engine_address.h"
#include "support/engine/transport.h"
#include "support/engine/types.h"

namespace proving_ground {

// The engine answered, and refused. what() quotes its message.
class EngineError : public EnvironmentError {
 public:
  EngineError(int status, const std::string& happened, const std::string& remedy)
      : EnvironmentError(happened, remedy), status_(status) {}
  // HTTP status: 404 no such object, 409 conflict, …
  int status() const { return status_; }

 private:
  int status_;
};

enum class OutputStream { kStandardOutput, kStandardError };
using OutputSink = std::function<void(OutputStream, std::string_view)>;

struct LogOptions {
  std::optional<int> tail;  // last lines only
  std::optional<SystemTime> since;
  bool timestamps = false;  // put the time before each line
};

// Receives one line that a container wrote, without its end.
using LineSink = std::function<void(OutputStream, std::string_view line)>;

struct ExecOptions {
  std::string user;                      // empty: the container's own
  std::vector<std::string> environment;  // "NAME=value"
  std::chrono::milliseconds timeout{30'000};
};

struct EventQuery {
  Labels labels;  // of the objects whose events are wanted
  std::optional<SystemTime> since;
  std::optional<SystemTime> until;  // the stream ends there; without it, at the stop request
};

struct RemoveOptions {
  bool force = false;              // kill it first
  bool anonymous_volumes = false;  // remove its unnamed volumes too
};

// What Engine::Describe can describe.
enum class ObjectKind { kEngine, kContainer, kNetwork, kVolume, kImage, kImageHistory };

class Engine {
 public:
  // Connects to the engine that FindEngine finds, or the one at `address`.
  static Engine Connect();
  static Engine Connect(const EngineAddress& address);

  // Agrees with the engine on an API version; `environment` may set it with DOCKER_API_VERSION.
  // Throws EngineError that names both sides' versions when there is none in common.
  Engine(std::unique_ptr<Transport> transport, EngineAddress address,
         const EnvironmentLookup& environment = ProcessEnvironment);

  const EngineAddress& address() const { return address_; }
  const std::string& api_version() const { return api_version_; }

  EngineInfo Info() const;

  // Containers that carry all of `labels`, stopped ones included. An empty value matches any.
  std::vector<ContainerSummary> ListContainers(const Labels& labels) const;
  ContainerDetails InspectContainer(const std::string& id) const;
  void Start(const std::string& id) const;
  // Sends the stop signal, and SIGKILL after `grace`.
  void Stop(const std::string& id, std::chrono::seconds grace) const;
  void Kill(const std::string& id, const std::string& signal) const;
  void Restart(const std::string& id, std::chrono::seconds grace) const;
  void Pause(const std::string& id) const;
  void Unpause(const std::string& id) const;
  void Remove(const std::string& id, const RemoveOptions& options) const;
  // Makes a container, does not start it, and returns its id.
  std::string Create(const NewContainer& container) const;
  // Writes files into a container whose root is not read-only, running or not.
  void PutFiles(const std::string& id, const std::vector<ContainerFile>& files) const;
  // Waits until a container does not run, and returns the exit code of its last run. Throws
  // DeadlineExceeded.
  int AwaitExit(const std::string& id, Deadline deadline) const;

  // Runs a command in a running container and waits for its end.
  ExecResult Exec(const std::string& id, const std::vector<std::string>& command,
                  const ExecOptions& options = {}) const;
  // Hands what the container wrote so far to `sink`, in the order it was written.
  void ReadLogs(const std::string& id, const LogOptions& options, const OutputSink& sink) const;
  Output Logs(const std::string& id, const LogOptions& options = {}) const;
  // Calls `on_line` on this thread for each line of a container without a terminal, those already
  // written first, until the container ends or `stop` is requested. A last line without an end is
  // left out: its writer was ended in the middle of it.
  void FollowLogs(const std::string& id, const LineSink& on_line, std::stop_token stop = {}) const;
  // One sample; nullopt when the container is not running. CPU time is cumulative: subtract two
  // samples to get CPU use. Engines of the 20.10 series measure once a second and let callers wait
  // for the next round, so a sample may take a second: use Usages for more than one container.
  std::optional<ResourceUsage> Usage(const std::string& id) const;
  // One sample of each container, all asked at once; nullopt also for one that is gone.
  std::vector<std::optional<ResourceUsage>> Usages(const std::vector<std::string>& ids) const;

  // Calls `on_event` on this thread for each event until query.until, or until `stop` is requested.
  void WatchEvents(const EventQuery& query, const std::function<void(const Event&)>& on_event,
                   std::stop_token stop = {}) const;

  std::vector<Network> ListNetworks(const Labels& labels) const;
  Network InspectNetwork(const std::string& id) const;
  // Attaches a container in the way `attachment` describes: aliases, static address, links.
  void ConnectNetwork(const std::string& network, const std::string& container,
                      const NetworkAttachment& attachment) const;
  // `force` also drops endpoints whose container is gone.
  void DisconnectNetwork(const std::string& network, const std::string& container,
                         bool force) const;
  void RemoveNetwork(const std::string& id) const;

  std::vector<Volume> ListVolumes(const Labels& labels) const;
  void RemoveVolume(const std::string& name) const;

  // Throws EngineError (404) that says how to get the image when there is none of that name.
  Image InspectImage(const std::string& name) const;

  // An object by id or name (none for the engine itself) as the JSON of the API has it. That of a
  // container holds its environment in clear: never log it.
  nlohmann::json Describe(ObjectKind kind, const std::string& name = {}) const;

 private:
  // Sends a request and checks the answer; `doing` ("stop container 3f2a") goes into errors.
  Response Call(Request request, const std::string& doing) const;
  // The same with the answer read as JSON by `read`.
  void Ask(Request request, const std::string& doing,
           const std::function<void(const nlohmann::json&)>& read) const;
  // The same with the body streamed to `sink`.
  void Stream(Request request, const std::string& doing, const BodySink& sink,
              std::stop_token stop) const;
  // Call, where a refusal that says `as_wanted` means that there is nothing to do.
  void CallUnless(const std::string& as_wanted, Request request, const std::string& doing) const;
  [[noreturn]] void ThrowRefusal(const Response& response, const std::string& doing) const;
  void Negotiate(const EnvironmentLookup& environment);

  std::unique_ptr<Transport> transport_;
  EngineAddress address_;
  std::string api_version_;
};

}  // namespace proving_ground
