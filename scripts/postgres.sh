#!/usr/bin/env bash
# Sees to it that the tests find a PostgreSQL server: installs one on Debian and Ubuntu if there is
# none, and says elsewhere what to install. The tests start servers of their own from it, so the
# package starts none.
set -euo pipefail

# Where `dpp_store_postgres::testing` looks besides PATH, the folders of Debian first.
places=${DPP_TEST_POSTGRES_PLACES:-/usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin
  /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin
  /Applications/Postgres.app/Contents/Versions/*/bin}

is_there() {
  local place
  # Unquoted on purpose: the places are patterns.
  for place in ${PATH//:/ } $places; do
    [ -x "$place/initdb" ] && [ -x "$place/postgres" ] && return
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

can_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }
}

# While this file is there, the package does not make and start a cluster of its own.
no_cluster=/etc/postgresql-common/createcluster.d/dpp-none.conf

install_server() {
  echo 'installing the PostgreSQL server that the tests need'
  as_root mkdir -p "${no_cluster%/*}"
  trap 'as_root rm -f "$no_cluster"' EXIT
  echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
  as_root apt-get -qq update
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Dpkg::Use-Pty=0 install --no-install-recommends postgresql >/dev/null
}

if [ -n "${DPP_TEST_DATABASE_URL:-}${DPP_TEST_POSTGRES_BIN:-}" ] || is_there; then
  exit
fi
can_install && install_server
is_there || {
  cat >&2 <<'END'
The tests need a PostgreSQL server, and there is none. Install one:
  on Debian and Ubuntu: apt-get install postgresql
  on macOS: brew install postgresql@17
  elsewhere: the package that holds `initdb`; set DPP_TEST_POSTGRES_BIN to its folder if that is
  not in PATH
or set DPP_TEST_DATABASE_URL to the URL of a server that runs.
END
  exit 1
}
