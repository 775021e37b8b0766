// The transitions of tasks, workers and leadership, as Lua scripts that Redis runs atomically.
//
// Every script gets the key prefix "team:{team}:" as KEYS[1]. Those that change anything get the
// caller's fencing epoch as ARGV[1] and answer with the error FENCED, without having changed
// anything, unless it is the current one. Deadlines are judged by the clock of Redis, the only one
// that all instances share.
//
// Every script runs as a whole or not at all, also while Redis refuses writes (full, read-only, not
// able to persist): its first line declares what it does, and Redis then refuses before it begins.
// What brings in something new is refused when Redis is full; what only keeps, moves or ends what
// is there goes on, so that a full store costs no lease and no leadership.
//
// Below the prefix: inbox, admitting, rejected, queue (lists; tasks enter left and leave right),
// task:{id}, worker:{id}, stats (hashes), leases, workers (sorted sets: id -> deadline in ms),
// epoch, leader (strings), events (stream; each carries the epoch of its writer).
#pragma once

#include <string>
#include <string_view>

namespace platform {

class Script {
 public:
  // `parts` are concatenated in order.
  Script(std::initializer_list<std::string_view> parts);

  const std::string& text() const { return text_; }
  // The name by which EVALSHA knows the script.
  const std::string& sha1() const { return sha1_; }

 private:
  std::string text_;
  std::string sha1_;
};

// Arguments after the epoch, and answers, stand at each script's text in scripts.cc.
struct Scripts {
  // Leadership. Acquire alone has no epoch: it makes one.
  const Script acquire, renew, release;
  // Tasks.
  const Script submit, admit, reject, finish, collect;
  // Workers.
  const Script join, heartbeat, lease, leave;
  // Deadlines.
  const Script reap, prolong;
  // Overviews; they change nothing and need no epoch.
  const Script status, workers;
};

const Scripts& AllScripts();

}  // namespace platform
