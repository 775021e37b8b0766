# shellcheck shell=bash
# Docker Compose v2: a plugin of the docker client.

compose_answers() { [[ $(docker compose version --short 2>/dev/null) =~ ^v?([0-9]+)\. && ${BASH_REMATCH[1]} -ge 2 ]]; }

# Version 1 is end of life: Debian 12 packages it as docker-compose, and has no version 2.
install_compose() {
  local package version
  if compose_answers; then return; fi
  for package in docker-compose-v2 docker-compose; do
    version=$(candidate "$package")
    if [[ -n $version ]] && dpkg --compare-versions "$version" ge 2; then
      say "installs $package $version (docker compose)"
      apt_get install --no-install-recommends "$package" >/dev/null
      compose_answers || die "docker compose does not start, although $package is installed"
      return
    fi
  done
  borrow_compose
}

# Debian 13's plugin needs nothing but the C library of Debian 12.
borrow_compose() {
  local unpacked plugins=/usr/local/lib/docker/cli-plugins
  say "takes docker compose from Debian 13 into $plugins"
  unpacked=$(mktemp -d)
  borrow trixie "$unpacked" docker-compose
  as_root install -D -m 0755 "$(find "$unpacked" -path '*/cli-plugins/docker-compose' | head -n 1)" \
    "$plugins/docker-compose"
  rm -rf "$unpacked"
  compose_answers || die "docker compose does not start; see: docker compose version"
}
