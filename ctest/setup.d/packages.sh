# shellcheck shell=bash
# What the project needs from the distribution's package archive.

# Where packages that a distribution lacks are unpacked (see borrow).
readonly BORROWED=/opt/proving-ground

# "what for: packages", one group a line; names differ between distributions. WITH_FUZZING=yes adds what ctest/fuzz needs.
package_groups() {
  local compiler=g++ docker='' fuzzing='' runtime
  # Ubuntu 22.04: its g++ is version 11, g++-12 is beside it.
  if [[ $(candidate g++) == 4:11.* ]]; then compiler=g++-12; fi
  echo "to build: $compiler cmake ninja-build ccache git pkg-config"
  echo "libraries to build with: libboost-dev libboost-filesystem-dev libboost-system-dev libssl-dev" \
    "libcurl4-openssl-dev nlohmann-json3-dev libhiredis-dev libcli11-dev libfmt-dev" \
    "libcpp-jwt-dev prometheus-cpp-dev libarchive-dev libnftables-dev libre2-dev libyaml-cpp-dev libpugixml-dev"
  echo "to test: libgtest-dev libgmock-dev libbenchmark-dev shellcheck yamllint wrk" \
    "libxml2-utils python3-aiosmtpd python3-junitparser python3-jsonschema prometheus"
  echo "for charts in the report page: libjs-chart.js"
  echo "for keys and passwords: openssl"
  echo "for an image and for unit tests: redis-server"
  echo "for the image of the fault helpers: iproute2"
  if [[ -n ${WITH_FUZZING:-} ]]; then
    fuzzing="clang llvm"  # llvm: line numbers in what the sanitizers say
    # libFuzzer and the sanitizers, where they are not part of what clang depends on (Ubuntu 22.04).
    runtime=libclang-rt-$(candidate clang | sed -E 's/^([0-9]+:)?([0-9]+).*/\2/')-dev
    if [[ -n $(candidate "$runtime") ]]; then fuzzing+=" $runtime"; fi
    echo "to fuzz: $fuzzing"
  fi
  # An engine that answers needs a client only; where both are present nothing is installed.
  if ! command -v docker >/dev/null || { ! engine_answers && ! command -v dockerd >/dev/null; }; then
    docker="docker.io iptables"
    # Debian 13 has the client in a package of its own.
    if [[ -n $(candidate docker-cli) ]]; then docker+=" docker-cli"; fi
    echo "the container engine: $docker"
  fi
}

# Version of a package that apt would install; empty if it knows none.
candidate() { apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'; }

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed || -e $BORROWED/$1 ]]
}

# is_available PACKAGE: apt can install it, in a version that will do.
is_available() {
  local version
  version=$(candidate "$1")
  # Redis 6 lacks BLMOVE, channel patterns and the append-only file in parts.
  if [[ $1 == redis-server ]] && ! dpkg --compare-versions "$version" ge 5:7; then return 1; fi
  [[ -n $version ]]
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"; }

# Packages start the services they bring, and fail to install where that fails (docker.io without
# systemd). Redis must not run, and the engine is started by ensure_engine: so nothing is started
# while COMMAND runs. policy-rc.d is Debian's way to say so; an administrator's own is left alone.
#   without_services COMMAND...
without_services() {
  local policy=/usr/sbin/policy-rc.d placed='' result=0
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root install -m 0755 /dev/stdin "$policy"
    placed=yes
  fi
  "$@" || result=$?
  if [[ -n $placed ]]; then as_root rm -f "$policy"; fi
  return "$result"
}

# At the next boot neither: only the binaries are wanted, redis-server's and promtool.
disable_services() {
  if [[ -d /run/systemd/system ]]; then as_root systemctl disable --quiet "$@" || true; fi
}

# borrow RELEASE PACKAGE...: unpacks packages of a Debian release into a folder, without installing
# them and without touching the system's own sources. apt checks the archive's signature; source
# list, package lists and downloads live in a folder that goes away. Prints nothing but errors.
#   borrow trixie TARGET docker-compose
borrow() {
  local release=$1 target=$2 work keyring=/usr/share/keyrings/debian-archive-keyring.gpg package
  shift 2
  if [[ ! -e $keyring ]]; then apt_get install --no-install-recommends debian-archive-keyring; fi
  work=$(mktemp -d) && chmod 0755 "$work"
  mkdir -p "$work"/{lists,archives}/partial
  echo "deb [signed-by=$keyring] ${DEBIAN_MIRROR:-http://deb.debian.org/debian} $release main" \
    >"$work/sources.list"
  local apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=-
    -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work" -o Acquire::Languages=none
    -o APT::Sandbox::User=root)
  (
    cd "$work"
    "${apt[@]}" update && "${apt[@]}" download "$@"
    for package in *.deb; do dpkg -x "$package" "$target"; done
  ) || { rm -rf "$work"; die "cannot fetch $* of Debian $release; is the network up?"; }
  rm -rf "$work"
}

# Packages that Ubuntu 22.04 does not have, or has too old, taken from Debian 12: headers, libraries
# and a Redis that need no more than its C library.
borrow_missing() {
  local package wanted=() unpacked
  for package in "$@"; do
    case $package in
      libcpp-jwt-dev) wanted+=("$package") ;;
      prometheus-cpp-dev)
        wanted+=("$package" libprometheus-cpp-core1.0 libprometheus-cpp-pull1.0
          libprometheus-cpp-push1.0)
        ;;
      redis-server)
        wanted+=("$package" redis-tools)
        apt_get install --no-install-recommends libatomic1 libjemalloc2 liblzf1 libsystemd0
        ;;
      *)
        die "apt knows no package $package; supported are Debian 12 and 13, and Ubuntu 22.04 and 24.04 with their section universe"
        ;;
    esac
  done
  say "from Debian 12, unpacked into $BORROWED: ${wanted[*]}"
  unpacked=$(mktemp -d)
  borrow bookworm "$unpacked" "${wanted[@]}"
  as_root mkdir -p "$BORROWED"
  as_root cp -a "$unpacked/." "$BORROWED/"
  rm -rf "$unpacked"
  for package in "$@"; do as_root touch "$BORROWED/$package"; done
  if [[ -e $BORROWED/usr/bin/redis-server ]]; then
    as_root ln -sfn "$BORROWED/usr/bin/redis-server" "$BORROWED/usr/bin/redis-cli" /usr/local/bin/
  fi
}

# Sets `missing` (packages) and `reasons` (one line per group) of the caller.
find_missing() {
  local purpose list package absent
  missing=() reasons=()
  while IFS=: read -r purpose list; do
    absent=()
    for package in $list; do
      if ! is_installed "$package"; then absent+=("$package"); fi
    done
    if ((${#absent[@]} > 0)); then
      missing+=("${absent[@]}")
      reasons+=("${absent[*]} ($purpose)")
    fi
  done < <(package_groups)
}

all_available() {
  local package
  for package in "$@"; do is_available "$package" || return 1; done
}

# Lists that are too old name files the mirror no longer has: a second try is made with new ones.
install_now() {
  apt_get install --no-install-recommends "$@" >/dev/null ||
    { apt_get update && apt_get install --no-install-recommends "$@" >/dev/null; }
}

# Installs what is missing, in one go; says what and why.
install_packages() {
  local missing reasons package wanted=() unavailable=()
  command -v apt-get >/dev/null || die "this is no Debian or Ubuntu; install the packages by hand"
  find_missing
  if ((${#missing[@]} == 0)); then return; fi
  if ! all_available "${missing[@]}"; then
    say "brings apt's package lists up to date"
    apt_get update
    find_missing  # names of packages depend on what the lists hold
  fi
  printf 'set-up: installs %s\n' "${reasons[@]}"
  for package in "${missing[@]}"; do
    if is_available "$package"; then wanted+=("$package"); else unavailable+=("$package"); fi
  done
  without_services install_now "${wanted[@]}" || die "apt-get could not install: ${wanted[*]}"
  for package in redis-server prometheus; do
    if [[ " ${wanted[*]} " == *" $package "* ]]; then disable_services "$package"; fi
  done
  if ((${#unavailable[@]} > 0)); then borrow_missing "${unavailable[@]}"; fi
}
