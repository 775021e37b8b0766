#include <algorithm>
#include <set>

#include "support/report/html/figures.h"
#include "support/report/html/sections.h"

namespace proving_ground::html {
namespace {

double Since(const LoadSeries& load, UtcTime moment) {
  return std::chrono::duration<double>(moment - *load.started).count();
}

// On a busy machine there are dozens of short ones, which would hide those that matter.
constexpr std::size_t kMostSilences = 3;

// The longest times without an answer from Redis, in the order in which they came.
std::vector<Stretch> LongestSilences(const LoadSeries& load) {
  std::vector<Stretch> gaps = load.ping_gaps;
  std::sort(gaps.begin(), gaps.end(),
            [](const Stretch& a, const Stretch& b) { return a.length > b.length; });
  gaps.resize(std::min(gaps.size(), kMostSilences));
  std::sort(gaps.begin(), gaps.end(),
            [](const Stretch& a, const Stretch& b) { return a.from < b.from; });
  return gaps;
}

// Faults and times without answers that fall into the run.
std::vector<Window> WindowsOf(const RunModel& model, const LoadSeries& load) {
  std::vector<Window> windows;
  for (const Stretch& gap : LongestSilences(load)) {
    windows.push_back({"Redis silent", gap.from, gap.from + gap.length});
  }
  if (!load.started) return windows;
  for (const FaultPeriod& fault : model.faults) {
    if (!fault.injected) continue;
    const double from = Since(load, *fault.injected);
    const auto end = fault.recovered ? fault.recovered : fault.healed;
    const double to = end ? Since(load, *end) : load.duration;
    if (to < 0 || from > load.duration) continue;
    windows.push_back({fault.fault + " of " + fault.target, std::max(from, 0.0), to});
  }
  return windows;
}

std::string Share(int part, int whole) {
  return whole == 0 ? "-" : Amount(static_cast<double>(part) / whole, "ratio");
}

Markup LatencyCells(const Latencies& times) {
  return H(
      R"(<td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td>)",
      Milliseconds(times.p50), Milliseconds(times.p95), Milliseconds(times.p99),
      Milliseconds(times.max));
}

Markup CompletionTable(const LoadSeries& load) {
  Markup rows;
  for (const TeamLoad& team : load.teams) {
    rows += H(
        R"(<tr><th scope="row">{}</th><td class="n">{} of {}</td><td class="n">{}</td><td class="n">{}</td>)"
        R"(<td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}/s</td></tr>)",
        team.team, team.complete_workers, team.workers, Share(team.complete_workers, team.workers),
        team.planned, team.accepted, team.refused, team.finished, team.unfinished,
        Number(team.throughput, 2));
  }
  return Table("Completion by team",
               {"Team", "#Complete workers", "#Share", "#Tasks planned", "#Accepted", "#Refused",
                "#Finished", "#Never finished", "#Throughput"},
               rows);
}

Markup LatencyTable(const LoadSeries& load) {
  Markup rows;
  for (const TeamLoad& team : load.teams) {
    rows += H(R"(<tr><th scope="row">{}</th><td>response</td>{}<td class="n">{}</td></tr>)",
              team.team, LatencyCells(team.response), team.response.samples);
    rows += H(R"(<tr><th scope="row">{}</th><td>service</td>{}<td class="n">{}</td></tr>)",
              team.team, LatencyCells(team.service), team.service.samples);
  }
  Markup table = Table("Latency by team",
                       {"Team", "Time", "#p50", "#p95", "#p99", "#Longest", "#Samples"}, rows);
  if (table.empty()) return table;
  table +=
      H("<p>Response time counts from the moment a task was meant to arrive to its finish, service "
        "time from the moment a worker started it; think time is left out of both. They differ by "
        "the time a task had to wait.</p>");
  return table;
}

std::vector<Line> TeamLines(const LoadSeries& load,
                            std::optional<double> (*value)(const LoadSeries&, const LoadPoint&)) {
  std::vector<Line> lines;
  for (const TeamLoad& team : load.teams) {
    Line line{team.team, {}};
    for (const LoadPoint& point : team.points) {
      line.points.emplace_back(point.at, value(load, point));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<Line> MemoryLines(const LoadSeries& load) {
  constexpr double kMebi = 1024.0 * 1024.0;
  std::set<std::string> roles;
  for (const ResourcePoint& point : load.resources) {
    for (const auto& [role, bytes] : point.memory_bytes) roles.insert(role);
  }
  std::vector<Line> lines;
  for (const std::string& role : roles) {
    Line line{role, {}};
    for (const ResourcePoint& point : load.resources) {
      const auto found = point.memory_bytes.find(role);
      line.points.emplace_back(point.at, found == point.memory_bytes.end()
                                             ? std::nullopt
                                             : std::optional(found->second / kMebi));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

Line ResourceLine(const LoadSeries& load, const std::string& name,
                  std::optional<double> ResourcePoint::*value) {
  Line line{name, {}};
  for (const ResourcePoint& point : load.resources)
    line.points.emplace_back(point.at, point.*value);
  return line;
}

Markup Figures(const LoadSeries& load, const std::vector<Window>& windows, Charts& charts) {
  const std::string time = "seconds since the load began";
  Markup figures;
  figures += charts.Add({"load-throughput", "Throughput", "finished tasks a second", time,
                         TeamLines(load,
                                   [](const LoadSeries& all, const LoadPoint& point) {
                                     return all.every > 0
                                                ? std::optional(point.finished / all.every)
                                                : std::nullopt;
                                   }),
                         windows});
  figures +=
      charts.Add({"load-latency", "Response time, p99", "ms", time,
                  TeamLines(load,
                            [](const LoadSeries&, const LoadPoint& point) {
                              return point.response.p99 ? point.response.p99 : point.response.max;
                            }),
                  windows});
  figures += charts.Add({"load-memory", "Memory by role", "MiB", time, MemoryLines(load), windows});
  figures += charts.Add({"load-ping",
                         "Redis ping",
                         "ms",
                         time,
                         {ResourceLine(load, "ping", &ResourcePoint::ping_ms)},
                         windows});
  figures += charts.Add({"load-keys",
                         "Redis keys",
                         "keys",
                         time,
                         {ResourceLine(load, "keys", &ResourcePoint::keys)},
                         windows});
  return figures.empty() ? figures : H(R"(<div class="charts">{}</div>)", figures);
}

}  // namespace

Markup LoadSection(const RunModel& model, Charts& charts) {
  if (!model.load) return {};
  const LoadSeries& load = *model.load;
  Markup content;
  if (!load.complete) {
    content += H(R"(<p class="warning">The load run broke off: {}</p>)", load.incomplete_reason);
  }
  content +=
      H("<p>{} s of load, seed {}. Redis answered {} of {} pings; its longest silence was {}.</p>",
        Number(load.duration, 0), load.seed, load.pings_answered, load.pings_sent,
        Amount(load.longest_ping_gap_ms, "ms"));
  content += CompletionTable(load);
  content += LatencyTable(load);
  content += Figures(load, WindowsOf(model, load), charts);
  return Section("load", "Load", content);
}

}  // namespace proving_ground::html
