#include "support/base/interrupt.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

// Touched by the signal handler: lock-free atomics and write(2) are safe there.
std::atomic<int> arrived_signal{0};
std::atomic<int> wake_descriptor{-1};
static_assert(std::atomic<int>::is_always_lock_free);

thread_local int shields = 0;

void OnSignal(int signal_number) {
  const int saved_errno = errno;
  arrived_signal.store(signal_number);
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_descriptor.load(), &one, sizeof one);
  errno = saved_errno;
}

}  // namespace

void InstallInterruptHandlers() {
  if (wake_descriptor.load() >= 0) return;
  // Lives as long as the process: the handler may run until its very end.
  const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) throw SystemError("creating the descriptor that reports signals", errno);
  wake_descriptor.store(descriptor);
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  // The second signal of a kind finds the default action: whoever asks twice does not want to wait.
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int InterruptSignal() { return shields > 0 ? 0 : arrived_signal.load(); }

int InterruptDescriptor() { return shields > 0 ? -1 : wake_descriptor.load(); }

InterruptShield::InterruptShield() { ++shields; }

InterruptShield::~InterruptShield() { --shields; }

}  // namespace proving_ground
