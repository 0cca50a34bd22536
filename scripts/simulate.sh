#!/usr/bin/env bash
# Runs seeded extractions against the fake in virtual time and judges each: scripts/simulate.sh [SEEDS [FIRST]].
# Prints the seeds that went wrong; build/release/tests/simulation/simulate --seed X shows one of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/build.sh release simulate
export CALLRAIL_FIGURES=${CALLRAIL_FIGURES:-$PWD/build/release/figures}
exec build/release/tests/simulation/simulate --seeds "${1:-10000}" --first "${2:-1}"
