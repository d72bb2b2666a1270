#!/usr/bin/env bash
# Gradescope runs this once, while it builds the autograder's image (Debian or Ubuntu, as root):
# Python with what the kit needs, in an environment of its own, in the versions of the lock.
set -euo pipefail
root="${GATECHECK_ROOT:-/autograder}"

usable() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null
}

if ! usable python3; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3 python3-venv
    usable python3 || { echo 'gatecheck needs Python 3.10 or newer: choose a newer base image' >&2; exit 1; }
fi

python3 -m venv "$root/venv"
# Gradescope has no GPU: torch without CUDA is a tenth of the size
"$root/venv/bin/python" -m pip install --no-cache-dir --disable-pip-version-check \
    --extra-index-url https://download.pytorch.org/whl/cpu \
    -c "$root/source/constraints.txt" -r "$root/source/requirements.txt"
