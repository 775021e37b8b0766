// fault_holder FOLDER PROJECT FAULT: a harness that is killed in the middle of a fault. Injects the
// fault into the small stack of that folder, says "open" once its effect is proved, and waits.
#include <exception>
#include <iostream>

#include "support/faults/outage.h"
#include "support/faults/testing/small_stack.h"

int main(int argc, char** argv) {
  using namespace proving_ground;
  try {
    if (argc != 4) throw UsageError("usage: fault_holder FOLDER PROJECT FAULT", "see above");
    SmallStack stack(argv[1], argv[2]);
    Journal journal(stack.journal(), argv[2]);
    Outage outage = Inject(stack.context(), journal, stack.MakeFault(argv[3]));
    outage.AwaitEffect(Within(std::chrono::seconds(30)));
    std::cout << "open" << std::endl;
    PauseUntil(Clock::now() + std::chrono::minutes(5));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return ExitStatus(error);
  }
}
