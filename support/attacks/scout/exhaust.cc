#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "support/attacks/scout/commands.h"

namespace proving_ground {
namespace {

constexpr std::int64_t kStep = 1 << 20;
constexpr std::int64_t kPage = 4096;

void Say(const nlohmann::json& document) { std::cout << document.dump() << std::endl; }

void Spawn(std::int64_t wanted) {
  std::vector<pid_t> children;
  std::string refusal;
  for (std::int64_t i = 0; i < wanted; ++i) {
    const pid_t child = ::fork();
    if (child < 0) {
      refusal = std::strerror(errno);
      break;
    }
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::pause();
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) ::kill(child, SIGKILL);
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  nlohmann::json line = nlohmann::json::object();
  line["spawned"] = children.size();
  line["spawn_refused"] = refusal;
  Say(line);
}

// Writes to each page from `from` to `to`. Returns how far it came.
std::int64_t Touch(std::int64_t from, std::int64_t to) {
  while (from < to) {
    const std::int64_t size = std::min(kStep, to - from);
    void* const memory = ::mmap(nullptr, static_cast<size_t>(size), PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return from;
    auto* const bytes = static_cast<volatile char*>(memory);
    for (std::int64_t at = 0; at < size; at += kPage) bytes[at] = 1;
    from += size;
  }
  return from;
}

void Allocate(std::int64_t wanted) {
  nlohmann::json line = nlohmann::json::object();
  std::int64_t touched = Touch(0, wanted / 2);
  line["touched"] = touched;
  if (touched == wanted / 2) {
    Say(line);
    touched = Touch(touched, wanted);
    line["touched"] = touched;
  }
  if (touched == wanted) {
    line["escaped"] = true;
  } else {
    line["refused"] = std::strerror(ENOMEM);
  }
  Say(line);
}

}  // namespace

void Exhaust(const ExhaustOptions& options) {
  if (options.spawns > 0) Spawn(options.spawns);
  if (options.bytes > 0) Allocate(options.bytes);
}

}  // namespace proving_ground
