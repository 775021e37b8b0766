#include "support/attacks/mcp/hostile_input.h"

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "support/attacks/mcp/slow_clients.h"
#include "support/attacks/mcp/tool_arguments.h"
#include "support/attacks/mcp/witness.h"
#include "support/base/errors.h"
#include "support/base/poll.h"
#include "support/contract/contract.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr int kSlowClients = 30;
constexpr std::size_t kMebibyte = 1 << 20;
constexpr std::size_t kOversize = 8 * kMebibyte;
constexpr std::size_t kEndless = 24 * kMebibyte;  // where an endless body is given up on
constexpr std::size_t kDepth = 200'000;
constexpr std::chrono::milliseconds kWatchBefore{1'500};
constexpr std::chrono::milliseconds kMemoryEvery{200};
constexpr std::chrono::seconds kDownWithin{5};

std::string Repeated(const std::string& text, std::size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

// Looks at the gateway's memory from a thread of its own.
class MemoryWatch {
 public:
  explicit MemoryWatch(const std::function<std::optional<GatewayState>()>& look)
      : look_(look), thread_([this](const std::stop_token& stop) { Run(stop); }) {}

  void Finish(HostileRecord& record) {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    record.memory_peak = std::max(record.memory_peak, peak_);
    record.memory_samples += samples_;
  }

 private:
  void Run(const std::stop_token& stop) {
    for (Clock::time_point next = Clock::now(); PauseUntil(next, stop);
         next = Clock::now() + kMemoryEvery) {
      const std::optional<GatewayState> state = look_();
      if (!state || state->memory == 0) continue;
      peak_ = std::max(peak_, state->memory);
      ++samples_;
    }
  }

  const std::function<std::optional<GatewayState>()>& look_;
  std::int64_t peak_ = 0;  // read after the thread has ended
  std::int64_t samples_ = 0;
  std::jthread thread_;
};

class HostileAttack {
 public:
  explicit HostileAttack(const HostileSetup& setup)
      : setup_(setup),
        sender_(setup.teams.at(setup.attacker)),
        own_keys_(FillPlaceholders(setup.own_keys, setup.attacker)) {}

  HostileRecord Run() {
    const std::optional<GatewayState> before = setup_.state();
    setup_.store->Plant(Canary(), marker_ + " planted");
    Control("before");
    try {
      Attack();
      Compare(before, setup_.state());
    } catch (const EnvironmentError&) {
      // Who went down answers nobody, and may be at another port since: that is what was asked.
      if (!WentDown(before)) throw;
      record_.restarted = true;
    }
    setup_.store->Purge(marker_);
    return std::move(record_);
  }

 private:
  void Attack() {
    Neighbours neighbours(Others());
    PauseUntil(Clock::now() + kWatchBefore);
    neighbours.AttackBegins();
    {
      MemoryWatch watch(setup_.state);
      SlowClients slow(sender_, kSlowClients);
      Inject();
      Oversize();
      DeepNesting();
      Chunks();
      record_.slow = kSlowClients;
      record_.max_slow_request = setup_.max_slow_request;
      record_.slow_ended = slow.Finish(setup_.max_slow_request);
      watch.Finish(record_);
    }
    record_.others = neighbours.Finish();
    record_.refusals = MeasureRefusalGrowth(sender_, setup_.state);
    Control("after");
  }

  // Whether the gateway is away, or was started anew. A look that tells nothing may be one at a bad
  // moment, and an engine takes its time to start a container again.
  bool WentDown(const std::optional<GatewayState>& before) const {
    if (!before) return false;
    std::optional<GatewayState> now;
    for (const Deadline deadline = Within(kDownWithin); !deadline.Passed();
         PauseUntil(Clock::now() + kMemoryEvery)) {
      now = setup_.state();
      if (now && now->life != before->life) return true;
    }
    return !now;
  }

  std::map<std::string, McpSender> Others() const {
    std::map<std::string, McpSender> others = setup_.teams;
    others.erase(setup_.attacker);
    return others;
  }

  McpPost Note(const std::string& key, const std::string& value) const {
    return sender_.Call(Era::kLegacy, kNoteTool, {{"key", key}, {"value", value}});
  }

  // The rightful note of every team is kept and stands in its own part of the store.
  void Control(const std::string& when) {
    const RawAnswer answer = sender_.Send(Note(marker_ + "-control-" + when, "kept"));
    const auto keys = setup_.store->KeysHolding(marker_ + "-control-" + when);
    const bool kept = std::any_of(keys.begin(), keys.end(),
                                  [&](const auto& key) { return key.starts_with(own_keys_); });
    record_.unbounded.controls.push_back(
        {"an ordinary note, " + when, ReplyOf(answer), answer.status, kept});
  }

  void Took(AttackRecord& record, const std::string& attack, const RawAnswer& answer) {
    record.attempts.push_back({attack, ReplyOf(answer), answer.status});
  }

  // Texts that mean something to a path, a key, a pattern, a protocol or an eye. Each carries the
  // marker, so that it is found wherever it ends up.
  std::vector<std::pair<std::string, std::string>> HostileNames() const {
    const std::string& m = marker_;
    std::vector<std::pair<std::string, std::string>> names = {
        {"line break and a command", m + "\r\nSET " + m + " 1\r\n"},
        {"line feed and a command", m + "\nDEL *\n"},
        {"an array of the Redis protocol", m + "\r\n*3\r\n$3\r\nSET\r\n$4\r\n" + m + "\r\n"},
        {"NUL", m + std::string(1, '\0') + "x"},
        {"asterisk", "*" + m + "*"},
        {"pattern", "[a-z]?" + m + "{*}"},
        {"colons", ":::" + m + ":"},
        {"root", "/" + m},
        {"encoded path", "%2e%2e%2f" + m},
        {"script", m + "\"); redis.call('SET', '" + m + "', 1) --"},
        {"right-to-left mark", "\xE2\x80\xAE" + m},
        {"zero width", "\xE2\x80\x8B" + m + "\xEF\xBB\xBF"},
        {"terminal codes", "\x1B[2J" + m},
        {"overlong", m + std::string(4'096, 'x')},
        {"a key of the team's own", Canary()},
        {"the rest of a key of the team's own", Canary().substr(own_keys_.size())},
        {"path to a key of the team's own", "../" + Canary().substr(own_keys_.size())},
    };
    for (const auto& [team, sender] : setup_.teams) {
      if (team == setup_.attacker) continue;
      const std::string keys = FillPlaceholders(setup_.own_keys, team);
      names.insert(names.end(), {{"path to " + team, "../" + team + "/" + m},
                                 {"path to the keys of " + team, "../../" + keys + m},
                                 {"key of " + team, keys + m},
                                 {"key of " + team + " behind a break", "\r\n" + keys + m},
                                 {"hash tag of " + team, "{" + keys + "}" + m},
                                 {"look-alike of " + team, LookAlike(team) + ":" + m}});
    }
    return names;
  }

  // The same letters to the eye: Cyrillic a, e and o.
  static std::string LookAlike(const std::string& team) {
    std::string text;
    for (const char letter : team) {
      if (letter == 'a') {
        text += "\xD0\xB0";
      } else if (letter == 'e') {
        text += "\xD0\xB5";
      } else if (letter == 'o') {
        text += "\xD0\xBE";
      } else {
        text += letter;
      }
    }
    return text;
  }

  void Inject() {
    const auto names = HostileNames();
    const auto call = [&](const char* tool, const std::string& what, const std::string& name) {
      Took(record_.injected, what + " for " + tool,
           sender_.Send(sender_.Call(Era::kLegacy, tool, {{"key", name}})));
    };
    for (const auto& [what, name] : names) {
      Took(record_.injected, what + " as a key", sender_.Send(Note(name, "kept")));
      Took(record_.injected, what + " as a value", sender_.Send(Note(marker_, name)));
      call(kReadNoteTool, what, name);
      Took(record_.injected, what + " as a prefix",
           sender_.Send(sender_.Call(Era::kLegacy, kListNotesTool, {{"prefix", name}})));
      Took(record_.injected, what + " as a tool",
           sender_.Send(sender_.Call(Era::kLegacy, name, json::object())));
    }
    LookOutside();  // before anything is deleted: that would be the evidence
    for (const auto& [what, name] : names) call(kDeleteNoteTool, what, name);
    LookOutside();
    InjectLong();
  }

  void InjectLong() {
    Took(record_.injected, "an argument of 900 kB",
         sender_.Send(Note(marker_, std::string(900'000, 'x'))));
    Took(record_.injected, "a number of 100,000 digits", WithRawValue(std::string(100'000, '9')));
    Took(record_.injected, "300,000 values", WithRawValue("[0" + Repeated(",0", 300'000) + "]"));
    Took(record_.injected, "a name of 100 kB for a tool",
         sender_.Send(sender_.Call(Era::kLegacy, std::string(100'000, 'x'), json::object())));
  }

  // A note whose value is this text of JSON.
  RawAnswer WithRawValue(const std::string& text) {
    McpPost post = Note(marker_, "@");
    post.body.replace(post.body.find("\"@\""), 3, text);
    return sender_.Send(post);
  }

  void Oversize() {
    const auto took = [&](const std::string& attack, const RawAnswer& answer) {
      Took(record_.unbounded, attack, answer);
    };
    took("a body of 8 MiB", sender_.Send(Note(marker_, std::string(kOversize, 'x'))));
    McpPost declared = Note(marker_, std::string(1'000, 'x'));
    took("a body said to be 4 GiB", sender_.Send(declared.Add("Content-Length", "4294967296")));
    McpPost negative = Note(marker_, "x");
    took("a body of less than nothing", sender_.Send(negative.Add("Content-Length", "-1")));
    McpPost header = Note(marker_, "x");
    took("a header of 1 MiB", sender_.Send(header.Add("X-Note", std::string(kMebibyte, 'x'))));
    McpPost many = Note(marker_, "x");
    for (int i = 0; i < 10'000; ++i) many.Add("X-" + std::to_string(i), "x");
    took("10,000 headers", sender_.Send(many));
    McpPost target = Note(marker_, "x");
    target.target += "?" + std::string(kMebibyte, 'x');
    took("a request line of 1 MiB", sender_.Send(target));
    McpPost token = Note(marker_, "x");
    token.Replace("Authorization", "Bearer " + std::string(kMebibyte, 'x'));
    took("a token of 1 MiB", sender_.Send(token));
  }

  void DeepNesting() {
    const auto took = [&](const std::string& attack, const RawAnswer& answer) {
      Took(record_.unbounded, attack, answer);
    };
    took("arrays 200,000 deep", WithRawValue(std::string(kDepth, '[') + std::string(kDepth, ']')));
    took("objects 100,000 deep",
         WithRawValue(Repeated("{\"a\":", kDepth / 2) + "1" + std::string(kDepth / 2, '}')));
    took("arrays that are never closed", WithRawValue(std::string(2 * kDepth, '[')));
    McpPost bare = Note(marker_, "x");
    bare.body = std::string(2 * kDepth, '[');
    took("nothing but arrays", sender_.Send(bare));
  }

  // A body without a length that does not end, until the gateway has enough of it.
  void Chunks() {
    McpPost post = Note(marker_, "x");
    post.Add("Transfer-Encoding", "chunked").body.clear();
    RawConnection connection = sender_.Connect();
    const Deadline deadline = Within(sender_.target().answer_within);
    connection.Send(post.Bytes(), deadline);
    const std::string chunk = "10000\r\n" + std::string(65'536, ' ') + "\r\n";
    std::size_t sent = 0;
    while (sent < kEndless && connection.Send(chunk, deadline)) sent += chunk.size();
    Took(record_.unbounded, "a body without end", connection.Receive(deadline));
  }

  void Compare(const std::optional<GatewayState>& before,
               const std::optional<GatewayState>& after) {
    if (!before || !after || record_.memory_samples == 0) {
      record_.unfit = "the gateway's memory could not be watched";
      return;
    }
    record_.memory_before = before->memory;
    record_.memory_limit = after->memory_limit;
    record_.restarted = before->life != after->life;
  }

  // A key of the attacker's team that is no note. Its tools must not reach it by a name.
  std::string Canary() const { return own_keys_ + marker_ + "-canary"; }

  void LookOutside() {
    const auto quoted = [](const std::string& key) {
      return json(key).dump(-1, ' ', true, json::error_handler_t::replace);
    };
    std::set<std::string> outside(record_.outside.begin(), record_.outside.end());
    for (const std::string& key : setup_.store->KeysHolding(marker_)) {
      if (!key.starts_with(own_keys_)) outside.insert("a hostile name stands in " + quoted(key));
    }
    if (!setup_.store->Stands(Canary(), marker_ + " planted")) {
      outside.insert("a note's name changed a key that is no note");
    }
    record_.outside.assign(outside.begin(), outside.end());
    std::set<std::string> fenced;
    for (const std::string& key : setup_.store->KeysRefused(marker_)) fenced.insert(quoted(key));
    record_.fenced.assign(fenced.begin(), fenced.end());
  }

  const HostileSetup& setup_;
  const McpSender& sender_;
  const std::string own_keys_;
  const std::string marker_ = FreshMarker();
  HostileRecord record_;
};

}  // namespace

HostileRecord AttackWithHostileInput(const HostileSetup& setup) {
  return HostileAttack(setup).Run();
}

json ToJson(const HostileRecord& record) {
  return {{"unbounded", ToJson(record.unbounded)},
          {"injected", ToJson(record.injected)},
          {"outside", record.outside},
          {"fenced", record.fenced},
          {"max_slow_request_ms", record.max_slow_request.count()},
          {"refused_per_round", record.refusals.per_round},
          {"growth", record.refusals.growth},
          {"slow", record.slow},
          {"slow_ended", record.slow_ended},
          {"others", ToJson(record.others)},
          {"memory_before", record.memory_before},
          {"memory_peak", record.memory_peak},
          {"memory_limit", record.memory_limit},
          {"memory_samples", record.memory_samples},
          {"restarted", record.restarted}};
}

}  // namespace proving_ground
