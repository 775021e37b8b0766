// Many TCP connections tried at once, from the network namespaces in which they were begun.
#pragma once

#include <string>
#include <vector>

#include "support/attacks/scout/addresses.h"
#include "support/base/file_descriptor.h"
#include "support/base/poll.h"

namespace proving_ground {

// How an attempt went.
enum class Contact {
  kSilent,     // no answer in time, or the way there is barred
  kRefused,    // somebody is there, and has no such port
  kConnected,  // a connection was made
};

class ConnectionAttempts {
 public:
  // Begins an attempt in the network namespace that this thread is in; the socket stays in it.
  // Throws EnvironmentError.
  void Begin(const AnySocketAddress& target);
  std::size_t size() const { return attempts_.size(); }

  // Waits until all are settled, `patience` at most, and closes them. In the order of Begin.
  std::vector<Contact> Finish(Clock::duration patience);

 private:
  struct Attempt {
    FileDescriptor socket;
    bool settled = false;
    Contact contact = Contact::kSilent;
  };
  static void Settle(Attempt& attempt, int error);

  std::vector<Attempt> attempts_;
};

// Sockets that this process may hold at once, after raising its own limit as far as it may.
std::size_t MostSockets();

}  // namespace proving_ground
