#include "support/base/errors.h"

#include <cerrno>
#include <csignal>
#include <system_error>

namespace proving_ground {
namespace {

std::string SignalName(int signal_number) {
  if (signal_number == SIGINT) return "SIGINT";
  if (signal_number == SIGTERM) return "SIGTERM";
  return "signal " + std::to_string(signal_number);
}

std::string RemedyFor(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "the disk or quota is full: free space, or choose another folder";
    case EACCES:
    case EPERM:
      return "check owner and permissions";
    case EROFS:
      return "the file system is read-only: choose another folder";
    case ENOENT:
      return "check that the path exists";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    default:
      return "check the machine's log";
  }
}

}  // namespace

Error::Error(ExitCode exit_code, const std::string& happened, const std::string& remedy)
    : std::runtime_error(happened + "; " + remedy), exit_code_(exit_code) {}

UsageError::UsageError(const std::string& happened, const std::string& remedy)
    : Error(ExitCode::kUsage, happened, remedy) {}

EnvironmentError::EnvironmentError(const std::string& happened, const std::string& remedy)
    : Error(ExitCode::kEnvironment, happened, remedy) {}

Interrupted::Interrupted(int signal_number, const std::string& while_doing)
    : std::runtime_error("interrupted by " + SignalName(signal_number) + " while " + while_doing),
      signal_number_(signal_number) {}

int ExitStatus(const std::exception& error) {
  if (const auto* ours = dynamic_cast<const Error*>(&error)) {
    return static_cast<int>(ours->exit_code());
  }
  if (const auto* interrupted = dynamic_cast<const Interrupted*>(&error)) {
    return 128 + interrupted->signal_number();
  }
  return static_cast<int>(ExitCode::kInternal);
}

EnvironmentError SystemError(const std::string& doing, int error_number) {
  return EnvironmentError(doing + ": " + std::generic_category().message(error_number),
                          RemedyFor(error_number));
}

}  // namespace proving_ground
