#!/usr/bin/env bash
# How fast pages in memory are read, as ratios to others: scripts/ratios.sh [ARGUMENT…] of bench-ratios; default: 200 MB of full
# width, 15 rounds, a few minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/build.sh release bench-ratios >&2
(($#)) || set -- --megabytes 200
exec build/release/bench/ratios/bench-ratios "$@"
