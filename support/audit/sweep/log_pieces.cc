#include "support/audit/sweep/log_pieces.h"

#include <fmt/format.h>

namespace proving_ground {

void LogPieces::Feed(std::string_view piece) {
  taken_ += static_cast<std::int64_t>(piece.size());
  if (taken_ > limits_.total) return;
  pending_ += piece;
  if (pending_.size() < limits_.piece) return;
  const std::size_t end = pending_.rfind('\n');
  if (end == std::string::npos) return;
  sweep_.Search(Area::kLog, place_, std::string_view(pending_).substr(0, end + 1), TextKind::kLog);
  pending_.erase(0, end + 1);
}

void LogPieces::Finish() {
  if (!pending_.empty()) sweep_.Search(Area::kLog, place_, pending_, TextKind::kLog);
  pending_.clear();
  if (taken_ > limits_.total) {
    sweep_.CannotSearch(Area::kLog, place_,
                        fmt::format("it is longer than {} bytes", limits_.total));
  }
}

}  // namespace proving_ground
