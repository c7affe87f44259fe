#!/usr/bin/env bash
# Prints the folder of PostgreSQL's programs (initdb, pg_ctl) for the casework's tests; installs Debian's where there are none. Only
# `make test` calls it. A folder given in POSTGRES is taken as it is.
set -euo pipefail

find_postgres() {
  local folder
  # The newest of several versions first; then what stands on the path, as on other systems than Debian.
  for folder in ${POSTGRES:+"$POSTGRES"} $(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -rV) "$(dirname "$(command -v initdb)" 2> /dev/null)"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
      echo "$folder"
      return 0
    fi
  done
  return 1
}

give_up() {
  echo "tools/postgres.sh: no PostgreSQL here, and $1." >&2
  echo "Install one (Debian: apt-get install postgresql) or name it: make test POSTGRES=/folder/with/initdb" >&2
  exit 1
}

if find_postgres; then exit 0; fi
command -v apt-get > /dev/null || give_up "no apt-get to install it with"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo > /dev/null || give_up "neither root nor sudo to install it with"
  as_root=(sudo)
fi
echo "  installing PostgreSQL with apt-get, for the casework's tests (a minute)" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The package lists of a fresh machine are empty or old, so they are fetched first; a list that cannot be had is no reason to stop.
"${as_root[@]}" apt-get update -q > "$log" 2>&1 || true
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql < /dev/null >> "$log" 2>&1 || {
  tail -n 5 "$log" >&2
  give_up "apt-get could not install it"
}
find_postgres || give_up "apt-get installed none that is found"
