#pragma once

#include <stdexcept>

namespace platform {

// Thrown while a service starts, when what it was given cannot be used. The message is one line of
// the form
// "<what is wrong>; <remedy>" and never contains a secret. RunService() prints it and exits with
// code 2.
class ConfigurationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace platform
