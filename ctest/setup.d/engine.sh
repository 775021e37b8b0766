# shellcheck shell=bash
# The container engine: found, or started.

readonly ENGINE_LOG=/var/log/dockerd.log

engine_answers() { timeout 10 docker version -f '{{.Server.Version}}' >/dev/null 2>&1; }

# Removes the pid file of a daemon that is gone. Its number may belong to another process by now,
# and the daemon would refuse to start because of it.
remove_stale_pid() {
  local file=$1 name=$2 pid
  pid=$(cat "$file" 2>/dev/null) || return 0
  if [[ $(cat "/proc/$pid/comm" 2>/dev/null) != "$name" ]]; then as_root rm -f "$file"; fi
}

# Starts dockerd in the background of a machine without systemd. Small networks: each stack has eight,
# and the engine's own default has room for 31 in all. For each container dockerd starts itself anew
# four times, which takes half of the processor time if Go collects no garbage meanwhile (GOGC; the
# daemon's own memory grows to 0.2 GB for it).
start_dockerd() {
  remove_stale_pid /var/run/docker.pid dockerd
  remove_stale_pid /var/run/docker/containerd/containerd.pid containerd
  if [[ -e /var/run/docker.pid ]]; then return; fi  # on its way up
  say "starts dockerd in the background, log in $ENGINE_LOG"
  # shellcheck disable=SC2016  # expands in the shell that root gets
  as_root sh -c 'GOGC=400 setsid dockerd --default-address-pool base=172.16.0.0/12,size=24 \
    </dev/null >>"$1" 2>&1 &' sh "$ENGINE_LOG"
}

# explain_refusal: why the engine does not answer, and what to do.
explain_refusal() {
  local answer
  answer=$(timeout 10 docker version -f '{{.Server.Version}}' 2>&1) || true
  if [[ $answer == *"permission denied"* ]]; then
    die "an engine runs, but this account may not use it; run: sudo usermod -aG docker $USER, then log in again"
  fi
  if [[ -r $ENGINE_LOG && ! -d /run/systemd/system ]]; then
    echo "last lines of $ENGINE_LOG:" >&2
    tail -n 15 "$ENGINE_LOG" >&2
  fi
  die "no container engine: ${answer##*$'\n'}; start one, or name one that runs in DOCKER_HOST"
}

ensure_engine() {
  local deadline=$((SECONDS + 30))
  if engine_answers; then return; fi
  if [[ -n ${DOCKER_HOST:-} && $DOCKER_HOST != unix:///var/run/docker.sock ]]; then
    die "DOCKER_HOST=$DOCKER_HOST does not answer; start that engine, or unset DOCKER_HOST"
  fi
  if [[ -S /var/run/docker.sock && ! -w /var/run/docker.sock ]]; then explain_refusal; fi
  if [[ -d /run/systemd/system ]]; then
    say "starts docker.service"
    as_root systemctl start docker
  else
    start_dockerd
  fi
  until engine_answers; do
    if ((SECONDS >= deadline)); then explain_refusal; fi
    sleep 0.25
  done
}
