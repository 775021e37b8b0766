// A small container of the harness beside the stack's own: in the network or process namespace of a
// target, or on one of the stack's networks as a client of it.
//
// It has one capability at most, a read-only root unless files are put into it, no mounts, no new
// privileges, limits, and the label kHelperLabel = project. It ends by itself after its longest
// life, so a harness that is killed cannot leave one for good; so does what it changed.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/base/poll.h"
#include "support/engine/engine.h"

namespace proving_ground {

// Image with the programs `fault-helper` and `probe`; ctest/setup builds it.
inline constexpr std::string_view kHelperImage = "proving-ground/helper:0.1.0";
// Label of every helper; its value is the project of the stack that it serves.
inline constexpr std::string_view kHelperLabel = "proving-ground.helper";

struct HelperFile {
  std::string path;     // absolute, within the container; folders are made
  std::string content;  // may be secret: it travels over the engine's socket only
};

struct HelperOptions {
  std::string project;               // of the stack it serves
  std::string name;                  // of the container; see UniqueHelperName
  std::vector<std::string> command;  // program and arguments: never secret
  std::string network;               // join this network as a client of the stack, or
  std::string network_of;            // share the network namespace of this container, or
  std::string processes_of;          // share the process namespace of this container, or
  bool host_processes = false;       // see all processes of the engine's host
  std::string capability;            // "NET_ADMIN", "SYS_PTRACE"; empty: none
  std::vector<HelperFile> files;     // readable by the helper's account only
  std::int64_t memory_limit = 64 << 20;

  // Capabilities beside that one.
  std::vector<std::string> more_capabilities;
  // Limits of another container instead of the helper's own: see NewContainer.
  std::string host_limits;
};

// "pg-helper-<project>-<purpose>-<random>".
std::string UniqueHelperName(const std::string& project, std::string_view purpose);

// Lines that the helper writes to standard output are JSON documents, one each.
using HelperLine = std::function<void(std::string_view line)>;

class HelperContainer {
 public:
  // Creates and starts it. `on_line` is called on a thread of this object for each line it writes.
  // Throws EngineError; EnvironmentError that says how to get the image when it is missing.
  HelperContainer(const Engine& engine, HelperOptions options, HelperLine on_line = {});
  // Removes the container. Never throws.
  ~HelperContainer();
  HelperContainer(const HelperContainer&) = delete;
  HelperContainer& operator=(const HelperContainer&) = delete;

  const std::string& id() const;
  const std::string& name() const;
  // What it wrote so far, line by line.
  std::vector<std::string> Lines() const;
  // Waits for a line that `wanted` accepts. Throws EnvironmentError with what it wrote last when
  // the helper ends before, DeadlineExceeded.
  std::string AwaitLine(const std::string& subject, Deadline deadline,
                        const std::function<bool(std::string_view)>& wanted);
  // Asks it to end (SIGTERM), waits until it has and all it wrote was read. Returns its exit code.
  int Stop(Deadline deadline);
  // Waits until it ends by itself. Returns its exit code.
  int AwaitEnd(Deadline deadline);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace proving_ground
