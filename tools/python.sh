#!/usr/bin/env bash
# Prints a Python 3.11 that can make environments; a plain error where there is none. A Python given in PYTHON is the only one tried.
set -euo pipefail

is_wanted() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' > /dev/null 2>&1; }

for python in ${PYTHON:-python3.11 python3 python}; do
  if is_wanted "$python"; then
    "$python" -c 'import ensurepip, venv' > /dev/null 2>&1 || {
      echo "tools/python.sh: $python cannot make environments (Debian: apt-get install python3.11-venv)." >&2
      exit 1
    }
    echo "$python"
    exit 0
  fi
done
echo "tools/python.sh: Python 3.11 is needed and ${PYTHON:-neither python3.11 nor python3} is not it." >&2
echo "Install it (Debian 12: apt-get install python3.11 python3.11-venv) or name it: make setup PYTHON=/path/to/python3.11" >&2
exit 1
