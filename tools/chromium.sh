#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests; installs Debian's where there is none. Only `make test` calls it.
# A path given in CHROMIUM is taken as it is.
set -euo pipefail

find_chromium() {
  local name
  for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name"; then return 0; fi
  done
  return 1
}

give_up() {
  echo "tools/chromium.sh: no Chromium here, and $1." >&2
  echo "Install one (Debian: apt-get install chromium) or name it: make test CHROMIUM=/path/to/chromium" >&2
  exit 1
}

if find_chromium; then exit 0; fi
command -v apt-get > /dev/null || give_up "no apt-get to install it with"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo > /dev/null || give_up "neither root nor sudo to install it with"
  as_root=(sudo)
fi
echo "  installing Chromium with apt-get, for the browser tests (a minute or two)" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The package lists of a fresh machine are empty or old, so they are fetched first; a list that cannot be had is no reason to stop.
"${as_root[@]}" apt-get update -q > "$log" 2>&1 || true
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium < /dev/null >> "$log" 2>&1 || {
  tail -n 5 "$log" >&2
  give_up "apt-get could not install it"
}
find_chromium || give_up "apt-get installed none that is found"
