// A worker made of the parts of production, but for the one that SABOTAGE names.
#include <cstdlib>
#include <iostream>
#include <string>

#include "compose/sabotage/worker/broken_workers.h"
#include "compose/services/worker/worker_options.h"

int main(int argc, char** argv) {
  if (platform::FindHealthCheck(argc, argv)) return platform::WorkerMain(argc, argv);
  const char* defect = std::getenv("SABOTAGE");
  const platform::BrokenWorkers workers = platform::AllBrokenWorkers();
  const auto found = workers.find(defect == nullptr ? "" : defect);
  if (found == workers.end()) {
    std::cerr << "SABOTAGE names no part that can be broken\n";
    return 2;
  }
  return platform::WorkerMain(argc, argv, found->second);
}
