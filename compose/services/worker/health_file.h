#pragma once

#include <chrono>
#include <string>

namespace platform {

// Age at which a beat no longer counts as a sign of life: several times the longest pause between
// two beats.
inline constexpr std::chrono::seconds kHealthyAge{20};

// Writes the time of a beat (of the monotonic clock, which nobody sets) to `path`. A worker has no
// port that a health check could ask, so its loop leaves a mark instead. Throws std::runtime_error
// if the file cannot be written.
void Beat(const std::string& path);

// Exit code of a container health check: 0 when the last beat is younger than kHealthyAge, else 1.
int CheckBeat(const std::string& path);

}  // namespace platform
