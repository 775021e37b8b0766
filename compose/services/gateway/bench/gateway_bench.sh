#!/bin/bash
# Measures one gateway on loopback: requests per second and latency of tools/call text_digest with a bearer check, and
# how its memory grows over CALLS calls. Everything it starts is private and is ended by process id.
#
#   gateway_bench.sh BUILD_DIR [SECONDS] [CALLS] [THREADS]
set -euo pipefail

build_dir=${1:?usage: gateway_bench.sh BUILD_DIR [SECONDS] [CALLS] [THREADS]}
seconds=${2:-10}
calls=${3:-1000000}
threads=${4:-2}
gateway=$build_dir/compose/services/gateway/gateway
issue_token=$build_dir/compose/services/issue_token/issue_token
policy=$(dirname "$0")/../../../gateway/policy.json
directory=$(mktemp -d)
pids=()

clean_up() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$directory"
}
trap clean_up EXIT

for tool in "$gateway" "$issue_token"; do
  [[ -x $tool ]] || { echo "gateway_bench: $tool is missing; build it first" >&2; exit 2; }
done
for tool in wrk redis-server openssl; do
  command -v "$tool" >/dev/null || { echo "gateway_bench: $tool is not installed; install it" >&2; exit 2; }
done

free_port() {
  local port
  while port=$((20000 + RANDOM % 20000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

openssl ecparam -name prime256v1 -genkey -noout -out "$directory/key.pem"
openssl ec -in "$directory/key.pem" -pubout -out "$directory/public.pem" 2>/dev/null

redis_port=$(free_port)
{
  echo "port $redis_port"
  echo 'bind 127.0.0.1'
  echo 'save ""'
  echo "dir $directory"
  for team in marketing sales support engineering finance; do
    echo "user $team on >bench ~team:$team:* +@all -@dangerous -@admin"
    echo bench >"$directory/redis-$team"
  done
} >"$directory/redis.conf"
redis-server "$directory/redis.conf" >"$directory/redis.log" &
pids+=($!)

port=$(free_port)
"$gateway" --listen "127.0.0.1:$port" --redis "127.0.0.1:$redis_port" --redis-password-dir "$directory" \
  --policy "$policy" --token-key "$directory/public.pem" --issuer bench --threads "$threads" \
  --team-rate 1000000 --team-burst 1000000 >"$directory/gateway.log" &
gateway_pid=$!
pids+=("$gateway_pid")
for ((i = 0; i < 100; ++i)); do
  "$gateway" --healthcheck "$port" && break
  sleep 0.1
done
"$gateway" --healthcheck "$port" || { cat "$directory/gateway.log" >&2; exit 1; }

token=$("$issue_token" --key "$directory/key.pem" --team sales --issuer bench --ttl 1h)
cat >"$directory/digest.lua" <<LUA
wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer $token"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"
wrk.body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"text_digest","arguments":{"text":"proving ground"}}}'
function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format("calls %d p50_ms %.2f p99_ms %.2f per_second %.0f failed %d", summary.requests,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests / summary.duration * 1e6,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
LUA

rss_kib() { awk '/^VmRSS/ {print $2}' "/proc/$gateway_pid/status"; }
cpu_ticks() { awk '{print $14 + $15}' "/proc/$gateway_pid/stat"; }
run() { wrk -t1 -c50 -d"$1s" -s "$directory/digest.lua" "http://127.0.0.1:$port/mcp" | grep '^calls '; }

echo "load before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores, $threads gateway thread(s)"
echo "rss before: $(rss_kib) KiB"
run 2 >/dev/null
warm=$(rss_kib)
echo "rss after warming up: $warm KiB"
ticks=$(cpu_ticks)
line=$(run "$seconds")
done_calls=$(awk '{print $2}' <<<"$line")
echo "$line cpu_us_per_call $(((($(cpu_ticks) - ticks) * 1000000 / $(getconf CLK_TCK)) / done_calls))"
while ((done_calls < calls)); do
  done_calls=$((done_calls + $(run "$seconds" | awk '{print $2}')))
done
echo "rss after $done_calls calls: $(rss_kib) KiB (growth $(($(rss_kib) - warm)) KiB)"
