// A fault as data: what it does, how it is taken back, and how both are proved from outside.
//
// Every function of container_faults.h, network_faults.h, redis_faults.h and stack_faults.h returns
// one. Inject (outage.h) carries it out; nothing happens before that.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "support/base/errors.h"
#include "support/compose/stack.h"
#include "support/engine/engine.h"
#include "support/faults/undo.h"

namespace proving_ground {

// A fault could not be injected, or took no effect: nothing can be concluded from what followed.
class Inconclusive : public Error {
 public:
  Inconclusive(const std::string& happened, const std::string& remedy);
};

// The stack's Redis, as its operator.
struct RedisOperator {
  std::string service;  // "redis"
  int port = 6379;      // container port, published to this machine
  std::string user;
  std::filesystem::path password_file;
};

// Something that happened to a fault.
struct FaultNews {
  enum class What { kInjected, kEffect, kHealed, kRecovered };
  What what = What::kInjected;
  std::string fault;
  std::string target;
  std::string evidence;                  // with kEffect
  std::vector<std::string> differences;  // of the containers; with kRecovered
};

// What faults work on. All references outlive the faults.
struct FaultContext {
  const Engine& engine;
  const Compose& compose;
  Stack& stack;
  std::optional<RedisOperator> redis_operator;  // absent: the contract names none
  // Told what becomes of each fault, as it happens; may be empty. What it throws is let go: no
  // fault is left open because of it.
  std::function<void(const FaultNews& news)> tell = {};
};

struct Fault {
  std::string name;    // "crash", "partition"
  std::string target;  // "engineering-coordinator", "engineering-coordinator from redis"
  // Services whose containers are compared with the state before, once it is over.
  std::vector<std::string> services;
  // Why it cannot be tried here ("the kernel has no netem"); empty: it can.
  std::string unavailable;
  // In the order of execution. Empty: it heals by itself, or the stack must heal it.
  std::vector<UndoStep> undo;
  // What a stack that does not heal by itself is rescued with, after the verdict. Never part of
  // what is measured.
  std::vector<UndoStep> rescue;
  std::function<void()> inject;
  // Looks from outside whether the fault has taken effect; evidence if so. May be called before
  // inject: then it must find none.
  std::function<std::optional<std::string>()> effect;
  // Looks whether it is over, beyond "the services' containers run"; says what it saw. May be
  // empty.
  std::function<bool(std::string& seen)> over;
  // Looks whether nothing will ever heal it ("exited, and its restart policy is no"); says why. May
  // be empty: there is no telling.
  std::function<std::optional<std::string>()> hopeless;
  bool addresses_may_change = false;   // containers are started anew
  bool containers_may_change = false;  // … or made anew
};

}  // namespace proving_ground
