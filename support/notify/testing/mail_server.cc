#include "support/notify/testing/mail_server.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>

#include "support/base/errors.h"
#include "support/base/poll.h"

extern char** environ;

namespace proving_ground {

using namespace std::chrono_literals;

TestMailServer::TestMailServer(std::vector<std::string> answers) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw SystemError("making a pipe", errno);
  const FileDescriptor theirs(pipe[0]);
  input_ = FileDescriptor(pipe[1]);
  // The system's own Python: the package is installed for that one.
  std::vector<std::string> arguments = {"/usr/bin/python3", PG_MAIL_SERVER,
                                        folder_.path().string()};
  arguments.insert(arguments.end(), answers.begin(), answers.end());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDIN_FILENO);
  const int error =
      posix_spawn(&process_, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw SystemError("starting the mail server", error);
  Await("the mail server to listen", Within(20s), [&](std::string& seen) {
    if (::waitpid(process_, nullptr, WNOHANG) == process_) {
      process_ = -1;
      throw EnvironmentError("the mail server ended", "is python3-aiosmtpd installed?");
    }
    seen = "no port yet";
    return std::filesystem::exists(folder_.path() / "port");
  });
}

TestMailServer::~TestMailServer() {
  input_ = FileDescriptor();
  if (process_ > 0) ::waitpid(process_, nullptr, 0);
}

std::string TestMailServer::url() const {
  return "smtp://127.0.0.1:" + ReadFile(folder_.path() / "port");
}

std::vector<std::string> TestMailServer::mails() const {
  std::vector<std::string> mails;
  for (;;) {
    const auto file = folder_.path() / (std::to_string(mails.size() + 1) + ".eml");
    if (!std::filesystem::exists(file)) return mails;
    mails.push_back(ReadFile(file));
  }
}

}  // namespace proving_ground
