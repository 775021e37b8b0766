#include "support/progress/frame.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/load/progress.h"
#include "support/progress/line_text.h"

namespace proving_ground {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t kBar = 24;        // columns between its brackets
constexpr std::size_t kNarrowBar = 10;  // on a narrow screen
constexpr std::size_t kNarrow = 70;
constexpr std::size_t kWidestHead = 24;  // of the names at the left
constexpr const char* kGap = "   ";

// SGR parameters, of the eight colours that every terminal has and themes keep readable.
const char* CodeOf(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "32";
    case Tone::kBad:
      return "31";
    case Tone::kUnsure:
      return "33";
    case Tone::kPlain:
      break;
  }
  return "";
}

// One line under construction: pieces are cut where the screen ends, escape sequences take no room.
class Line {
 public:
  explicit Line(const Screen& screen) : screen_(screen), left_(screen.columns) {}

  Line& Add(const std::string& text, Tone tone = Tone::kPlain) { return Piece(text, CodeOf(tone)); }
  Line& AddBold(const std::string& text) { return Piece(text, "1"); }

  std::string Take() {
    const std::size_t end = line_.find_last_not_of(' ');
    line_.erase(end == std::string::npos ? 0 : end + 1);
    return std::move(line_);
  }

 private:
  Line& Piece(const std::string& text, const std::string& code) {
    const std::string shown = Cut(text, left_);
    left_ -= Columns(shown);
    const bool coloured = screen_.colour && !code.empty() && !shown.empty();
    line_ += coloured ? "\x1b[" + code + "m" + shown + "\x1b[0m" : shown;
    return *this;
  }

  const Screen& screen_;
  std::size_t left_;
  std::string line_;
};

class Frame {
 public:
  Frame(const RunState& state, UtcTime now, const Screen& screen)
      : state_(state),
        now_(now),
        screen_(screen),
        bar_(screen.columns < kNarrow ? kNarrowBar : kBar) {
    if (!state.load) return;
    for (const TeamProgress& team : state.load->teams) {
      head_ = std::max(head_, std::min(Columns(OneLine(team.team)) + 4, kWidestHead));
    }
  }

  std::vector<std::string> Draw() {
    DrawJudged();
    DrawActivity();
    for (const OpenFault& fault : state_.faults) DrawFault(fault);
    DrawLoad();
    const std::size_t most = screen_.lines > 1 ? screen_.lines - 1 : 1;
    if (lines_.size() > most) lines_.resize(most);
    return std::move(lines_);
  }

 private:
  std::string Since(UtcTime then) const {
    return ShortDuration(duration_cast<milliseconds>(now_ - then));
  }

  // A line that begins with a name, padded to the column where the values stand.
  Line Headed(const std::string& name) const {
    Line line(screen_);
    line.AddBold(fmt::format("{:<{}}", Cut(name, head_ - 2), head_));
    return line;
  }

  std::string Bar(double share) const {
    const auto width = static_cast<double>(bar_);
    const auto done = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * width);
    return "[" + std::string(done, '#') + std::string(bar_ - done, '-') + "]  ";
  }

  void DrawJudged() {
    const auto judged = static_cast<int>(state_.judged.size());
    const int planned = std::max(judged, state_.planned);
    Line line = Headed("judged");
    line.Add(Bar(planned == 0 ? 0 : static_cast<double>(judged) / planned));
    line.Add(planned == 0 ? fmt::format("{}", judged) : fmt::format("{} of {}", judged, planned));
    const char* before = kGap;
    for (const ResultState state :
         {ResultState::kPassed, ResultState::kFailed, ResultState::kError,
          ResultState::kInconclusive, ResultState::kSkipped, ResultState::kDidNotFinish}) {
      const int count = state_.Count(state);
      if (count == 0) continue;
      const bool bad = state == ResultState::kFailed || state == ResultState::kError;
      line.Add(before).Add(fmt::format("{} {}", count, StateName(state)),
                           state == ResultState::kPassed ? Tone::kGood
                           : bad                         ? Tone::kBad
                                                         : Tone::kUnsure);
      before = ", ";
    }
    if (state_.started) line.Add(kGap + ("run " + Since(*state_.started)));
    lines_.push_back(line.Take());
  }

  void DrawActivity() {
    Line line = Headed("now");
    if (!state_.activity) {
      line.Add(state_.ended     ? "the run has ended"
               : state_.started ? "between two cases"
                                : "nothing has begun yet");
      lines_.push_back(line.Take());
      return;
    }
    const Activity& activity = *state_.activity;
    if (!activity.suite.empty() && activity.suite != "case") line.Add(activity.suite + "  ");
    line.AddBold(OneLine(activity.name)).Add(kGap + Since(activity.since));
    if (activity.planned) line.Add(" of " + ShortDuration(*activity.planned));
    if (!activity.claim.empty()) line.Add(kGap + OneLine(activity.claim));
    lines_.push_back(line.Take());
  }

  void DrawFault(const OpenFault& fault) {
    Line line = Headed("fault");
    line.Add(OneLine(fault.fault + " of " + fault.target) + kGap);
    line.Add(fault.healed ? "taken back, recovering"
             : fault.felt ? "in effect"
                          : "injected",
             fault.healed ? Tone::kUnsure : Tone::kBad);
    lines_.push_back(line.Add(", " + Since(fault.since)).Take());
  }

  void DrawLoad() {
    if (!state_.load || state_.load->phase.empty()) return;
    const LoadProgress& load = *state_.load;
    // Between two reports of it the load phase goes on.
    milliseconds elapsed = load.elapsed;
    if (load.phase == "load") elapsed += duration_cast<milliseconds>(now_ - load.at);
    elapsed = std::max(std::min(elapsed, load.duration), milliseconds(0));
    const auto share = static_cast<double>(elapsed.count()) /
                       static_cast<double>(std::max<std::int64_t>(load.duration.count(), 1));
    Line line = Headed("load");
    line.Add(Bar(share) +
             fmt::format("{} of {} s", elapsed.count() / 1000, load.duration.count() / 1000));
    lines_.push_back(line.Add(kGap + ("phase " + OneLine(load.phase))).Take());
    for (const TeamProgress& team : load.teams) {
      if (team.planned > 0) DrawTeam(team);
    }
  }

  void DrawTeam(const TeamProgress& team) {
    Line line = Headed("  " + OneLine(team.team));
    const auto planned = static_cast<double>(std::max<std::int64_t>(team.planned, 1));
    line.Add(Bar(static_cast<double>(team.finished) / planned));
    line.Add(fmt::format("{} of {}", team.finished, team.planned) + kGap);
    line.Add(fmt::format("{} workers, {} running", team.workers, team.running));
    if (team.failed > 0) line.Add(", ").Add(fmt::format("{} failed", team.failed), Tone::kBad);
    if (team.p99_ms) {
      const microseconds p99(static_cast<std::int64_t>(*team.p99_ms * 1000));
      line.Add(", p99 " + LatencyText(p99));
    }
    lines_.push_back(line.Take());
  }

  const RunState& state_;
  const UtcTime now_;
  const Screen& screen_;
  const std::size_t bar_;
  std::size_t head_ = 10;  // columns of the names at the left
  std::vector<std::string> lines_;
};

std::string Stamp(const News& news, UtcTime started) {
  return fmt::format("{:>7}  ", ShortDuration(duration_cast<milliseconds>(news.at - started)));
}

}  // namespace

std::vector<std::string> DrawFrame(const RunState& state, UtcTime now, const Screen& screen) {
  return Frame(state, now, screen).Draw();
}

std::string LogLine(const News& news, UtcTime started) {
  return Stamp(news, started) + OneLine(news.text);
}

std::string LogLine(const News& news, UtcTime started, const Screen& screen) {
  return Line(screen).Add(Stamp(news, started)).Add(OneLine(news.text), news.tone).Take();
}

}  // namespace proving_ground
