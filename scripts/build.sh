#!/usr/bin/env bash
# Configures and builds a preset of CMakePresets.json: scripts/build.sh [PRESET [TARGET…]], default: release, everything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=${1:-release}
shift || true
cmake --preset "$preset" >/dev/null
# Ninja alone would start two more compilers than there are processors, and large files fight for memory.
cmake --build --preset "$preset" --parallel "$(nproc)" ${1:+--target "$@"}
