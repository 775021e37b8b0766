// HTTP as an attacker sends it: any bytes, at any pace, over a connection of its own. libcurl would
// repair or refuse much of what has to be tried here.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "support/base/file_descriptor.h"
#include "support/base/poll.h"

namespace proving_ground {

struct RawAnswer {
  int status = 0;       // 0: there was none
  std::string head;     // status line and headers as they came, without the empty line
  std::string body;     // chunks put together
  bool closed = false;  // the server ended the connection without answering
  Clock::duration took{};

  // First header of that name, in any case.
  std::optional<std::string> Header(std::string_view name) const;
};

class RawConnection {
 public:
  // `address`: IPv4. Throws EnvironmentError when nobody accepts in time.
  RawConnection(const std::string& address, int port, std::chrono::milliseconds connect_within);

  // False when the server closed, or stopped reading until the deadline: then its answer may have
  // come already.
  bool Send(std::string_view bytes, Deadline deadline);
  // Waits for one answer. Never throws for what the server does.
  RawAnswer Receive(Deadline deadline);
  // Whether the server has closed by now; what it sent before is thrown away.
  bool ClosedByServer();

 private:
  enum class Read { kMore, kClosed, kLate };
  Read ReadMore(Deadline deadline);
  Read ReadUntil(std::size_t size, Deadline deadline);
  void TakeBody(RawAnswer& answer, Deadline deadline);
  bool TakeChunk(std::string& body, Deadline deadline);

  FileDescriptor socket_;
  std::string buffer_;
};

}  // namespace proving_ground
