// How a stack was before something was done to it, and what is different now.
//
//   const Baseline before = Baseline::OfServices(stack, {"engineering-coordinator"});
//   …
//   before.Differences({.addresses_may_change = true})   // empty: it is as before
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/compose/stack.h"

namespace proving_ground {

// What is no difference.
struct Tolerance {
  bool addresses_may_change = false;   // containers were started anew
  bool containers_may_change = false;  // … or made anew
};

// Aliases without the container's short id, which the engine adds by itself.
std::vector<std::string> LastingAliases(const NetworkAttachment& attachment);

// Whether `present` has the aliases, static address, links and options of `wanted`, or more.
bool IsAttachedAs(const NetworkAttachment& wanted, const NetworkAttachment& present);

// State, restart policy, limits, image, networks with aliases and addresses, labels and published
// ports (not their numbers on this machine, which change) of containers, as they are now.
class Baseline {
 public:
  // Of the services named. Throws EnvironmentError.
  static Baseline OfServices(const Stack& stack, const std::vector<std::string>& services);
  // Of the whole stack, with its networks and volumes.
  static Baseline OfStack(const Stack& stack);

  // What is not as it was, each as a sentence: "engineering-coordinator-1: is paused, was running".
  // Throws EnvironmentError.
  std::vector<std::string> Differences(const Tolerance& tolerance) const;

 private:
  using Key = std::pair<std::string, int>;  // service, number

  // One service without a name stands for all.
  Baseline(const Stack& stack, std::vector<std::string> services);
  bool IsOfStack() const;
  std::map<Key, ContainerDetails> Look() const;

  const Stack& stack_;
  std::vector<std::string> services_;
  std::map<Key, ContainerDetails> containers_;
  Residue parts_;  // networks and volumes, when it is the whole stack
};

}  // namespace proving_ground
