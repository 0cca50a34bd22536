#!/usr/bin/env bash
# Sets up, builds and runs every test: scripts/test.sh [PRESET], default: release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=${1:-release}
if [[ $preset == asan || $preset == tsan ]]; then scripts/setup.sh --openapi --clang; else scripts/setup.sh --openapi; fi
# 65 MB that are no package of Debian's: their tests are the only ones that can do without.
scripts/setup.sh --parquet || {
  (($? == 75)) || exit 1
  echo "test: without DuckDB; the tests of Parquet are skipped" >&2
}
scripts/build.sh "$preset"
ctest --preset "$preset"
