#include "support/report/html/chart.h"

#include <algorithm>
#include <cmath>

#include "support/report/html/figures.h"

namespace proving_ground::html {
namespace {

using nlohmann::json;
using Points = std::vector<std::pair<double, std::optional<double>>>;

constexpr std::size_t kMostRows = 16;  // of the table beside a chart

double Rounded(double value) { return std::round(value * 1000) / 1000; }

bool HasValues(const Chart& chart) {
  return std::any_of(chart.lines.begin(), chart.lines.end(), [](const Line& line) {
    return std::any_of(line.points.begin(), line.points.end(),
                       [](const auto& point) { return point.second.has_value(); });
  });
}

json DataOf(const Points& points) {
  json list = json::array();
  for (const auto& [at, value] : points) {
    list.push_back({Rounded(at), value ? json(Rounded(*value)) : json(nullptr)});
  }
  return list;
}

// The value of `line` at `at`, or the last one before.
std::optional<double> ValueAt(const Line& line, double at) {
  std::optional<double> value;
  for (const auto& [time, seen] : line.points) {
    if (time > at) break;
    value = seen;
  }
  return value;
}

std::vector<double> TimesOf(const Chart& chart) {
  std::vector<double> times;
  for (const Line& line : chart.lines) {
    for (const auto& point : line.points) times.push_back(point.first);
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  std::vector<double> some;
  const std::size_t step = std::max<std::size_t>(1, (times.size() + kMostRows - 1) / kMostRows);
  for (std::size_t i = 0; i < times.size(); i += step) some.push_back(times[i]);
  return some;
}

Markup Table(const Chart& chart) {
  Markup head;
  for (const Line& line : chart.lines) head += H(R"(<th scope="col">{}</th>)", line.name);
  Markup rows;
  for (const double at : TimesOf(chart)) {
    Markup cells;
    for (const Line& line : chart.lines) {
      const auto value = ValueAt(line, at);
      cells += H("<td>{}</td>", value ? Amount(*value, "") : "-");
    }
    rows += H(R"(<tr><th scope="row">{}</th>{}</tr>)", Number(at, 1), cells);
  }
  return H(
      R"(<div class="wide" tabindex="0" role="region" aria-label="Values of: {}"><table class="numbers">)"
      R"(<caption>{}, {}</caption><thead><tr><th scope="col">s</th>{}</tr></thead><tbody>{}</tbody></table></div>)",
      chart.title, chart.unit, chart.time, head, rows);
}

Markup WindowList(const Chart& chart) {
  Markup items;
  for (const Window& window : chart.windows) {
    items +=
        H("<li>{}: {} s to {} s</li>", window.label, Number(window.from, 1), Number(window.to, 1));
  }
  return items.empty() ? items : H(R"(<ul class="windows">{}</ul>)", items);
}

}  // namespace

Points Thinned(const Points& points, std::size_t most) {
  if (points.size() <= most) return points;
  const std::size_t stretches = std::max<std::size_t>(1, most / 2);
  Points kept;
  const auto value_of = [](const auto& point) { return point.second.value_or(-HUGE_VAL); };
  for (std::size_t i = 0; i < stretches; ++i) {
    const auto first = points.begin() + static_cast<std::ptrdiff_t>(i * points.size() / stretches);
    const auto last =
        points.begin() + static_cast<std::ptrdiff_t>((i + 1) * points.size() / stretches);
    auto [low, high] = std::minmax_element(
        first, last, [&](const auto& a, const auto& b) { return value_of(a) < value_of(b); });
    if (high < low) std::swap(low, high);
    kept.push_back(*low);
    if (high != low) kept.push_back(*high);
  }
  return kept;
}

Markup Charts::Add(const Chart& chart) {
  if (!HasValues(chart)) return {};
  if (most_points_ == 0) {
    return H("<p>{}: left out, to keep this page small enough.</p>", chart.title);
  }
  json lines = json::array();
  for (const Line& line : chart.lines) {
    lines.push_back({{"name", line.name}, {"points", DataOf(Thinned(line.points, most_points_))}});
  }
  json windows = json::array();
  for (const Window& window : chart.windows) {
    windows.push_back(
        {{"label", window.label}, {"from", Rounded(window.from)}, {"to", Rounded(window.to)}});
  }
  data_.push_back({{"id", chart.id},
                   {"unit", chart.unit},
                   {"time", chart.time},
                   {"lines", lines},
                   {"windows", windows}});
  return H(
      R"(<figure class="chart"><figcaption>{}, {}</figcaption>)"
      R"(<div class="plot"><canvas id="{}" role="img" aria-label="{}, {}; values in the table below"></canvas></div>)"
      "{}<details><summary>Values</summary>{}</details></figure>",
      chart.title, chart.unit, chart.id, chart.title, chart.time, WindowList(chart), Table(chart));
}

std::string Charts::DataForScript() const {
  std::string safe;
  for (const char c : data_.dump(-1, ' ', true, json::error_handler_t::replace)) {
    // "</script>" and "<!--" end or change a script element wherever they stand.
    safe += c == '<' ? std::string("\\u003c") : std::string(1, c);
  }
  return safe;
}

}  // namespace proving_ground::html
