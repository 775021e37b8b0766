# shellcheck shell=bash
# Words to the user, and root's rights.

# shellcheck disable=SC2034  # used by the scripts that source this
readonly EXIT_USAGE=3 EXIT_ENVIRONMENT=4 EXIT_INTERNAL=5

say() { echo "set-up: $*"; }

# die MESSAGE [EXIT_CODE]
die() {
  echo "${0##*/}: $1" >&2
  exit "${2:-$EXIT_ENVIRONMENT}"
}

# Runs a command as root. Asks for a password only where somebody can type one.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif ! command -v sudo >/dev/null; then
    die "needs root for: $*; run it as root, or install sudo"
  elif [[ -t 0 && -z ${CI:-} ]]; then
    sudo -- "$@"
  else
    sudo -n -- "$@"
  fi
}
