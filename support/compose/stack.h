// The stack under test, as fixtures and tests see it.
//
// A stack is a set of services, each with numbered containers. Tests ask where something is, and
// act on containers through the engine that runs them; how the stack is brought up is nobody's
// business.
//
//   stack.Up({}, Within(90s));
//   const Container redis = stack.Containers("redis").at(0);
//   const Endpoint endpoint = stack.Published(redis, 6379);
//   stack.EngineOf(redis).Pause(redis.id);
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/compose/compose.h"
#include "support/engine/engine.h"

namespace proving_ground {

// A container of the stack at the moment it was looked up. Its id changes when it is recreated, so
// look it up again rather than keep it.
struct Container {
  std::string id;
  std::string name;
  std::string service;
  int number = 0;  // 1-based, within the service
  ContainerState state = ContainerState::kCreated;
  Health health = Health::kNone;
};

// What is left of a stack that was taken down. Names, for people.
struct Residue {
  std::vector<std::string> containers;
  std::vector<std::string> networks;
  std::vector<std::string> volumes;
  std::vector<std::string> reasons;  // what the engine or Compose said when asked to remove them
  bool empty() const { return containers.empty() && networks.empty() && volumes.empty(); }
};

// "network shop_default, volume shop_data (reasons)"; "nothing" when empty.
std::string ResidueText(const Residue& residue);

class Stack {
 public:
  virtual ~Stack() = default;

  // Name that all parts of the stack carry.
  virtual const std::string& project() const = 0;

  // Brings the stack up, or the services named, and waits until they are up (see AwaitUp).
  virtual void Up(const UpOptions& options, Deadline deadline) = 0;

  // Waits until every container runs, and those with a health check that runs at least every ten
  // seconds are healthy, or pass it when it is run from here. Slower health checks are not waited
  // for: probe such a service yourself. A one-shot container that ended with 0 counts as up. Throws
  // EnvironmentError with a container's last log lines as soon as one has failed, DeadlineExceeded
  // otherwise.
  virtual void AwaitUp(Deadline deadline) = 0;

  // Removes the stack; `volumes` with its data. Tries hard, throws only when interrupted or when
  // the engine is gone, and returns what could not be removed.
  virtual Residue Down(const DownOptions& options, Deadline deadline) = 0;

  // Containers of a service by number; of all services when `service` is empty. Stopped ones too.
  virtual std::vector<Container> Containers(const std::string& service) const = 0;

  // Address at which this machine reaches a container's port, 127.0.0.1 for a local engine. Throws
  // EnvironmentError when the port is not published.
  virtual Endpoint Published(const Container& container, int container_port) const = 0;

  // The engine that runs a container.
  virtual const Engine& EngineOf(const Container& container) const = 0;

  // Writes the logs of every container to `folder`, one file each, with time stamps. Call it before
  // taking the stack down, on every path. Returns how many files it wrote.
  virtual int CaptureLogs(const std::filesystem::path& folder) const = 0;

  // What exists under the stack's name.
  virtual Residue FindResidue() const = 0;
};

}  // namespace proving_ground
