#include "support/compose/command.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"
#include "support/base/interrupt.h"
#include "support/compose/boost_process.h"

namespace proving_ground {
namespace {

// Time between SIGTERM and SIGKILL: Compose undoes a half-made container when it is asked to end.
constexpr std::chrono::seconds kGrace{5};

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

// Not Boost's own pipe: that one is inherited by whatever child another thread starts meanwhile,
// and then the end of the output is seen only when that child ends too.
Pipe MakePipe() {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw SystemError("creating a pipe", errno);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

std::string ProgramOf(const Command& command) {
  const std::string& name = command.arguments.at(0);
  if (name.find('/') != std::string::npos) return name;
  std::string found = process::search_path(name).string();
  if (found.empty()) {
    throw EnvironmentError("there is no program '" + name + "' in PATH",
                           "install it, or correct PATH");
  }
  return found;
}

// A running command and the read ends of its outputs.
class Running {
 public:
  explicit Running(const Command& command) : name_(command.arguments.at(0)) {
    const std::string program = ProgramOf(command);
    process::environment environment = boost::this_process::environment();
    for (const auto& [name, value] : command.environment) environment[name] = value;
    const std::vector<std::string> arguments(command.arguments.begin() + 1,
                                             command.arguments.end());
    const std::string folder = command.folder.empty() ? "." : command.folder.string();
    const FileDescriptor empty_input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Pipe output = MakePipe();
    Pipe error = MakePipe();
    std::error_code failure;
    child_ = process::child(process::exe = program, process::args = arguments, environment,
                            process::start_dir = folder, group_, failure,
                            process::posix::fd.bind(STDIN_FILENO, empty_input.get()),
                            process::posix::fd.bind(STDOUT_FILENO, output.write_end.get()),
                            process::posix::fd.bind(STDERR_FILENO, error.write_end.get()));
    if (failure) throw SystemError("starting " + program, failure.value());
    outputs_ = {std::move(output.read_end), std::move(error.read_end)};
  }

  ~Running() {
    if (ended_) return;
    // Also reached when the run was interrupted: the group must be gone before this returns.
    const InterruptShield shield;
    try {
      End();
    } catch (const std::exception&) {
      // A process that survives SIGKILL hangs in the kernel; waiting longer would not help.
    }
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  CommandResult Finish(Deadline deadline) {
    CommandResult result;
    while (outputs_[0].valid() || outputs_[1].valid()) ReadSome(result, deadline);
    AwaitEnd(deadline);
    const int status = child_.native_exit_code();
    result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return result;
  }

 private:
  void ReadSome(CommandResult& result, Deadline deadline) {
    std::array<pollfd, 3> watched = {pollfd{outputs_[0].get(), POLLIN, 0},
                                     pollfd{outputs_[1].get(), POLLIN, 0},
                                     pollfd{InterruptDescriptor(), POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.Remaining());
    const int ready = ::poll(watched.data(), watched.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) throw SystemError("reading the output of " + name_, errno);
    if (const int signal_number = InterruptSignal(); signal_number != 0) {
      throw Interrupted(signal_number, "running " + name_);
    }
    if (deadline.Passed()) {
      throw DeadlineExceeded(name_ + " did not end in time and was stopped",
                             "it wrote to standard error: " + result.standard_error);
    }
    if (ready <= 0) return;
    if (watched[0].revents != 0) Drain(outputs_[0], result.standard_output);
    if (watched[1].revents != 0) Drain(outputs_[1], result.standard_error);
  }

  void Drain(FileDescriptor& from, std::string& into) {
    std::array<char, 65536> buffer;
    const ssize_t size = ::read(from.get(), buffer.data(), buffer.size());
    if (size > 0) {
      into.append(buffer.data(), static_cast<size_t>(size));
    } else if (size == 0 || errno != EINTR) {
      from.Close();
    }
  }

  void AwaitEnd(Deadline deadline) {
    Await(name_ + " to end", deadline,
          [this] {
            std::error_code failure;
            ended_ = !child_.running(failure);
            return ended_;
          },
          {.fastest = std::chrono::milliseconds(1), .slowest = std::chrono::milliseconds(50)});
  }

  void End() {
    ::kill(-group_.native_handle(), SIGTERM);
    try {
      AwaitEnd(Within(kGrace));
    } catch (const DeadlineExceeded&) {
    }
    // Children of the command may outlive it.
    ::kill(-group_.native_handle(), SIGKILL);
    if (!ended_) AwaitEnd(Within(kGrace));
  }

  std::string name_;
  process::group group_;
  process::child child_;
  std::array<FileDescriptor, 2> outputs_;
  bool ended_ = false;
};

}  // namespace

CommandResult RunCommand(const Command& command, Deadline deadline) {
  return Running(command).Finish(deadline);
}

}  // namespace proving_ground
