#include "support/progress/watch.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>

#include "support/base/file_descriptor.h"
#include "support/base/interrupt.h"
#include "support/base/poll.h"
#include "support/progress/event_tail.h"
#include "support/progress/frame.h"
#include "support/progress/live_screen.h"
#include "support/progress/run_progress.h"
#include "support/report/events.h"
#include "support/report/redaction.h"
#include "support/report/results.h"
#include "support/report/run_folder.h"

namespace proving_ground {
namespace {

using nlohmann::json;

UtcTime Now() { return std::chrono::system_clock::now(); }

// A process of others. One that ended has ended, though its parent may not have taken notice yet.
class OtherProcess {
 public:
  explicit OtherProcess(pid_t id) : id_(id) {
    if (id > 0) handle_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
  }

  bool HasEnded() const {
    if (id_ <= 0) return false;
    // It ended before there was a handle, or the kernel is older than 5.3 and has none.
    if (!handle_.valid()) return ::kill(id_, 0) != 0 && errno == ESRCH;
    pollfd look{handle_.get(), POLLIN, 0};
    return ::poll(&look, 1, 0) > 0;
  }

 private:
  pid_t id_;
  FileDescriptor handle_;
};

class Watcher {
 public:
  explicit Watcher(const WatchOptions& options)
      : options_(options),
        folder_(options.run_folder),
        tail_(folder_.Events()),
        process_(options.process) {
    if (options.live) screen_.emplace(options.descriptor);
  }

  void Run() {
    for (bool last = false; !last;) {
      last = ShouldEnd();  // before the last look, so that it sees all
      Look();
      if (!Show(last)) return;
      if (!last) PauseUntil(Clock::now() + options_.look_every);
    }
  }

 private:
  bool ShouldEnd() {
    return InterruptSignal() != 0 || process_.HasEnded() || progress_.state().ended ||
           Clock::now() - heard_ >= options_.give_up_after;
  }

  void Look() {
    const std::vector<json> events = tail_.Next();
    if (!events.empty()) heard_ = Clock::now();
    bool plan_changed = false;
    for (const json& event : events) {
      all_.push_back(event);
      const std::string name = TextOf(event, "event");
      plan_changed = plan_changed || name == "stack.ready" || name == kCasesPlanned;
      for (News& news : progress_.Apply(event)) news_.push_back(std::move(news));
    }
    for (News& news : progress_.Tick(Now())) news_.push_back(std::move(news));
    if (plan_changed) ReadPlan();
  }

  // A plan that cannot be read is a report's business; the view goes on without.
  void ReadPlan() {
    try {
      const json facts = folder_.ReadFacts();
      std::vector<std::string> damaged;
      const auto results =
          ReadResults(folder_, all_, ReadEnvironment(facts), TextsOf(facts, "suites"), damaged);
      progress_.SetPlanned(static_cast<int>(results.size()));
      redactor_ = std::make_unique<Redactor>(TextsOf(facts, "secret_files"));
    } catch (const std::exception&) {
    }
  }

  bool Show(bool last) {
    const UtcTime started = progress_.state().started.value_or(Now());
    for (News& news : news_) news.text = redactor_->Cleaned(news.text);
    const bool shown = screen_ ? ShowLive(started) : ShowLines(started, last);
    news_.clear();
    return shown;
  }

  bool ShowLive(UtcTime started) {
    const Screen screen = ScreenOf(options_.descriptor, options_.colour);
    std::vector<std::string> lasting;
    for (const News& news : news_) {
      if (!news.passing) lasting.push_back(LogLine(news, started, screen));
    }
    return screen_->Show(lasting, DrawFrame(progress_.state(), Now(), screen));
  }

  bool ShowLines(UtcTime started, bool last) {
    std::string text;
    for (const News& news : news_) text += LogLine(news, started) + "\n";
    if (!last && Clock::now() >= next_status_) {
      next_status_ = Clock::now() + options_.status_every;
      const News status{Now(), StatusText(progress_.state(), Now())};
      text += LogLine(status, started) + "\n";
    }
    return WriteAll(options_.descriptor, text);
  }

  const WatchOptions& options_;
  const RunFolder folder_;
  EventTail tail_;
  const OtherProcess process_;
  RunProgress progress_;
  std::vector<json> all_;  // events
  std::vector<News> news_;
  // Until the run tells which files hold secrets, what looks like one is withheld.
  std::unique_ptr<Redactor> redactor_ = std::make_unique<Redactor>(std::vector<std::string>());
  Clock::time_point heard_ = Clock::now();
  Clock::time_point next_status_ = Clock::now() + options_.status_every;
  std::optional<LiveScreen> screen_;
};

}  // namespace

bool WantsLiveView(const Output& output) {
  return output.terminal && output.ci.empty() && !output.term.empty() && output.term != "dumb";
}

bool WantsColour(const Output& output) { return output.terminal && output.no_color.empty(); }

void Watch(const WatchOptions& options) { Watcher(options).Run(); }

}  // namespace proving_ground
