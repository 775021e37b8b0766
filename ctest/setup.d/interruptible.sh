# shellcheck shell=bash
# Long commands that Ctrl-C and SIGTERM end in good order, at any moment.

interrupted=  # 128 + signal, once one arrived
group=        # process group of the command that runs
status=0      # of the last one

on_signal() {
  if [[ -n $interrupted ]]; then return; fi
  interrupted=$((128 + $1))
  if [[ -n $group ]]; then kill -TERM -- "-$group" 2>/dev/null || true; fi
}
trap 'on_signal 2' INT
trap 'on_signal 15' TERM

# interruptible COMMAND...: runs it in a process group of its own, so that a signal reaches all of it
# once, and only through on_signal. Sets `status`: its own, or the signal's once its last process is
# gone. What does not end within two minutes is killed. Not for use in a condition, where bash would
# ignore that a command inside the function failed.
interruptible() {
  local deadline
  status=$interrupted
  if [[ -n $interrupted ]]; then return; fi
  status=0
  set -m
  { set +m; "$@"; } </dev/null &  # its own children stay in the group
  group=$!
  set +m
  wait "$group" || status=$?
  if [[ -n $interrupted ]]; then
    deadline=$((SECONDS + 120))
    while kill -0 -- "-$group" 2>/dev/null; do
      if ((SECONDS > deadline)); then kill -KILL -- "-$group" 2>/dev/null || true; fi
      sleep 0.1
    done
    status=$interrupted
  fi
  group=
}

# step COMMAND...: a step that has to succeed.
step() {
  interruptible "$@"
  if ((status != 0)); then exit "$status"; fi
}
