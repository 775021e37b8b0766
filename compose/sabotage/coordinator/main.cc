// A coordinator made of the parts of production, but for the one that SABOTAGE names.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "compose/sabotage/coordinator/broken_stores.h"
#include "compose/services/common/secret_file.h"
#include "compose/services/coordinator/service.h"

namespace platform {
namespace {

constexpr std::string_view kPasswordFile = "--redis-password-file=";

// The same command line with a password that stays as it is now, whatever becomes of its file.
std::vector<std::string> WithPasswordOfToday(std::vector<std::string> arguments) {
  for (std::string& argument : arguments) {
    if (!argument.starts_with(kPasswordFile)) continue;
    const std::string password = ReadSecretFile(argument.substr(kPasswordFile.size()));
    const int copy = ::memfd_create("password", 0);
    if (::write(copy, password.data(), password.size()) < 0) std::_Exit(EXIT_FAILURE);
    argument = std::string(kPasswordFile) + "/proc/self/fd/" + std::to_string(copy);
  }
  return arguments;
}

int Run(const std::string& defect, std::vector<std::string> arguments) {
  TaskStoreFactory store = MakeRedisTaskStore;
  if (defect == "starts-late") {
    std::this_thread::sleep_for(std::chrono::seconds(9));
  } else if (defect == "keeps-password") {
    arguments = WithPasswordOfToday(std::move(arguments));
  } else {
    const BrokenStores stores = AllBrokenStores();
    const auto found = stores.find(defect);
    if (found == stores.end()) {
      std::cerr << "SABOTAGE names no part that can be broken: " << defect << '\n';
      return 2;
    }
    store = found->second;
  }
  std::vector<const char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
  return RunCoordinator(static_cast<int>(pointers.size()), pointers.data(), store);
}

}  // namespace
}  // namespace platform

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--healthcheck") {
    return platform::RunCoordinator(argc, argv, platform::MakeRedisTaskStore);
  }
  const char* defect = std::getenv("SABOTAGE");
  return platform::Run(defect == nullptr ? "" : defect, {argv, argv + argc});
}
