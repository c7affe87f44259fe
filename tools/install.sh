#!/usr/bin/env bash
# tools/install.sh LOCK: installs a lock's packages into .venv, hash by hash, and says how far it is.
set -euo pipefail
lock=$1
all=$(grep -c '^[a-z0-9].*==' "$lock")
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

say_how_far() {
  local line n=0
  while IFS= read -r line; do
    case $line in
      Collecting\ * | Processing\ * | Requirement\ already\ satisfied*)
        n=$((n + 1))
        if [ $((n % 25)) -eq 0 ]; then echo "  $n of $all"; fi
        ;;
      Installing\ collected*) echo "  all $all fetched; unpacking them" ;;
    esac
  done
}

# Without dependencies and compilation: the lock is complete, and Python compiles what is used at its first import.
.venv/bin/python -m pip install --no-deps --no-compile --require-hashes --disable-pip-version-check --no-input \
  --progress-bar off --no-color -r "$lock" 2> "$errors" | say_how_far || {
  grep -v '^WARNING' "$errors" | tail -n 8 >&2
  echo "tools/install.sh: the packages of $lock could not be installed. Can this machine reach a package registry? Then: make setup" >&2
  exit 1
}
