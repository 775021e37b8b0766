// Exceptions of the harness, and the exit code each of them leads to.
//
// The harness throws when it cannot do its work; a criterion that is missed is not an exception but
// a verdict. Every message says what happened and what to do about it:
//
//   throw EnvironmentError("no container engine answers at unix:///var/run/docker.sock",
//                          "start one, or point DOCKER_HOST at it");
//
//   catch (const std::exception& error) { std::cerr << error.what() << "\n"; return
//   ExitStatus(error); }
#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace proving_ground {

// How a run ends. Scripts and CI read these numbers.
enum class ExitCode {
  kProven = 0,
  kCriterionFailed = 1,
  kInconclusive = 2,
  kUsage = 3,
  kEnvironment = 4,
  kInternal = 5,
};

// Base of all exceptions with a remedy. what() is "<happened>; <remedy>".
class Error : public std::runtime_error {
 public:
  ExitCode exit_code() const { return exit_code_; }

 protected:
  Error(ExitCode exit_code, const std::string& happened, const std::string& remedy);

 private:
  ExitCode exit_code_;
};

// The caller asked for something that cannot be: a wrong option, file or contract. Exit code 3.
class UsageError : public Error {
 public:
  UsageError(const std::string& happened, const std::string& remedy);
};

// Something around the harness is missing or broken: engine, image, disk, network. Exit code 4.
class EnvironmentError : public Error {
 public:
  EnvironmentError(const std::string& happened, const std::string& remedy);
};

// What was waited for did not come in time. Exit code 4.
class DeadlineExceeded : public EnvironmentError {
 public:
  using EnvironmentError::EnvironmentError;
};

// SIGINT or SIGTERM arrived while waiting. Exit status 128 + signal, the shells' convention.
class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(int signal_number, const std::string& while_doing);
  int signal_number() const { return signal_number_; }

 private:
  int signal_number_;
};

// Exit status of a process that ends because of `error`; 5 for exceptions that are not ours.
int ExitStatus(const std::exception& error);

// EnvironmentError for a failed system call: "<doing>: <text of error_number>; <remedy>". Picks the
// remedy for the causes a user can do something about (disk full, permission, too many open files).
EnvironmentError SystemError(const std::string& doing, int error_number);

}  // namespace proving_ground
