#include "support/notify/messages.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr std::size_t kMostShown = 10;         // open criteria in a message
constexpr std::size_t kLongestLine = 300;      // of one of them
constexpr std::size_t kLongestSummary = 1024;  // what PagerDuty takes

// Cut at the end of a UTF-8 character.
std::string Shortened(const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return text;
  std::size_t end = longest - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// Slack's three characters with a meaning.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::vector<std::string> Shown(const RunSummary& run) {
  std::vector<std::string> lines;
  for (const std::string& open : run.open) {
    if (lines.size() == kMostShown) {
      lines.push_back(fmt::format("and {} more", run.open.size() - kMostShown));
      break;
    }
    lines.push_back(Shortened(open, kLongestLine));
  }
  return lines;
}

std::string Counted(const RunSummary& run) {
  std::string text = fmt::format("{} of {} criteria passed", run.passed, run.planned);
  return run.profile.empty() ? text : text + fmt::format(", profile {}", run.profile);
}

// A missed criterion wakes somebody; what could not be proven can wait for the morning.
std::string_view SeverityOf(const RunSummary& run) {
  switch (static_cast<ExitCode>(run.exit_code)) {
    case ExitCode::kCriterionFailed:
      return "critical";
    case ExitCode::kInconclusive:
      return "warning";
    default:
      return "error";
  }
}

std::string DedupKey(const Sender& sender) { return "proving-ground/" + sender.name; }

std::string Date(std::time_t time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(time));
}

int Ready(const std::vector<RunSummary>& runs) {
  return static_cast<int>(
      std::count_if(runs.begin(), runs.end(), [](const RunSummary& run) { return run.good(); }));
}

// How many runs each criterion was open in, most first.
std::vector<std::pair<std::string, int>> OpenMostOften(const std::vector<RunSummary>& runs) {
  std::map<std::string, int> counts;
  for (const RunSummary& run : runs) {
    for (const std::string& id : run.missed) ++counts[id];
  }
  std::vector<std::pair<std::string, int>> order(counts.begin(), counts.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return order;
}

}  // namespace

std::string SlackMessage(const RunSummary& run, const Sender& sender) {
  const std::string title = fmt::format("{}: {}", sender.name, run.headline);
  std::string context = Escaped(Counted(run) + ", run " + run.run);
  if (!sender.link.empty()) context += fmt::format(" (<{}|details>)", Escaped(sender.link));
  json blocks = json::array();
  blocks.push_back(
      {{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", "*" + Escaped(title) + "*"}}}});
  for (const std::string& line : Shown(run)) {
    blocks.push_back(
        {{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", Escaped(line)}}}});
  }
  blocks.push_back({{"type", "context"}, {"elements", {{{"type", "mrkdwn"}, {"text", context}}}}});
  return Dump({{"text", Escaped(title)}, {"blocks", blocks}});
}

std::string PagerDutyTrigger(const RunSummary& run, const Sender& sender, const std::string& key) {
  json event = {
      {"routing_key", key},
      {"event_action", "trigger"},
      {"dedup_key", DedupKey(sender)},
      {"client", "Proving Ground"},
      {"payload",
       {{"summary", Shortened(fmt::format("{}: {}", sender.name, run.headline), kLongestSummary)},
        {"source", sender.name},
        {"severity", SeverityOf(run)},
        {"class", "acceptance"},
        {"custom_details",
         {{"run", run.run},
          {"exit_code", run.exit_code},
          {"criteria", Counted(run)},
          {"open", Shown(run)}}}}}};
  if (!sender.link.empty()) {
    event["client_url"] = sender.link;
    event["links"] = {{{"href", sender.link}, {"text", "the run"}}};
  }
  return Dump(event);
}

std::string PagerDutyResolve(const Sender& sender, const std::string& key) {
  return Dump({{"routing_key", key}, {"event_action", "resolve"}, {"dedup_key", DedupKey(sender)}});
}

std::string DigestSubject(const std::vector<RunSummary>& runs, const Sender& sender) {
  if (runs.empty()) return fmt::format("{}: no acceptance run", sender.name);
  const std::string& headline = runs.back().headline;
  return fmt::format("{}: {} of {} runs ready, the last one {}", sender.name, Ready(runs),
                     runs.size(), headline.substr(0, headline.find(':')));
}

std::string DigestText(const std::vector<RunSummary>& runs, const Sender& sender, int days) {
  std::string text =
      fmt::format("Acceptance runs of {} in the last {} days\n\n", sender.name, days);
  if (runs.empty()) return text + "None. Is the nightly run still scheduled?\n";
  text += fmt::format("{} of {} were ready.\n\n", Ready(runs), runs.size());
  for (const RunSummary& run : runs) {
    text += fmt::format("{}  {}\n  {}, run {}\n", Date(run.started), run.headline, Counted(run),
                        run.run);
    for (const std::string& line : Shown(run)) text += "  - " + line + "\n";
  }
  const auto often = OpenMostOften(runs);
  if (!often.empty()) text += "\nNot proven most often:\n";
  for (const auto& [id, count] : often) {
    text += fmt::format("  {} in {} of {} runs\n", id, count, runs.size());
  }
  if (!sender.link.empty()) text += "\nMore: " + sender.link + "\n";
  return text;
}

}  // namespace proving_ground
