#!/usr/bin/env bash
# Sets up, builds and runs every test: scripts/test.sh [PRESET], default: release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=${1:-release}
if [[ $preset == asan || $preset == tsan ]]; then scripts/setup.sh --openapi --clang; else scripts/setup.sh --openapi; fi
scripts/build.sh "$preset"
ctest --preset "$preset"
