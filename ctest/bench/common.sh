# Shared by the benchmarks: medians, CPU time of the machine, and what else it was doing.
# shellcheck shell=bash

# median NUMBER... (odd count)
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

# Milliseconds of the steady clock.
now_ms() { awk '{printf "%d", $1 * 1000}' /proc/uptime; }

# CPU time of the whole machine spent on anything but idling and waiting for disks, in ticks.
busy_ticks() { awk '/^cpu / {print $2 + $3 + $4 + $7 + $8}' /proc/stat; }

# busy_percent SECONDS: share of all cores that was busy over that time.
busy_percent() {
  local before after
  before=$(busy_ticks)
  sleep "$1"
  after=$(busy_ticks)
  awk -v ticks=$((after - before)) -v seconds="$1" -v hz="$(getconf CLK_TCK)" -v cores="$(nproc)" \
    'BEGIN {printf "%.2f", 100 * ticks / (seconds * hz * cores)}'
}

# The state of the machine that a figure belongs to.
machine() { echo "machine: $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"; }
