#include "support/load/slope.h"

#include <algorithm>

namespace proving_ground {
namespace {

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

std::optional<Growth> RobustGrowth(const std::vector<SeriesPoint>& points,
                                   std::size_t minimum_points) {
  if (points.size() < std::max<std::size_t>(minimum_points, 2)) return std::nullopt;
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double time = points[j].time - points[i].time;
      if (time != 0) slopes.push_back((points[j].value - points[i].value) / time);
    }
  }
  if (slopes.empty()) return std::nullopt;
  const auto [first, last] = std::minmax_element(
      points.begin(), points.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  Growth growth;
  growth.slope = Median(std::move(slopes));
  std::vector<double> starts;
  for (const SeriesPoint& point : points) {
    starts.push_back(point.value - growth.slope * (point.time - first->time));
  }
  growth.start = Median(std::move(starts));
  growth.absolute = growth.slope * (last->time - first->time);
  growth.relative = growth.start > 0 ? growth.absolute / growth.start : 0;
  return growth;
}

}  // namespace proving_ground
