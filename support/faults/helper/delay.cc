#include <fcntl.h>
#include <net/if.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <memory>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"
#include "support/faults/helper/commands.h"
#include "support/faults/helper/report.h"

namespace proving_ground {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

// What a program said and how it ended.
struct Ended {
  int exit_code = 0;
  std::string complaint;  // first line of its standard error
};

Ended RunTc(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "tc");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends = {};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw SystemError("make a pipe", errno);
  const FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDERR_FILENO);
  pid_t child = 0;
  const int error = posix_spawnp(&child, "tc", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw SystemError("start tc", error);
  writing.Close();
  Ended ended;
  std::array<char, 512> piece;
  for (ssize_t got = 0; (got = ::read(reading.get(), piece.data(), piece.size())) > 0;) {
    ended.complaint.append(piece.data(), static_cast<size_t>(got));
  }
  ended.complaint = ended.complaint.substr(0, ended.complaint.find('\n'));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ended.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

std::vector<std::string> Interfaces() {
  std::vector<std::string> names;
  const std::unique_ptr<struct if_nameindex, decltype(&if_freenameindex)> list(if_nameindex(),
                                                                               if_freenameindex);
  for (const struct if_nameindex* entry = list.get(); entry && entry->if_index != 0; ++entry) {
    if (std::string_view(entry->if_name) != "lo") names.emplace_back(entry->if_name);
  }
  return names;
}

// Queues that delay, on all interfaces; gone with this object.
class DelayQueues {
 public:
  DelayQueues(const std::vector<std::string>& interfaces, std::chrono::milliseconds by) {
    for (const std::string& interface : interfaces) Add(interface, by);
  }
  ~DelayQueues() { RemoveAll(); }
  DelayQueues(const DelayQueues&) = delete;
  DelayQueues& operator=(const DelayQueues&) = delete;

 private:
  // `add`, not `replace`: the kernel refuses when somebody else has set a queue there.
  void Add(const std::string& interface, std::chrono::milliseconds by) {
    const Ended ended = RunTc({"qdisc", "add", "dev", interface, "root", "netem", "delay",
                               std::to_string(by.count()) + "ms"});
    if (ended.exit_code == 0) {
      delayed_.push_back(interface);
      return;
    }
    RemoveAll();
    if (ended.complaint.find("qdisc kind is unknown") != std::string::npos) {
      throw Unavailable{"the kernel has no netem: " + ended.complaint};
    }
    throw EnvironmentError(
        "tc cannot delay what leaves through " + interface + ": " + ended.complaint,
        "it takes the capability NET_ADMIN, and no queue set by somebody else");
  }

  void RemoveAll() {
    for (const std::string& interface : delayed_) RunTc({"qdisc", "del", "dev", interface, "root"});
    delayed_.clear();
  }

  std::vector<std::string> delayed_;
};

// How long an answer takes. Throws EnvironmentError when there is none.
Milliseconds AnswerTime(const SocketAddress& address) {
  const auto answer = Reach({address}, std::chrono::seconds(5)).front();
  if (answer) return *answer;
  throw EnvironmentError("the address whose answers are timed does not answer",
                         "check that the service there runs");
}

}  // namespace

void Delay(const DelayOptions& options) {
  nlohmann::json ready = nlohmann::json::object();
  if (options.address) ready["before_ms"] = AnswerTime(*options.address).count();
  const DelayQueues queues(
      options.interface.empty() ? Interfaces() : std::vector{options.interface}, options.by);
  if (options.address) {
    const Milliseconds now = AnswerTime(*options.address);
    ready["now_ms"] = now.count();
    if (now < options.by) {
      throw EnvironmentError(
          "answers come after " + std::to_string(now.count()) + " ms: the delay has no effect",
          "check that the traffic takes another way");
    }
  }
  ready["ready"] = true;
  Report(ready);
  Live(options.end);
  Report({{"ended", true}});
}

}  // namespace proving_ground
