#!/usr/bin/env bash
# Compares the speed of the working tree with that of a base commit: scripts/gate.sh [BASE], default: where this branch left
# main. `scripts/gate.sh --help` has the options and exit codes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exec python3 bench/gate/gate.py "$@"
