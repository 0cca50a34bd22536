#!/usr/bin/env bash
# Files to CSV in whole processes, against what users run today: scripts/compare.sh [ARGUMENT…] of bench/whole_process/compare.py;
# default: 200 MB, ten minutes. python3-pandas and jq take part where they are installed, and DuckDB as the library that setup.sh
# --parquet fetches, another one that CALLRAIL_BENCH_DUCKDB=…/libduckdb.so names, or as a Python module.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/build.sh release bench-pages bench-pages-to-csv bench-run-one >&2
duckdb=$PWD/build/duckdb/lib/libduckdb.so
if [[ -z ${CALLRAIL_BENCH_DUCKDB:-} && -e $duckdb ]]; then export CALLRAIL_BENCH_DUCKDB=$duckdb; fi
(($#)) || set -- --megabytes 200
python=/usr/bin/python3  # Debian's own has Debian's modules
[[ -x $python ]] || python=python3
exec "$python" bench/whole_process/compare.py build/release "$@"
