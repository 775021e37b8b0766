#include "compose/services/coordinator/scripts.h"

#include <openssl/evp.h>

#include <array>

namespace platform {
namespace {

// What a script does to Redis, its first line. Without one Redis would stop a script at the first
// command it refuses, and let it run on in the middle of others.
constexpr std::string_view kGrows = "#!lua\n";
constexpr std::string_view kKeeps = "#!lua flags=allow-oom\n";
constexpr std::string_view kReads = "#!lua flags=no-writes\n";

// Vocabulary of all scripts. ARGV[1] is the epoch of those that write events: an instance that
// wrote without being allowed to would betray itself.
constexpr std::string_view kPrelude = R"lua(
local P = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function event(kind, ...)
  redis.call('XADD', P .. 'events', 'MAXLEN', '~', 100000, '*', 'type', kind,
             'epoch', ARGV[1], ...)
end
local function count(what) redis.call('HINCRBY', P .. 'stats', what, 1) end
)lua";

// Refuses a caller that has been superseded, before anything is changed.
constexpr std::string_view kFence = R"lua(
if redis.call('GET', P .. 'epoch') ~= ARGV[1] then
  return redis.error_reply('FENCED a later leader has taken over')
end
)lua";

// Gives every lease and worker at least `lease` ms from now: nobody could have renewed while there
// was no leader, or no Redis.
constexpr std::string_view kGrace = R"lua(
local function grace(lease)
  for _, set in ipairs({P .. 'leases', P .. 'workers'}) do
    for _, member in ipairs(redis.call('ZRANGE', set, 0, -1)) do
      redis.call('ZADD', set, 'XX', 'GT', now + lease, member)
    end
  end
end
)lua";

// ARGV: instance, lease ms, last epoch known to the caller, worker's lease ms -> {epoch, 0} or {0,
// ms until the holder's lease ends}. The epoch grows even when Redis has lost it, so that it never
// repeats within the life of an instance.
constexpr std::string_view kAcquire = R"lua(
local holder = redis.call('GET', P .. 'leader')
if holder and holder ~= ARGV[1] then return {0, redis.call('PTTL', P .. 'leader')} end
local epoch = math.max(tonumber(redis.call('GET', P .. 'epoch') or 0), tonumber(ARGV[3])) + 1
redis.call('SET', P .. 'epoch', epoch)
redis.call('SET', P .. 'leader', ARGV[1], 'PX', ARGV[2])
grace(ARGV[4])
return {epoch, 0}
)lua";

// ARGV: epoch, instance, lease ms, worker's lease ms. The lease may have run out meanwhile, though
// nobody took it.
constexpr std::string_view kRenew = R"lua(
if redis.call('EXISTS', P .. 'leader') == 0 then grace(ARGV[4]) end
redis.call('SET', P .. 'leader', ARGV[2], 'PX', ARGV[3])
return 1
)lua";

// ARGV: epoch, instance.
constexpr std::string_view kRelease = R"lua(
if redis.call('GET', P .. 'leader') == ARGV[2] then redis.call('DEL', P .. 'leader') end
return 1
)lua";

// A task that is known already is not stored again; one of the same id with other content is a
// conflict.
constexpr std::string_view kStore = R"lua(
local function store(id, payload)
  local task = P .. 'task:' .. id
  local known = redis.call('HMGET', task, 'payload', 'state')
  if known[1] then
    if known[1] ~= payload then return {'conflict', known[2]} end
    return {'known', known[2]}
  end
  redis.call('HSET', task, 'state', 'queued', 'payload', payload, 'attempts', 0,
             'submitted_ms', now)
  redis.call('LPUSH', P .. 'queue', id)
  count('accepted')
  event('accepted', 'task', id)
  return {'accepted', 'queued'}
end
local function refuse(record)
  redis.call('LPUSH', P .. 'rejected', record)
  redis.call('LTRIM', P .. 'rejected', 0, 999)
end
)lua";

// ARGV: epoch, id, payload -> {accepted|known|conflict, state}.
constexpr std::string_view kSubmit = "return store(ARGV[2], ARGV[3])";

// ARGV: epoch, entry of the list `admitting`, id, payload, record for `rejected` ->
// {accepted|known|conflict|gone, state}. Leaving the list and being stored are one step, so a crash
// at any point neither loses nor doubles an entry.
constexpr std::string_view kAdmit = R"lua(
if redis.call('LREM', P .. 'admitting', -1, ARGV[2]) == 0 then return {'gone', ''} end
local outcome = store(ARGV[3], ARGV[4])
if outcome[1] == 'conflict' then refuse(ARGV[5]) end
return outcome
)lua";

// ARGV: epoch, entry of the list `admitting`, record for `rejected`.
constexpr std::string_view kReject = R"lua(
if redis.call('LREM', P .. 'admitting', -1, ARGV[2]) == 1 then refuse(ARGV[3]) end
return 1
)lua";

// ARGV: epoch, worker, id, attempt, finished|failed, result, retention ms -> done|repeated|stale.
// Only the holder of the current attempt may finish a task, and only once.
constexpr std::string_view kFinish = R"lua(
local task = P .. 'task:' .. ARGV[3]
local state, worker, attempts = unpack(redis.call('HMGET', task, 'state', 'worker', 'attempts'))
if worker ~= ARGV[2] or attempts ~= ARGV[4] then return 'stale' end
if state == ARGV[5] then return 'repeated' end
if state ~= 'running' then return 'stale' end
redis.call('HSET', task, 'state', ARGV[5], 'result', ARGV[6], 'finished_ms', now)
redis.call('PEXPIRE', task, ARGV[7])
redis.call('ZREM', P .. 'leases', ARGV[3])
redis.call('HDEL', P .. 'worker:' .. worker, 'task')
redis.call('HINCRBY', P .. 'worker:' .. worker, 'finished', 1)
count(ARGV[5])
event(ARGV[5], 'task', ARGV[3], 'worker', worker, 'attempt', attempts)
return 'done'
)lua";

// ARGV: epoch, id -> collected|unfinished|absent. The client has the result and needs the record no
// more.
constexpr std::string_view kCollect = R"lua(
local state = redis.call('HGET', P .. 'task:' .. ARGV[2], 'state')
if not state then return 'absent' end
if state ~= 'finished' and state ~= 'failed' then return 'unfinished' end
redis.call('DEL', P .. 'task:' .. ARGV[2])
return 'collected'
)lua";

// ARGV[2] worker, ARGV[3] lease ms, ARGV[4] retention ms. A task is taken back after one lease
// without a sign. The worker itself counts as lost after two: one that is idle need not hurry, for
// its requests for a task are its signs. A worker's hash must outlive an outage of Redis, during
// which it cannot be refreshed: it names the task the worker holds.
constexpr std::string_view kWorker = R"lua(
local me = P .. 'worker:' .. ARGV[2]
local deadline = now + ARGV[3]
local registered = redis.call('ZSCORE', P .. 'workers', ARGV[2])
local function seen()
  redis.call('ZADD', P .. 'workers', now + 2 * ARGV[3], ARGV[2])
  redis.call('HSET', me, 'last_seen_ms', now)
  redis.call('PEXPIRE', me, ARGV[3] + ARGV[4])
end
)lua";

// -> 1 if the worker is new, 0 if it was registered already (it keeps its task).
constexpr std::string_view kJoin = R"lua(
seen()
if registered then return 0 end
event('registered', 'worker', ARGV[2])
return 1
)lua";

// … ARGV[5] task, ARGV[6] attempt (both empty: idle) -> ok|unregistered|lost.
constexpr std::string_view kHeartbeat = R"lua(
if not registered then return 'unregistered' end
seen()
if ARGV[5] == '' then return 'ok' end
local task = redis.call('HMGET', P .. 'task:' .. ARGV[5], 'state', 'worker', 'attempts')
if task[1] ~= 'running' or task[2] ~= ARGV[2] or task[3] ~= ARGV[6] then return 'lost' end
redis.call('ZADD', P .. 'leases', deadline, ARGV[5])
return 'ok'
)lua";

// … ARGV[5] '1' if the worker may take a new task -> {unregistered}, {nothing} or {task, id,
// attempt, payload, resumed}. A worker that holds a task and asks again never got the answer: it
// receives the same task and attempt.
constexpr std::string_view kLease = R"lua(
if not registered then return {'unregistered'} end
seen()
local id = redis.call('HGET', me, 'task')
local resumed = id and 1 or 0
if not id then
  if ARGV[5] == '1' then id = redis.call('RPOP', P .. 'queue') end
  if not id then return {'nothing'} end
  local attempt = redis.call('HINCRBY', P .. 'task:' .. id, 'attempts', 1)
  redis.call('HSET', P .. 'task:' .. id, 'state', 'running', 'worker', ARGV[2], 'started_ms', now)
  redis.call('HSET', me, 'task', id)
  event('started', 'task', id, 'worker', ARGV[2], 'attempt', attempt)
end
redis.call('ZADD', P .. 'leases', deadline, id)
local task = redis.call('HMGET', P .. 'task:' .. id, 'attempts', 'payload')
return {'task', id, tonumber(task[1]), task[2], resumed}
)lua";

// Puts a running task back at the head of the queue, for it has waited longest.
constexpr std::string_view kRequeue = R"lua(
local function requeue(id)
  local task = redis.call('HMGET', P .. 'task:' .. id, 'worker', 'attempts')
  redis.call('HSET', P .. 'task:' .. id, 'state', 'queued')
  redis.call('HDEL', P .. 'worker:' .. task[1], 'task')
  redis.call('ZREM', P .. 'leases', id)
  redis.call('RPUSH', P .. 'queue', id)
  count('requeued')
  event('requeued', 'task', id, 'worker', task[1], 'attempt', task[2])
end
local function dismiss(worker, kind)
  local id = redis.call('HGET', P .. 'worker:' .. worker, 'task')
  if id then requeue(id) end
  redis.call('DEL', P .. 'worker:' .. worker)
  redis.call('ZREM', P .. 'workers', worker)
  event(kind, 'worker', worker)
  return id and 1 or 0
end
)lua";

// ARGV: epoch, worker -> number of tasks put back.
constexpr std::string_view kLeave = R"lua(
if not redis.call('ZSCORE', P .. 'workers', ARGV[2]) then return 0 end
return dismiss(ARGV[2], 'left')
)lua";

// ARGV: epoch, greatest number of leases and of workers to end at once -> {tasks put back, workers
// expired}. Ends none while nobody has a leader's lease: this may be a command that lay in the
// socket of a frozen Redis, or on the way, for longer than the workers' leases.
constexpr std::string_view kReap = R"lua(
if redis.call('EXISTS', P .. 'leader') == 0 then return {0, 0} end
local put_back = 0
for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. 'leases', '-inf', now, 'LIMIT', 0, ARGV[2])) do
  requeue(id)
  put_back = put_back + 1
end
local workers = redis.call('ZRANGEBYSCORE', P .. 'workers', '-inf', now, 'LIMIT', 0, ARGV[2])
for _, worker in ipairs(workers) do put_back = put_back + dismiss(worker, 'expired') end
return {put_back, #workers}
)lua";

// ARGV: epoch, worker's lease ms.
constexpr std::string_view kProlong = R"lua(
grace(ARGV[2])
return 1
)lua";

// -> {queued, running, workers, accepted, finished, failed, requeued}.
constexpr std::string_view kStatus = R"lua(
local stats = redis.call('HMGET', P .. 'stats', 'accepted', 'finished', 'failed', 'requeued')
for i = 1, 4 do stats[i] = tonumber(stats[i] or 0) end
return {redis.call('LLEN', P .. 'queue'), redis.call('ZCARD', P .. 'leases'),
        redis.call('ZCARD', P .. 'workers'), unpack(stats)}
)lua";

// -> {{id, task or '', last seen ms, finished}, ...}, by id.
constexpr std::string_view kWorkers = R"lua(
local ids = redis.call('ZRANGE', P .. 'workers', 0, -1)
table.sort(ids)
for i, id in ipairs(ids) do
  local worker = redis.call('HMGET', P .. 'worker:' .. id, 'task', 'last_seen_ms', 'finished')
  ids[i] = {id, worker[1] or '', tonumber(worker[2] or 0), tonumber(worker[3] or 0)}
end
return ids
)lua";

std::string Sha1(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

std::string Concatenate(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

}  // namespace

Script::Script(std::initializer_list<std::string_view> parts)
    : text_(Concatenate(parts)), sha1_(Sha1(text_)) {}

const Scripts& AllScripts() {
  static const Scripts scripts{
      .acquire = {kKeeps, kPrelude, kGrace, kAcquire},
      .renew = {kKeeps, kPrelude, kFence, kGrace, kRenew},
      .release = {kKeeps, kPrelude, kFence, kRelease},
      .submit = {kGrows, kPrelude, kFence, kStore, kSubmit},
      .admit = {kGrows, kPrelude, kFence, kStore, kAdmit},
      .reject = {kGrows, kPrelude, kFence, kStore, kReject},
      .finish = {kGrows, kPrelude, kFence, kFinish},
      .collect = {kKeeps, kPrelude, kFence, kCollect},
      .join = {kGrows, kPrelude, kFence, kWorker, kJoin},
      .heartbeat = {kKeeps, kPrelude, kFence, kWorker, kHeartbeat},
      .lease = {kKeeps, kPrelude, kFence, kWorker, kLease},
      .leave = {kKeeps, kPrelude, kFence, kRequeue, kLeave},
      .reap = {kKeeps, kPrelude, kFence, kRequeue, kReap},
      .prolong = {kKeeps, kPrelude, kFence, kGrace, kProlong},
      .status = {kReads, kPrelude, kStatus},
      .workers = {kReads, kPrelude, kWorkers},
  };
  return scripts;
}

}  // namespace platform
