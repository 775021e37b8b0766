#include "support/faults/probe/line_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "support/base/errors.h"
#include "support/base/interrupt.h"

namespace proving_ground {
namespace {

constexpr std::chrono::milliseconds kDelay{10};

}  // namespace

LineWriter::LineWriter(int descriptor) : descriptor_(descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0 || ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) {
    throw SystemError("cannot prepare the output", errno);
  }
}

void LineWriter::Add(std::string_view line) {
  if (buffer_.empty()) due_ = Clock::now() + kDelay;
  buffer_.append(line) += '\n';
}

Clock::time_point LineWriter::due() const { return due_; }

void LineWriter::Flush() {
  if (Clock::now() >= due_) Write();
}

void LineWriter::FlushAll(Deadline deadline) {
  const InterruptShield shield;
  Await("the reader of the output", deadline, [this] {
    Write();
    return buffer_.empty();
  });
}

void LineWriter::Write() {
  std::size_t written = 0;
  while (written < buffer_.size()) {
    const ssize_t size = ::write(descriptor_, buffer_.data() + written, buffer_.size() - written);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) break;
    if (size < 0) throw SystemError("cannot write to the output", errno);
    written += static_cast<std::size_t>(size);
  }
  buffer_.erase(0, written);
  due_ = buffer_.empty() ? Clock::time_point::max() : Clock::now() + kDelay;
}

}  // namespace proving_ground
