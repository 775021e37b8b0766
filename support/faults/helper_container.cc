#include "support/faults/helper_container.h"

#include <array>
#include <cstdio>
#include <exception>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "support/base/errors.h"
#include "support/base/interrupt.h"

namespace proving_ground {
namespace {

// Lines arrive within milliseconds, and what they prove is timed.
constexpr Pace kLinePace{.fastest = std::chrono::milliseconds(1),
                         .slowest = std::chrono::milliseconds(5)};

NewContainer Describe(const HelperOptions& options) {
  NewContainer container = {.image = std::string(kHelperImage),
                            .name = options.name,
                            .command = options.command,
                            .labels = {{std::string(kHelperLabel), options.project}},
                            .user = "0:0",
                            .network = options.network,
                            .network_of = options.network_of,
                            .processes_of = options.processes_of,
                            .host_processes = options.host_processes,
                            .capability = options.capability,
                            .read_only = options.files.empty(),
                            .memory_limit = options.memory_limit,
                            .more_capabilities = options.more_capabilities,
                            .host_limits = options.host_limits};
  // A container that shares another's network namespace shares its name servers too, and the engine
  // refuses options of its own. Two seconds instead of the C library's ten for a silent name
  // server.
  if (!options.network.empty()) container.dns_options = {"timeout:1", "attempts:2"};
  return container;
}

std::vector<ContainerFile> Files(const HelperOptions& options) {
  std::vector<ContainerFile> files;
  for (const HelperFile& file : options.files) {
    files.push_back({.path = file.path, .content = file.content});
  }
  return files;
}

bool IsMissing(const Engine& engine, std::string_view image) {
  try {
    engine.InspectImage(std::string(image));
    return false;
  } catch (const EngineError& error) {
    return error.status() == 404;
  }
}

std::string CreateFrom(const Engine& engine, const NewContainer& container) {
  try {
    return engine.Create(container);
  } catch (const EngineError& error) {
    if (error.status() != 404 || !IsMissing(engine, container.image)) throw;
    throw EnvironmentError("there is no image " + container.image,
                           "build it: compose/images/build (part of ctest/setup)");
  }
}

}  // namespace

std::string UniqueHelperName(const std::string& project, std::string_view purpose) {
  std::array<char, 9> random;
  std::snprintf(random.data(), random.size(), "%08x", std::random_device()());
  return "pg-helper-" + project + "-" + std::string(purpose) + "-" + random.data();
}

class HelperContainer::State {
 public:
  State(const Engine& engine, const HelperOptions& options, HelperLine on_line)
      : engine_(engine),
        name_(options.name),
        on_line_(std::move(on_line)),
        id_(CreateFrom(engine, Describe(options))) {
    try {
      if (!options.files.empty()) engine_.PutFiles(id_, Files(options));
      engine_.Start(id_);
      reader_ = std::jthread([this](const std::stop_token& stop) { Read(stop); });
    } catch (...) {
      RemoveQuietly();
      throw;
    }
  }

  ~State() {
    reader_.request_stop();
    if (reader_.joinable()) reader_.join();
    RemoveQuietly();
  }

  const Engine& engine() const { return engine_; }
  const std::string& id() const { return id_; }
  const std::string& name() const { return name_; }

  std::vector<std::string> Lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

  // Looks at the lines from `next` on; nullopt when none of them is wanted.
  std::optional<std::string> Find(size_t& next, std::string& seen,
                                  const std::function<bool(std::string_view)>& wanted) const {
    const std::lock_guard lock(mutex_);
    for (; next < lines_.size(); ++next) {
      if (wanted(lines_[next])) return lines_[next];
    }
    if (failure_) std::rethrow_exception(failure_);
    seen = LastWords();
    if (!ended_) return std::nullopt;
    throw EnvironmentError("the helper " + name_ + " has ended: " + seen,
                           "see what it says about the cause");
  }

  void AwaitAllRead(Deadline deadline) const {
    Await(
        "the rest of what " + name_ + " wrote", deadline,
        [&](std::string& seen) {
          const std::lock_guard lock(mutex_);
          if (failure_) std::rethrow_exception(failure_);
          seen = LastWords();
          return ended_;
        },
        kLinePace);
  }

 private:
  void Read(const std::stop_token& stop) {
    const InterruptShield shield;  // its owner ends it, after having read all
    std::exception_ptr failure;
    try {
      engine_.FollowLogs(
          id_, [&](OutputStream stream, std::string_view line) { Take(stream, line); }, stop);
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    failure_ = failure;
    ended_ = true;
  }

  void Take(OutputStream stream, std::string_view line) {
    {
      const std::lock_guard lock(mutex_);
      (stream == OutputStream::kStandardOutput ? lines_ : complaints_).emplace_back(line);
    }
    if (stream == OutputStream::kStandardOutput && on_line_) on_line_(line);
  }

  // Call with the mutex held.
  std::string LastWords() const {
    if (!complaints_.empty()) return complaints_.back();
    return lines_.empty() ? "it wrote nothing" : lines_.back();
  }

  void RemoveQuietly() const {
    const InterruptShield shield;
    try {
      engine_.Remove(id_, {.force = true});
    } catch (const std::exception&) {
      // It ends by itself, and is found by its label later.
    }
  }

  const Engine& engine_;
  const std::string name_;
  const HelperLine on_line_;
  const std::string id_;
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<std::string> complaints_;  // lines of standard error
  bool ended_ = false;
  std::exception_ptr failure_;  // why it could not be read to its end
  std::jthread reader_;
};

HelperContainer::HelperContainer(const Engine& engine, HelperOptions options, HelperLine on_line)
    : state_(std::make_unique<State>(engine, options, std::move(on_line))) {}

HelperContainer::~HelperContainer() = default;

const std::string& HelperContainer::id() const { return state_->id(); }
const std::string& HelperContainer::name() const { return state_->name(); }
std::vector<std::string> HelperContainer::Lines() const { return state_->Lines(); }

std::string HelperContainer::AwaitLine(const std::string& subject, Deadline deadline,
                                       const std::function<bool(std::string_view)>& wanted) {
  size_t next = 0;
  return Await(
      subject, deadline, [&](std::string& seen) { return state_->Find(next, seen, wanted); },
      kLinePace);
}

int HelperContainer::Stop(Deadline deadline) {
  try {
    state_->engine().Kill(state_->id(), "SIGTERM");
  } catch (const EngineError& error) {
    if (error.status() != 409) throw;  // it has ended already
  }
  return AwaitEnd(deadline);
}

int HelperContainer::AwaitEnd(Deadline deadline) {
  const int exit_code = state_->engine().AwaitExit(state_->id(), deadline);
  state_->AwaitAllRead(deadline);
  return exit_code;
}

}  // namespace proving_ground
