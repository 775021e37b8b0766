#include "compose/sabotage/worker/broken_workers.h"

namespace platform {

BrokenWorkers AllBrokenWorkers() {
  BrokenWorkers workers;
  AddBrokenExecutors(workers);
  AddBrokenLinks(workers);
  return workers;
}

}  // namespace platform
