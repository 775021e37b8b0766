// Which tasks the stack took and has not ended yet.
#pragma once

#include <cstdint>
#include <vector>

namespace proving_ground {

// News of a task come in any order: its end may be seen before its acceptance is answered.
class TaskBook {
 public:
  void Take(std::int64_t task) { Note(task, kTaken); }
  void End(std::int64_t task) { Note(task, kEnded); }
  std::int64_t unfinished() const { return unfinished_; }

 private:
  static constexpr std::uint8_t kTaken = 1;
  static constexpr std::uint8_t kEnded = 2;

  void Note(std::int64_t task, std::uint8_t what) {
    const auto index = static_cast<std::size_t>(task);
    if (index >= states_.size()) states_.resize(index + 1);
    unfinished_ -= states_[index] == kTaken ? 1 : 0;
    states_[index] |= what;
    unfinished_ += states_[index] == kTaken ? 1 : 0;
  }

  std::vector<std::uint8_t> states_;  // one byte a task
  std::int64_t unfinished_ = 0;
};

}  // namespace proving_ground
