// Engine: containers and what can be done to them.
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/engine/calls.h"
#include "support/engine/decode.h"
#include "support/engine/engine.h"

namespace proving_ground {
namespace {

// One thread each, since nearly all of the time of a sample is spent waiting for the engine.
constexpr size_t kMaxParallelSamples = 128;

Request Post(const std::string& target) {
  Request request;
  request.method = "POST";
  request.target = target;
  return request;
}

std::string Path(const std::string& id) { return "/containers/" + UrlEncoded(id); }

// The engine answers a stop or restart only after the grace period.
Request PostWithGrace(const std::string& target, std::chrono::seconds grace) {
  Request request = Post(target + "?t=" + std::to_string(grace.count()));
  request.timeout += grace;
  return request;
}

}  // namespace

std::vector<ContainerSummary> Engine::ListContainers(const Labels& labels) const {
  Request request;
  request.target = "/containers/json?all=1&filters=" + LabelFilter(labels);
  std::vector<ContainerSummary> containers;
  Ask(request, "list containers", [&](const nlohmann::json& rows) {
    for (const nlohmann::json& row : rows) containers.push_back(DecodeContainerSummary(row));
  });
  return containers;
}

ContainerDetails Engine::InspectContainer(const std::string& id) const {
  Request request;
  request.target = Path(id) + "/json";
  ContainerDetails details;
  Ask(request, "inspect container " + ShortId(id),
      [&](const nlohmann::json& object) { details = DecodeContainerDetails(object); });
  return details;
}

void Engine::Start(const std::string& id) const {
  Call(Post(Path(id) + "/start"), "start container " + ShortId(id));
}

void Engine::Stop(const std::string& id, std::chrono::seconds grace) const {
  Call(PostWithGrace(Path(id) + "/stop", grace), "stop container " + ShortId(id));
}

void Engine::Kill(const std::string& id, const std::string& signal) const {
  Call(Post(Path(id) + "/kill?signal=" + UrlEncoded(signal)),
       "send " + signal + " to container " + ShortId(id));
}

void Engine::Restart(const std::string& id, std::chrono::seconds grace) const {
  Call(PostWithGrace(Path(id) + "/restart", grace), "restart container " + ShortId(id));
}

void Engine::Pause(const std::string& id) const {
  CallUnless("is already paused", Post(Path(id) + "/pause"), "pause container " + ShortId(id));
}

void Engine::Unpause(const std::string& id) const {
  CallUnless("is not paused", Post(Path(id) + "/unpause"), "unpause container " + ShortId(id));
}

void Engine::Remove(const std::string& id, const RemoveOptions& options) const {
  Request request;
  request.method = "DELETE";
  request.target = Path(id) + "?force=" + (options.force ? "1" : "0") +
                   "&v=" + (options.anonymous_volumes ? "1" : "0");
  try {
    Call(request, "remove container " + ShortId(id));
  } catch (const EngineError& error) {
    if (error.status() != 404) throw;  // gone is what was wanted
  }
}

std::optional<ResourceUsage> Engine::Usage(const std::string& id) const {
  Request request;
  // One shot: without it the engine takes a second to collect a second sample.
  request.target = Path(id) + "/stats?stream=false&one-shot=true";
  std::optional<ResourceUsage> usage;
  Ask(request, "measure container " + ShortId(id),
      [&](const nlohmann::json& sample) { usage = DecodeUsage(sample); });
  return usage;
}

std::vector<std::optional<ResourceUsage>> Engine::Usages(
    const std::vector<std::string>& ids) const {
  std::vector<std::optional<ResourceUsage>> usages(ids.size());
  std::atomic<size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    for (size_t index = next++; index < ids.size(); index = next++) {
      try {
        usages[index] = Usage(ids[index]);
      } catch (const EngineError& error) {
        if (error.status() == 404) continue;  // gone: it uses nothing
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (size_t count = 0; count < std::min(ids.size(), kMaxParallelSamples); ++count) {
      threads.emplace_back(work);
    }
  }
  if (failure) std::rethrow_exception(failure);
  return usages;
}

}  // namespace proving_ground
