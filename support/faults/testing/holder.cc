#include "support/faults/testing/holder.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <vector>

#include "support/base/errors.h"
#include "support/base/poll.h"

namespace proving_ground {

using namespace std::chrono_literals;

std::set<pid_t> ChildrenOf(pid_t parent, const std::string& name) {
  std::set<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string command;
    std::string state;
    pid_t process = -1;
    pid_t its_parent = -1;
    if (file >> process >> command >> state >> its_parent && its_parent == parent &&
        command == "(" + name + ")") {
      children.insert(process);
    }
  }
  return children;
}

Holder::Holder(const std::filesystem::path& folder, const std::string& project,
               const std::string& fault) {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw SystemError("creating a pipe", errno);
  const FileDescriptor reading(ends[0]);
  {
    const FileDescriptor writing(ends[1]);
    std::vector<std::string> words = {FAULT_HOLDER_PROGRAM, folder.string(), project, fault};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
    const int error =
        ::posix_spawn(&process_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw SystemError("starting the holder", error);
  }
  std::array<char, 8> answer;
  if (::read(reading.get(), answer.data(), answer.size()) <= 0) {
    Kill();
    throw EnvironmentError("the fault " + fault + " was not opened", "see what it wrote");
  }
  const std::set<pid_t> reapers = ChildrenOf(process_, "reaper");
  if (reapers.size() != 1) throw EnvironmentError("the holder has no reaper", "see why it ended");
  reaper_ = *reapers.begin();
}

Holder::~Holder() { Kill(); }

void Holder::Kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

void Holder::KillReaper() {
  ::kill(reaper_, SIGKILL);
  // A zombie until its parent goes.
  Await("the reaper's end", Within(5s), [this] {
    std::string state;
    std::ifstream file("/proc/" + std::to_string(reaper_) + "/stat");
    std::string word;
    return !(file >> word >> word >> state) || state == "Z";
  });
}

}  // namespace proving_ground
