#include "support/faults/leftovers.h"

#include <algorithm>

#include "support/base/poll.h"
#include "support/faults/helper_container.h"
#include "support/faults/undoer.h"

namespace proving_ground {
namespace {

std::string Sentence(const OpenFault& fault) {
  std::string steps;
  for (const UndoStep& step : fault.undo) steps += (steps.empty() ? ": " : ", ") + Describe(step);
  return fault.name + " of " + fault.target + " was taken back" + steps;
}

void RemoveHelpers(const FaultContext& context, std::vector<std::string>& done) {
  const Labels labels = {{std::string(kHelperLabel), context.stack.project()}};
  for (const ContainerSummary& helper : context.engine.ListContainers(labels)) {
    try {
      context.engine.Remove(helper.id, {.force = true});
    } catch (const EngineError& error) {
      if (error.status() != 409) throw;  // it is going already
    }
    done.push_back("helper " + helper.name + " was removed");
  }
}

// What the dead harness had asked for just before it died may still be under way: a container that
// was sent SIGKILL looks alive for a tenth of a second. So everything is taken back twice, and only
// the second time counts.
void TakeBackOnce(const FaultContext& context, const std::vector<OpenFault>& open) {
  constexpr std::chrono::seconds kUnderWay{1};
  if (open.empty()) return;
  for (const OpenFault& fault : open) {
    try {
      Undo(context, fault.undo);
    } catch (const Error&) {
      // the second time tells
    }
  }
  PauseUntil(Clock::now() + kUnderWay);
}

}  // namespace

std::vector<std::string> HealLeftovers(const FaultContext& context, Journal& journal) {
  std::vector<std::string> done;
  std::string failed;
  std::vector<OpenFault> open = journal.OpenFaults();
  std::reverse(open.begin(), open.end());
  TakeBackOnce(context, open);
  for (const OpenFault& fault : open) {
    try {
      Undo(context, fault.undo);
      journal.Close(fault.id);
      done.push_back(Sentence(fault));
    } catch (const Error& error) {
      failed +=
          (failed.empty() ? "" : "; ") + fault.name + " of " + fault.target + ": " + error.what();
    }
  }
  RemoveHelpers(context, done);
  if (failed.empty()) return done;
  throw EnvironmentError("what an earlier run left broken could not be mended: " + failed,
                         "take the stack " + context.stack.project() +
                             " down and bring it up again, then remove " + journal.path().string());
}

}  // namespace proving_ground
