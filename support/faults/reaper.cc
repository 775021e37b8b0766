#include "support/faults/reaper.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <mutex>
#include <system_error>

#include "support/base/file_descriptor.h"
#include "support/faults/reaper_settings.h"

namespace proving_ground {
namespace {

// What posix_spawn is told besides program and arguments.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // Out of the terminal's session: Ctrl-C and a hang-up are not for it.
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  void Give(int descriptor, int as) { posix_spawn_file_actions_adddup2(&actions_, descriptor, as); }
  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

class Reaper {
 public:
  explicit Reaper(const ReaperSettings& settings) : journal_(settings.journal) {
    WriteReaperSettings(settings);
    const std::filesystem::path log_path = ReaperLogPath(journal_);
    const FileDescriptor log(
        ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!log.valid()) throw SystemError("opening " + log_path.string(), errno);
    std::array<int, 2> ends;
    // Close-on-exec: another child that held the writing end would keep the reaper waiting.
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw SystemError("creating a pipe", errno);
    const FileDescriptor reading(ends[0]);
    pipe_ = FileDescriptor(ends[1]);
    Spawn(reading.get(), log.get());
  }

  ~Reaper() {
    // A process that was forked from the harness is not the harness.
    if (owner_ != ::getpid() || process_ <= 0) return;
    std::error_code failure;
    if (std::filesystem::file_size(journal_, failure) != 0 && !failure) return;
    // The process is at its end; that the reaper may have been killed is no reason to die of it.
    ::signal(SIGPIPE, SIG_IGN);
    [[maybe_unused]] const ssize_t told = ::write(pipe_.get(), "farewell", 8);
    ::waitpid(process_, nullptr, 0);
  }
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;

  bool IsAlive() {
    if (owner_ != ::getpid()) return false;
    if (::waitpid(process_, nullptr, WNOHANG) != 0) process_ = -1;
    return process_ > 0;
  }

 private:
  void Spawn(int input, int output) {
    SpawnSettings settings;
    settings.Give(input, STDIN_FILENO);
    settings.Give(output, STDOUT_FILENO);
    settings.Give(output, STDERR_FILENO);
    std::string program = REAPER_PROGRAM;
    std::string file = ReaperSettingsPath(journal_).string();
    std::array<char*, 3> arguments = {program.data(), file.data(), nullptr};
    const int error = ::posix_spawn(&process_, program.c_str(), settings.actions(),
                                    settings.attributes(), arguments.data(), environ);
    if (error != 0) throw SystemError("starting the reaper " + program, error);
  }

  std::filesystem::path journal_;
  pid_t owner_ = ::getpid();
  pid_t process_ = -1;
  FileDescriptor pipe_;
};

}  // namespace

void EnsureReaper(const FaultContext& context, const Journal& journal) {
  static std::mutex mutex;
  static std::map<std::filesystem::path, std::unique_ptr<Reaper>> reapers;
  const std::lock_guard lock(mutex);
  std::unique_ptr<Reaper>& reaper = reapers[journal.path()];
  if (reaper != nullptr && reaper->IsAlive()) return;
  reaper = std::make_unique<Reaper>(ReaperSettingsFor(context, journal.path()));
}

}  // namespace proving_ground
