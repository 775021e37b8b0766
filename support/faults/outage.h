// An injected fault, as a scope guard.
//
//   Outage outage = Inject(context, journal, Crash(context, {"engineering-coordinator"}));
//   outage.AwaitEffect(Within(10s));     // proof from outside; throws Inconclusive
//   outage.Heal();                       // takes it back, where that is ours to do
//   outage.AwaitRecovery(Within(30s));   // containers run, and are as they were
//
// The intent and its undo are on disk before anything is injected. The destructor heals and rescues
// whatever happened; it never throws.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/base/poll.h"
#include "support/faults/fault.h"
#include "support/faults/journal.h"

namespace proving_ground {

// When what happened. Absent: it did not.
struct OutageTimes {
  std::optional<Clock::time_point> injected;   // just before the fault was injected
  std::optional<Clock::time_point> effect;     // when its effect was first seen
  std::optional<Clock::time_point> healed;     // when it had been taken back
  std::optional<Clock::time_point> recovered;  // when containers were seen to be as before
};

class [[nodiscard]] Outage {
 public:
  ~Outage();
  Outage(Outage&&) noexcept;
  Outage(const Outage&) = delete;
  Outage& operator=(const Outage&) = delete;
  Outage& operator=(Outage&&) = delete;

  const Fault& fault() const;
  const OutageTimes& times() const;
  const std::string& evidence() const;  // of the effect; empty: none was seen

  // Waits until the effect is seen. Throws Inconclusive with what was seen when it is not.
  void AwaitEffect(Deadline deadline);
  // Takes the fault back. Idempotent. Throws EnvironmentError when that fails.
  void Heal();
  // Heals if that was not done, then waits until the services' containers run and are as before the
  // fault. Returns false, with the differences in `differences()`, when they are not by the
  // deadline: that is a verdict on the stack, not trouble of the harness.
  bool AwaitRecovery(Deadline deadline);
  const std::vector<std::string>& differences() const;

 private:
  friend Outage Inject(const FaultContext& context, Journal& journal, Fault fault);
  class State;
  explicit Outage(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Journals and injects. Throws Inconclusive when the fault is unavailable or the engine refuses it
// (then it was undone).
Outage Inject(const FaultContext& context, Journal& journal, Fault fault);

}  // namespace proving_ground
