#include "support/base/poll.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "support/base/errors.h"
#include "support/base/file_descriptor.h"
#include "support/base/interrupt.h"

namespace proving_ground {
namespace {

timespec ToTimespec(Clock::duration duration) {
  using std::chrono::duration_cast;
  const auto seconds = duration_cast<std::chrono::seconds>(duration);
  const auto rest = duration_cast<std::chrono::nanoseconds>(duration - seconds);
  return {.tv_sec = seconds.count(), .tv_nsec = rest.count()};
}

// Sleeps until `until` or until one of the two descriptors (or -1) is readable. True: time has
// come.
bool SleepUnlessReadable(Clock::time_point until, int first, int second) {
  std::array<pollfd, 2> watched = {pollfd{first, POLLIN, 0}, pollfd{second, POLLIN, 0}};
  for (;;) {
    const Clock::duration left = std::max(until - Clock::now(), Clock::duration::zero());
    const timespec timeout = ToTimespec(left);
    const int ready = ppoll(watched.data(), watched.size(), &timeout, nullptr);
    if (ready > 0) return false;
    if (ready == 0) return true;
    if (errno != EINTR) throw SystemError("waiting", errno);
  }
}

}  // namespace

Clock::duration Deadline::Remaining() const {
  return std::max(at_ - Clock::now(), Clock::duration::zero());
}

Deadline Within(Clock::duration duration) { return Deadline(Clock::now() + duration); }

bool PauseUntil(Clock::time_point until, std::stop_token stop) {
  if (!stop.stop_possible()) return SleepUnlessReadable(until, InterruptDescriptor(), -1);
  const FileDescriptor stopped(eventfd(0, EFD_CLOEXEC));
  if (!stopped.valid()) throw SystemError("creating an event descriptor", errno);
  const std::stop_callback wake(std::move(stop), [&stopped] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(stopped.get(), &one, sizeof one);
  });
  return SleepUnlessReadable(until, InterruptDescriptor(), stopped.get());
}

std::string DurationText(Clock::duration duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  std::array<char, 32> text;
  if (seconds >= 1) {
    std::snprintf(text.data(), text.size(), "%.2f s", seconds);
  } else if (seconds >= 1e-3) {
    std::snprintf(text.data(), text.size(), "%.0f ms", seconds * 1e3);
  } else {
    std::snprintf(text.data(), text.size(), "%.0f us", seconds * 1e6);
  }
  return text.data();
}

namespace internal {

Wait::Wait(std::string subject, Deadline deadline, Pace pace)
    : subject_(std::move(subject)),
      deadline_(deadline),
      pause_(pace.fastest),
      slowest_(pace.slowest) {}

void Wait::PauseAfterLook(const std::string& seen) {
  ++looks_;
  const Clock::time_point now = Clock::now();
  if (now >= deadline_.at()) {
    throw DeadlineExceeded("gave up waiting for " + subject_ + " after " +
                               DurationText(now - started_) + " and " + std::to_string(looks_) +
                               (looks_ == 1 ? " look" : " looks"),
                           "last seen: " + (seen.empty() ? "nothing" : seen));
  }
  if (!PauseUntil(std::min(now + pause_, deadline_.at()))) {
    throw Interrupted(InterruptSignal(), "waiting for " + subject_);
  }
  pause_ = std::min(pause_ * 2, slowest_);
}

}  // namespace internal
}  // namespace proving_ground
