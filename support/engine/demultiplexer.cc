#include "support/engine/demultiplexer.h"

#include <algorithm>
#include <utility>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

constexpr std::size_t kHeaderSize = 8;

std::size_t LengthIn(std::string_view header) {
  std::size_t length = 0;
  for (const char byte : header.substr(4, 4)) {
    length = length << 8 | static_cast<unsigned char>(byte);
  }
  return length;
}

// Stream 0 is standard input echoed; it never occurs in what is read here.
OutputStream StreamIn(std::string_view header) {
  if (header[0] == 1) return OutputStream::kStandardOutput;
  if (header[0] == 2) return OutputStream::kStandardError;
  throw EnvironmentError("the engine sent output in an unknown format (stream " +
                             std::to_string(static_cast<unsigned char>(header[0])) + ")",
                         "check that nothing but an engine answers at this address");
}

}  // namespace

Demultiplexer::Demultiplexer(OutputSink sink) : sink_(std::move(sink)) {}

void Demultiplexer::Feed(std::string_view piece) {
  while (!piece.empty()) {
    if (data_left_ == 0) {
      const std::size_t taken = std::min(kHeaderSize - header_.size(), piece.size());
      header_.append(piece.substr(0, taken));
      piece.remove_prefix(taken);
      if (header_.size() < kHeaderSize) return;
      stream_ = StreamIn(header_);
      data_left_ = LengthIn(header_);
      header_.clear();
      continue;
    }
    const std::size_t taken = std::min(data_left_, piece.size());
    sink_(stream_, piece.substr(0, taken));
    piece.remove_prefix(taken);
    data_left_ -= taken;
  }
}

void Demultiplexer::Finish() const {
  if (header_.empty() && data_left_ == 0) return;
  throw EnvironmentError("the engine's output ended in the middle of a frame",
                         "check that the engine is still running: see the engine's log");
}

}  // namespace proving_ground
