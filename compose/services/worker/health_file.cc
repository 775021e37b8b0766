#include "compose/services/worker/health_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace platform {
namespace {

using std::chrono::milliseconds;

milliseconds Now() {
  return std::chrono::duration_cast<milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

void Beat(const std::string& path) {
  // Always the same length, so that one write replaces the previous mark as a whole.
  char mark[24];
  const int length =
      std::snprintf(mark, sizeof mark, "%020lld\n", static_cast<long long>(Now().count()));
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool written = fd >= 0 && pwrite(fd, mark, static_cast<std::size_t>(length), 0) == length;
  const int error = errno;
  if (fd >= 0) close(fd);
  if (!written) throw std::runtime_error("cannot write " + path + ": " + std::strerror(error));
}

int CheckBeat(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 1;
  char mark[24];
  const auto length = read(fd, mark, sizeof mark);
  close(fd);
  long long beat = 0;
  if (length <= 0 || std::from_chars(mark, mark + length, beat).ec != std::errc()) return 1;
  const auto age = Now() - milliseconds(beat);
  return age >= milliseconds(0) && age < kHealthyAge ? 0 : 1;
}

}  // namespace platform
