// Takes apart the engine's multiplexed output of containers and execs.
//
// Without a TTY both streams travel in one body as frames: one byte that names the stream (1
// output, 2 error), three of zero, four with the length (big endian), then the data. Frames are cut
// anywhere by the transport. (Docker Engine API, "Stream format" of ContainerAttach.)
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "support/engine/engine.h"

namespace proving_ground {

class Demultiplexer {
 public:
  explicit Demultiplexer(OutputSink sink);

  // Takes the next piece of the body and hands its data to the sink at once, complete frame or not.
  // Throws EnvironmentError when the body is not in this format.
  void Feed(std::string_view piece);

  // To be called at the end of the body; throws EnvironmentError when it ended inside a frame.
  void Finish() const;

 private:
  OutputSink sink_;
  std::string header_;         // of the current frame, as far as it was received
  std::size_t data_left_ = 0;  // bytes of the current frame still to come
  OutputStream stream_ = OutputStream::kStandardOutput;
};

}  // namespace proving_ground
