#include "support/report/log_excerpts.h"

#include <re2/re2.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <set>

#include "support/audit/finding.h"
#include "support/report/results.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kAround = 2s;               // before and after the time in question
constexpr std::size_t kMostExcerpts = 60;  // of a run in which much went wrong
constexpr std::size_t kMostOfResult = 6;   // services
constexpr std::size_t kLongestLine = 400;  // bytes
constexpr std::uintmax_t kLongestLog = 64U << 20;

struct Window {
  UtcTime from;
  UtcTime to;
};

// From the first fault on, where there was one; else while the case, or the load, ran.
std::optional<Window> WindowOf(const CriterionResult& result, const RunModel& model) {
  std::optional<UtcTime> from;
  std::optional<UtcTime> to;
  if (result.started) {
    from = result.started;
    to = *result.started + result.duration.value_or(10s);
  }
  for (const FaultPeriod& fault : model.faults) {
    if (fault.criterion != result.criterion || fault.team != result.team || !fault.injected) {
      continue;
    }
    from = *fault.injected;
    break;
  }
  if (result.suite == "load" && model.load && model.load->started) {
    from = *model.load->started;
    to = *from + std::chrono::milliseconds(static_cast<std::int64_t>(model.load->duration * 1000));
  }
  if (!from || !to) return std::nullopt;
  return Window{*from - kAround, std::max(*to, *from) + kAround};
}

class Excerpter {
 public:
  Excerpter(const fs::path& folder, const RunModel& model) : model_(model) {
    const fs::path logs = folder / "logs";
    if (!fs::is_directory(logs)) return;
    for (const auto& entry : fs::directory_iterator(logs)) {
      if (entry.path().extension() == ".log") files_.insert(entry.path());
    }
  }

  void Add(const CriterionResult& result, std::vector<LogExcerpt>& excerpts) const {
    const auto window = WindowOf(result, model_);
    if (!window) return;
    std::size_t taken = 0;
    for (const fs::path& file : files_) {
      const std::string service = ServiceOf(file);
      if (!Matters(service, result)) continue;
      if (++taken > kMostOfResult || excerpts.size() >= kMostExcerpts) return;
      LogExcerpt excerpt{result.Name(), service, "logs/" + file.filename().string(), window->from,
                         window->to};
      Read(file, *window, excerpt);
      if (!excerpt.lines.empty()) excerpts.push_back(std::move(excerpt));
    }
  }

 private:
  // "<project>-<service>-<number>.log".
  std::string ServiceOf(const fs::path& file) const {
    std::string name = file.stem().string();
    const std::string prefix = model_.environment.project + "-";
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
    const std::size_t dash = name.rfind('-');
    return dash == std::string::npos ? name : name.substr(0, dash);
  }

  // Of the many workers only those are shown that the result is about.
  bool Matters(const std::string& service, const CriterionResult& result) const {
    if (!result.service.empty()) return service == result.service;
    const auto found = model_.environment.services.find(service);
    if (found == model_.environment.services.end()) return false;
    if (found->second.empty()) return true;
    const bool of_team = result.team.empty() || found->second == result.team;
    return of_team && service.find("worker") == std::string::npos;
  }

  void Read(const fs::path& file, const Window& window, LogExcerpt& excerpt) const {
    std::error_code vanished;
    if (fs::file_size(file, vanished) > kLongestLog || vanished) return;
    static const RE2 kTelling("(?i)warn|error|fatal|panic|fail|refus|denied|lost|abort|exception");
    std::deque<std::string> telling;
    std::deque<std::string> all;
    std::int64_t count = 0;
    std::ifstream stream(file, std::ios::binary);
    for (std::string line; std::getline(stream, line);) {
      const auto at = ParseUtc(std::string_view(line).substr(0, line.find(' ')));
      if (!at || *at < window.from || *at > window.to) continue;
      ++count;
      Keep(line, all);
      if (RE2::PartialMatch(line, kTelling)) Keep(line, telling);
    }
    for (const std::string& line : telling.empty() ? all : telling) {
      excerpt.lines.push_back(ShownText(line, kLongestLine));
    }
    excerpt.left_out = count - static_cast<std::int64_t>(excerpt.lines.size());
  }

  static void Keep(const std::string& line, std::deque<std::string>& lines) {
    lines.push_back(line);
    if (lines.size() > kMostLogLines) lines.pop_front();
  }

  const RunModel& model_;
  std::set<fs::path> files_;
};

}  // namespace

std::vector<LogExcerpt> ReadLogExcerpts(const fs::path& folder, const RunModel& model) {
  std::vector<LogExcerpt> excerpts;
  const Excerpter excerpter(folder, model);
  for (const CriterionResult& result : model.results) {
    const bool good = result.state == ResultState::kPassed || result.state == ResultState::kSkipped;
    if (!good) excerpter.Add(result, excerpts);
  }
  return excerpts;
}

}  // namespace proving_ground
