#include "support/attacks/mcp/cross_team.h"

#include <algorithm>
#include <set>

#include "support/attacks/mcp/tool_arguments.h"
#include "support/attacks/mcp/witness.h"
#include "support/base/errors.h"
#include "support/base/poll.h"
#include "support/contract/contract.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kAuditWithin{3};
// Pairs of requests whose times are compared: few, so that a gateway that bounds its audit log
// still writes every line.
constexpr int kTimedPairs = 7;

// Status, headers and body, without what differs between any two answers.
std::string Comparable(const RawAnswer& answer) {
  std::string text;
  std::size_t at = 0;
  const std::string head = answer.head + "\r\n";
  for (std::size_t end = head.find("\r\n"); end != std::string::npos; end = head.find("\r\n", at)) {
    const std::string line = head.substr(at, end - at);
    at = end + 2;
    if (line.starts_with("Date:") || line.starts_with("date:")) continue;
    text += line + "\n";
  }
  return text + "\n" + answer.body;
}

std::chrono::microseconds Median(std::vector<Clock::duration> times) {
  if (times.empty()) return {};
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  return std::chrono::duration_cast<std::chrono::microseconds>(times[times.size() / 2]);
}

// Whatever the form of the log: one of the words that denials are told with.
bool TellsOfRefusal(std::string line) {
  std::transform(line.begin(), line.end(), line.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  for (const char* word : {"denied", "deny", "forbid", "refus", "reject", "unauthor"}) {
    if (line.find(word) != std::string::npos) return true;
  }
  return false;
}

bool Removes(const std::string& tool) {
  for (const char* word : {"delete", "remove", "clear", "drop", "purge", "forget", "erase"}) {
    if (tool.find(word) != std::string::npos) return true;
  }
  return false;
}

// A request claiming, in every unsigned place there is, to come from `team`.
McpPost Pretend(McpPost post, const std::string& team) {
  for (const char* name : {"X-Team", "X-Tenant", "X-User", "X-Forwarded-User", "Team"}) {
    post.Add(name, team);
  }
  post.target += "?team=" + team + "&tenant=" + team;
  json body = json::parse(post.body);
  body["team"] = team;
  body["params"]["team"] = team;
  body["params"]["_meta"]["team"] = team;
  body["params"]["_meta"]["io.modelcontextprotocol/clientInfo"] = {{"name", team},
                                                                   {"version", "1"}};
  post.body = body.dump();
  return post;
}

class CrossTeamAttack {
 public:
  explicit CrossTeamAttack(const CrossTeamSetup& setup)
      : setup_(setup), attacker_(setup.teams.at(setup.attacker)) {
    record_.attacker = setup.attacker;
  }

  CrossTeamRecord Run() {
    for (const auto& [team, sender] : setup_.teams) Learn(team, sender);
    for (const auto& [team, sender] : setup_.teams) {
      if (team != setup_.attacker) PlantNotes(team, sender);
    }
    TryTools(false);
    LookForChanges();
    TryTools(true);  // last: they would take away what the others left behind
    LookForChanges();
    AskAround();
    LookForAudit();
    TakeTimes();
    setup_.store->Purge(marker_);
    if (record_.cells.empty()) record_.unfit = "the stack has one team only";
    return std::move(record_);
  }

 private:
  const std::vector<std::string>& ToolsOf(const std::string& team) const {
    return setup_.tools.at(team);
  }
  bool Owns(const std::string& team, const std::string& tool) const {
    const auto& tools = ToolsOf(team);
    return std::find(tools.begin(), tools.end(), tool) != tools.end();
  }
  std::string VictimMarker(const std::string& team) const { return marker_ + "-of-" + team; }
  std::string AttackMarker() const { return marker_ + "-attack"; }
  json Arguments(const std::string& tool, const std::string& name, const std::string& text) const {
    const auto schema = schemas_.find(tool);
    return schema == schemas_.end() ? json::object() : MinimalArguments(schema->second, name, text);
  }

  // What each team sees; a team that does not see its own tools cannot serve as a control.
  void Learn(const std::string& team, const McpSender& sender) {
    for (const Era era : {Era::kModern, Era::kLegacy}) {
      std::set<std::string> seen;
      for (const json& tool : sender.ListTools(era)) {
        seen.insert(tool.value("name", ""));
        schemas_.emplace(tool.value("name", ""), tool.value("inputSchema", json::object()));
      }
      if (team == setup_.attacker) listed_.insert(seen.begin(), seen.end());
      const bool complete = std::all_of(ToolsOf(team).begin(), ToolsOf(team).end(),
                                        [&](const auto& tool) { return seen.contains(tool); });
      record_.controls.push_back({team + " sees its own tools, " + std::string(VersionOf(era)),
                                  complete ? Reply::kServed : Reply::kRefused, 200, complete});
    }
  }

  // Something of the victim's that would be noticed if it came back or changed.
  void PlantNotes(const std::string& team, const McpSender& sender) {
    if (!Owns(team, kNoteTool)) return;
    const std::string marker = VictimMarker(team);
    const json note = {{"key", marker + "-note"}, {"value", marker + "-value"}};
    const RawAnswer answer = sender.Send(sender.Call(Era::kModern, kNoteTool, note));
    record_.controls.push_back(
        {team + " keeps a note", ReplyOf(answer), answer.status, StandsOnlyIn(marker, team)});
  }

  bool StandsOnlyIn(const std::string& text, const std::string& team) const {
    const auto keys = setup_.store->KeysHolding(text);
    const std::string prefix = FillPlaceholders(setup_.own_keys, team);
    return !keys.empty() && std::all_of(keys.begin(), keys.end(),
                                        [&](const auto& key) { return key.starts_with(prefix); });
  }

  void TryTools(bool removing) {
    for (const auto& [team, sender] : setup_.teams) {
      if (team == setup_.attacker) continue;
      for (const std::string& tool : setup_.tools.at(team)) {
        if (Removes(tool) == removing) TryTool(team, tool);
      }
    }
  }

  // Whatever else answers names no tool of others.
  void AskAround() {
    const auto look = [&](const std::string& what, const McpPost& post) {
      LookForNames(what, "", attacker_.Send(post));
    };
    for (const Era era : {Era::kModern, Era::kLegacy}) {
      for (const char* method : {"tools/list", "server/discover", "initialize", "ping",
                                 "prompts/list", "resources/list", "acceptance/unknown"}) {
        look(std::string(method) + " (" + std::string(VersionOf(era)) + ")",
             attacker_.Request(era, method, json::object()));
      }
    }
    for (const char* path : {"/metrics", "/healthz", "/readyz", "/", "/status", "/openapi.json"}) {
      McpPost post = attacker_.Request(Era::kLegacy, "ping", json::object());
      post.method = "GET";
      post.target = path;
      post.body.clear();
      look(std::string("GET ") + path, post);
    }
  }

  // Names of tools of others in an answer, but for the one that was asked for.
  void LookForNames(const std::string& what, const std::string& asked, const RawAnswer& answer) {
    for (const auto& [team, tools] : setup_.tools) {
      for (const std::string& tool : tools) {
        if (Owns(setup_.attacker, tool) || asked.find(tool) != std::string::npos) continue;
        if ((answer.head + answer.body).find(tool) == std::string::npos) continue;
        const std::string told = tool + " in the answer to " + what;
        if (std::find(record_.told.begin(), record_.told.end(), told) == record_.told.end()) {
          record_.told.push_back(told);
        }
      }
    }
  }

  void TryTool(const std::string& victim, const std::string& tool) {
    CrossTeamCell cell{victim, tool, "shared", "apart"};
    if (Owns(setup_.attacker, tool)) {
      TryShared(cell);
    } else {
      cell.list = listed_.contains(tool) ? "listed" : "hidden";
      if (cell.list == "listed") record_.listed.push_back(tool + " of " + victim);
      cell.call = "refused";
      Control(victim, tool);
      TryForbidden(cell);
      TrySpellings(cell);
    }
    record_.cells.push_back(cell);
  }

  // The owner's call of the same kind is served: that the attacker's is not has no other reason.
  void Control(const std::string& victim, const std::string& tool) {
    const McpSender& owner = setup_.teams.at(victim);
    const std::string marker = marker_ + "-control";
    const RawAnswer answer =
        owner.Send(owner.Call(Era::kModern, tool, Arguments(tool, marker, marker)));
    record_.controls.push_back({victim + " calls " + tool, ReplyOf(answer), answer.status, true});
  }

  void TryForbidden(CrossTeamCell& cell) {
    forbidden_.insert(cell.tool);
    const json arguments = Arguments(cell.tool, AttackMarker(), AttackMarker());
    for (const Era era : {Era::kModern, Era::kLegacy}) {
      const std::string revision = " (" + std::string(VersionOf(era)) + ")";
      const RawAnswer forbidden = attacker_.Send(attacker_.Call(era, cell.tool, arguments));
      const RawAnswer unknown =
          attacker_.Send(attacker_.Call(era, UnknownLike(cell.tool), arguments));
      LookForNames("a tool that does not exist" + revision, "", unknown);
      LookForNames("a tool of others" + revision, cell.tool, forbidden);
      JudgeForbidden(cell, cell.tool + revision, forbidden);
      if (Comparable(forbidden) != Comparable(unknown)) {
        if (cell.call == "refused") cell.call = "distinguishable";
        record_.distinguishable.push_back(cell.tool + " of " + cell.victim + revision);
      }
      JudgeForbidden(
          cell, cell.tool + " claiming to be " + cell.victim + revision,
          attacker_.Send(Pretend(attacker_.Call(era, cell.tool, arguments), cell.victim)));
    }
  }

  // Other names under which a careless lookup would find the tool.
  void TrySpellings(CrossTeamCell& cell) {
    const json arguments = Arguments(cell.tool, AttackMarker(), AttackMarker());
    std::string upper = cell.tool;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char letter) { return std::toupper(letter); });
    for (const std::string& name :
         {cell.victim + "." + cell.tool, cell.victim + "/" + cell.tool,
          cell.victim + ":" + cell.tool, "../" + cell.victim + "/" + cell.tool, upper,
          cell.tool + " ", " " + cell.tool, cell.tool + std::string(1, '\0'),
          cell.tool + "\xE2\x80\x8B"}) {
      JudgeForbidden(cell, "the name \"" + json(name).dump() + "\"",
                     attacker_.Send(attacker_.Call(Era::kLegacy, name, arguments)));
    }
  }

  void JudgeForbidden(CrossTeamCell& cell, const std::string& what, const RawAnswer& answer) {
    ++record_.tried;
    switch (ReplyOf(answer)) {
      case Reply::kRefused:
        ++record_.refused;
        return;
      case Reply::kSilent:
      case Reply::kLimited:
      case Reply::kClosed:
        record_.unfit = "no answer, or none that says anything, to " + what;
        return;
      default:
        // An `isError` result comes from the tool itself: it ran.
        cell.call = "granted";
        record_.granted.push_back(what + " of " + cell.victim + ": " +
                                  std::string(ReplyName(ReplyOf(answer))));
    }
  }

  // A tool that both have, pointed at what is the victim's.
  void TryShared(CrossTeamCell& cell) {
    const std::string marker = VictimMarker(cell.victim);
    const std::string keys = FillPlaceholders(setup_.own_keys, cell.victim);
    for (const Era era : {Era::kModern, Era::kLegacy}) {
      for (const std::string& name : {marker + "-note", keys + marker + "-note"}) {
        const McpPost call =
            attacker_.Call(era, cell.tool, Arguments(cell.tool, name, AttackMarker()));
        for (const McpPost& post : {call, Pretend(call, cell.victim)}) {
          ++record_.tried;
          const RawAnswer answer = attacker_.Send(post);
          // The attacker knows the note's name; what it must not learn is the value.
          if (answer.body.find(marker + "-value") == std::string::npos) continue;
          cell.call = "leaked";
          record_.leaked.push_back(cell.tool + " on a note of " + cell.victim);
        }
      }
    }
  }

  void LookForChanges() {
    const std::string own = FillPlaceholders(setup_.own_keys, setup_.attacker);
    for (const std::string& key : setup_.store->KeysHolding(AttackMarker())) {
      if (!key.starts_with(own)) Written("the attacker's text stands in " + key);
    }
    for (const auto& [team, sender] : setup_.teams) {
      if (team == setup_.attacker || !Owns(team, kReadNoteTool)) continue;
      const std::string marker = VictimMarker(team);
      const RawAnswer answer =
          sender.Send(sender.Call(Era::kModern, kReadNoteTool, {{"key", marker + "-note"}}));
      if (answer.body.find(marker + "-value") == std::string::npos) {
        Written("the note of " + team + " is not what it was");
      }
    }
  }

  void Written(const std::string& what) {
    const auto& written = record_.written;
    if (std::find(written.begin(), written.end(), what) != written.end()) return;
    record_.written.push_back(what);
    for (CrossTeamCell& cell : record_.cells) {
      if (what.find(cell.victim) != std::string::npos && cell.call == "apart")
        cell.call = "written";
    }
  }

  // A line that names the tool and the team that asked for it.
  void LookForAudit() {
    std::set<std::string> missing = forbidden_;
    try {
      Await("denials in the log of the gateway", Within(kAuditWithin), [&] {
        const std::string log = setup_.log();
        for (std::size_t at = 0; at < log.size();) {
          const std::size_t end = std::min(log.find('\n', at), log.size());
          const std::string line = log.substr(at, end - at);
          at = end + 1;
          if (line.find(setup_.attacker) == std::string::npos || !TellsOfRefusal(line)) continue;
          std::erase_if(missing, [&](const std::string& tool) {
            return line.find(tool) != std::string::npos;
          });
        }
        return missing.empty();
      });
    } catch (const DeadlineExceeded&) {
      // told below
    }
    record_.not_audited.assign(missing.begin(), missing.end());
    record_.audited = static_cast<std::int64_t>(forbidden_.size() - missing.size());
  }

  void TakeTimes() {
    if (forbidden_.empty()) return;
    std::vector<Clock::duration> forbidden;
    std::vector<Clock::duration> unknown;
    const std::string& tool = *forbidden_.begin();
    for (int pair = 0; pair < kTimedPairs; ++pair) {
      forbidden.push_back(attacker_.Send(attacker_.Call(Era::kModern, tool, json::object())).took);
      unknown.push_back(
          attacker_.Send(attacker_.Call(Era::kModern, UnknownLike(tool), json::object())).took);
    }
    record_.forbidden_takes = Median(forbidden);
    record_.unknown_takes = Median(unknown);
  }

  // A name of the same length that no team knows.
  std::string UnknownLike(std::string name) const {
    for (char letter = 'z'; schemas_.contains(name) && letter >= 'a'; --letter) {
      name.assign(name.size(), letter);
    }
    return name;
  }

  const CrossTeamSetup& setup_;
  const McpSender& attacker_;
  const std::string marker_ = FreshMarker();
  std::set<std::string> listed_;         // what the attacker is shown
  std::set<std::string> forbidden_;      // tools of others
  std::map<std::string, json> schemas_;  // of all tools
  CrossTeamRecord record_;
};

}  // namespace

CrossTeamRecord AttackAcrossTeams(const CrossTeamSetup& setup) {
  return CrossTeamAttack(setup).Run();
}

json ToJson(const CrossTeamRecord& record) {
  json row = json::object();
  for (const CrossTeamCell& cell : record.cells) {
    row[cell.victim + "/" + cell.tool] = {{"list", cell.list}, {"call", cell.call}};
  }
  return {{"attacker", record.attacker},
          {"cells", row},
          {"tried", record.tried},
          {"refused", record.refused},
          {"audited", record.audited},
          {"not_audited", record.not_audited},
          {"written", record.written},
          {"told", record.told},
          {"forbidden_takes_us", record.forbidden_takes.count()},
          {"unknown_takes_us", record.unknown_takes.count()}};
}

}  // namespace proving_ground
