#include "support/faults/outage.h"

#include <iostream>
#include <utility>

#include "support/base/interrupt.h"
#include "support/faults/baseline.h"
#include "support/faults/reaper.h"
#include "support/faults/undoer.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

constexpr Pace kEffectPace{.fastest = 2ms, .slowest = 10ms};
constexpr Pace kRecoveryPace{.fastest = 5ms, .slowest = 50ms};

std::string Title(const Fault& fault) { return fault.name + " of " + fault.target; }

std::string Joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

}  // namespace

class Outage::State {
 public:
  State(const FaultContext& context, Journal& journal, Fault fault)
      : context_(context),
        journal_(journal),
        fault_(std::move(fault)),
        baseline_(Baseline::OfServices(context_.stack, fault_.services)) {}

  ~State() {
    if (closed_) return;
    const InterruptShield shield;  // an interrupted run must not leave anything broken
    try {
      TakeBack();
    } catch (const std::exception& error) {
      std::cerr << Title(fault_) << " is still open: " << error.what() << '\n';
    }
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void Inject() {
    std::vector<UndoStep> steps = fault_.undo;
    steps.insert(steps.end(), fault_.rescue.begin(), fault_.rescue.end());
    id_ = journal_.Open(fault_.name, fault_.target, steps);
    closed_ = false;
    Tell(FaultNews::What::kInjected);  // before, so that writing it down is not part of the outage
    times_.injected = Clock::now();
    try {
      fault_.inject();
    } catch (const Error& error) {
      GiveUp("could not be injected", error.what());
    }
  }

  void AwaitEffect(Deadline deadline) {
    if (times_.effect) return;
    try {
      evidence_ = Await("the effect of " + Title(fault_), deadline, fault_.effect, kEffectPace);
      times_.effect = Clock::now();
      Tell(FaultNews::What::kEffect);
    } catch (const Error& error) {
      GiveUp("took no effect", error.what() + StateNow());
    }
  }

  void Heal() {
    if (times_.healed) return;
    Undo(context_, fault_.undo);
    times_.healed = Clock::now();
    Tell(FaultNews::What::kHealed);
    // What the stack must do by itself stays in the journal until it has: it may need to be
    // rescued.
    if (fault_.rescue.empty()) Close();
  }

  bool AwaitRecovery(Deadline deadline) {
    Heal();
    try {
      Await(
          "the recovery from " + Title(fault_), deadline, [&] { return IsOver() || IsHopeless(); },
          kRecoveryPace);
    } catch (const DeadlineExceeded&) {
      if (!differences_.empty()) return false;
      throw;  // of a look itself
    }
    if (!differences_.empty()) return false;
    times_.recovered = Clock::now();
    Tell(FaultNews::What::kRecovered);
    Close();
    return true;
  }

  const Fault& fault() const { return fault_; }
  const OutageTimes& times() const { return times_; }
  const std::string& evidence() const { return evidence_; }
  const std::vector<std::string>& differences() const { return differences_; }

 private:
  Tolerance Tolerated() const {
    return {.addresses_may_change = fault_.addresses_may_change,
            .containers_may_change = fault_.containers_may_change};
  }

  bool IsOver() {
    differences_ = baseline_.Differences(Tolerated());
    std::string seen;
    if (fault_.over && !fault_.over(seen)) differences_.push_back(seen.empty() ? "not over" : seen);
    return differences_.empty();
  }

  // Whether waiting for the recovery is in vain; why is among the differences then.
  bool IsHopeless() {
    const std::optional<std::string> why = fault_.hopeless ? fault_.hopeless() : std::nullopt;
    if (why) differences_.push_back(*why);
    return why.has_value();
  }

  // What the engine says of the containers, as the end of a sentence.
  std::string StateNow() const {
    try {
      const std::string differences = Joined(baseline_.Differences(Tolerated()));
      return differences.empty() ? "; the containers are as before" : "; now " + differences;
    } catch (const Error& error) {
      return std::string("; now ") + error.what();
    }
  }

  // Everything, in whatever state it is.
  void TakeBack() {
    Undo(context_, fault_.undo);
    if (!times_.recovered) Undo(context_, fault_.rescue);
    Close();
    if (!times_.healed) Tell(FaultNews::What::kHealed);
  }

  void Tell(FaultNews::What what) noexcept {
    if (!context_.tell) return;
    try {
      context_.tell({what, fault_.name, fault_.target, evidence_, differences_});
    } catch (const std::exception& error) {
      std::cerr << "writing down what became of " << Title(fault_) << ": " << error.what() << '\n';
    }
  }

  [[noreturn]] void GiveUp(const std::string& what, const std::string& why) {
    const InterruptShield shield;
    std::string then = "it was taken back; see whether the engine or the target had trouble";
    try {
      TakeBack();
    } catch (const Error& error) {
      then = std::string("it could not be taken back: ") + error.what();
    }
    throw Inconclusive(Title(fault_) + " " + what + ": " + why, then);
  }

  void Close() {
    if (closed_) return;
    journal_.Close(id_);
    closed_ = true;
  }

  FaultContext context_;
  Journal& journal_;
  Fault fault_;
  Baseline baseline_;
  std::string id_;
  bool closed_ = true;  // in the journal
  OutageTimes times_;
  std::string evidence_;
  std::vector<std::string> differences_;
};

Outage::Outage(std::unique_ptr<State> state) : state_(std::move(state)) {}
Outage::~Outage() = default;
Outage::Outage(Outage&&) noexcept = default;

const Fault& Outage::fault() const { return state_->fault(); }
const OutageTimes& Outage::times() const { return state_->times(); }
const std::string& Outage::evidence() const { return state_->evidence(); }
const std::vector<std::string>& Outage::differences() const { return state_->differences(); }
void Outage::AwaitEffect(Deadline deadline) { state_->AwaitEffect(deadline); }
void Outage::Heal() { state_->Heal(); }
bool Outage::AwaitRecovery(Deadline deadline) { return state_->AwaitRecovery(deadline); }

Outage Inject(const FaultContext& context, Journal& journal, Fault fault) {
  if (!fault.unavailable.empty()) {
    throw Inconclusive(Title(fault) + " cannot be tried here: " + fault.unavailable,
                       "run where it can");
  }
  EnsureReaper(context, journal);
  auto state = std::make_unique<Outage::State>(context, journal, std::move(fault));
  state->Inject();
  return Outage(std::move(state));
}

}  // namespace proving_ground
