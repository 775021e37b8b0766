#include "ctest/watch_command.h"

#include <unistd.h>

#include <memory>

#include "support/base/errors.h"
#include "support/engine/engine_address.h"
#include "support/progress/watch.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

struct WatchArguments {
  fs::path run_folder;
  std::string view = "auto";
  int process = 0;
};

Output StandardOutput() {
  return {.terminal = ::isatty(STDOUT_FILENO) == 1,
          .ci = ProcessEnvironment("CI").value_or(""),
          .no_color = ProcessEnvironment("NO_COLOR").value_or(""),
          .term = ProcessEnvironment("TERM").value_or("")};
}

void WatchRun(const WatchArguments& arguments) {
  if (!fs::is_directory(arguments.run_folder)) {
    throw UsageError(arguments.run_folder.string() + " is no run folder",
                     "give the folder that a run printed, as runs/latest");
  }
  const Output output = StandardOutput();
  WatchOptions options;
  options.run_folder = fs::canonical(arguments.run_folder);
  options.descriptor = STDOUT_FILENO;
  options.live = arguments.view == "auto" ? WantsLiveView(output) : arguments.view == "live";
  options.colour = WantsColour(output);
  options.process = arguments.process;
  Watch(options);
}

}  // namespace

void AddWatchCommand(CLI::App& app) {
  const auto arguments = std::make_shared<WatchArguments>();
  CLI::App* watch = app.add_subcommand("watch", "show what a run does while it goes on");
  watch->add_option("run_folder", arguments->run_folder, "folder of the run")->required();
  watch->add_option("--view", arguments->view, "how: auto (default), live, lines")
      ->check(CLI::IsMember({"auto", "live", "lines"}));
  watch->add_option("--pid", arguments->process, "end when this process has ended")
      ->check(CLI::PositiveNumber);
  watch->callback([arguments] { WatchRun(*arguments); });
}

}  // namespace proving_ground
