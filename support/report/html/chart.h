// A time series as the page shows it: drawn by Chart.js where scripts run, and as a table of some
// of its values everywhere.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/report/html/markup.h"

namespace proving_ground::html {

struct Line {
  std::string name;
  std::vector<std::pair<double, std::optional<double>>> points;  // time, value; none: a gap
};

// A stretch that is shaded: a fault, a time without answers.
struct Window {
  std::string label;
  double from = 0;
  double to = 0;
};

struct Chart {
  std::string id;     // unique on the page
  std::string title;  // "Finished tasks a second"
  std::string unit;   // of the values: "ms", "MiB"
  std::string time;   // what time is counted from: "since the load began"
  std::vector<Line> lines;
  std::vector<Window> windows;
};

// The page's charts: their places in the text, and their data.
class Charts {
 public:
  // At most `most_points` values a line get into the page; more are thinned out. 0: no charts.
  explicit Charts(std::size_t most_points) : most_points_(most_points) {}

  // The figure for a chart; empty when it has no values.
  Markup Add(const Chart& chart);

  // For the page's script. Safe between <script> tags.
  std::string DataForScript() const;

 private:
  std::size_t most_points_;
  nlohmann::json data_ = nlohmann::json::array();
};

// `points` thinned out to at most `most`: from each stretch the lowest and the highest value are
// kept, so that no spike gets lost.
std::vector<std::pair<double, std::optional<double>>> Thinned(
    const std::vector<std::pair<double, std::optional<double>>>& points, std::size_t most);

}  // namespace proving_ground::html
