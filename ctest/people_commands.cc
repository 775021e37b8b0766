#include "ctest/people_commands.h"

#include <iostream>
#include <memory>

#include "support/notify/notify.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

// What was not delivered also shows in the summary of a GitHub job.
void Print(const Notification& notification) {
  const bool delivered = notification.delivery.delivered;
  (delivered ? std::cout : std::cerr) << notification << std::endl;
  if (!delivered && ProcessEnvironment("GITHUB_ACTIONS").value_or("") == "true") {
    std::cout << "::warning title=Notification not delivered::" << notification << std::endl;
  }
}

void Notify(const fs::path& run_folder) {
  const auto notifications = NotifyOfRun(run_folder, NotifySettingsFrom());
  for (const Notification& notification : notifications) Print(notification);
  if (notifications.empty()) std::cout << "no channel is set up that wants to know\n";
}

}  // namespace

void AddPeopleCommands(CLI::App& app) {
  struct Options {
    fs::path folder;
    int days = 7;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* const notify = app.add_subcommand("notify", "tell people how a run ended");
  notify->add_option("run_folder", options->folder, "folder of the run")->required();
  notify->callback([options] { Notify(options->folder); });
  CLI::App* const digest = app.add_subcommand("digest", "mail a digest of the last runs");
  digest->add_option("runs", options->folder, "folder that holds the run folders")->required();
  digest->add_option("--days", options->days, "how far back; default 7")->check(CLI::Range(1, 366));
  digest->callback(
      [options] { Print(SendDigest(options->folder, options->days, NotifySettingsFrom())); });
}

}  // namespace proving_ground
