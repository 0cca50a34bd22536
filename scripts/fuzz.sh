#!/usr/bin/env bash
# Fuzzes with libFuzzer: scripts/fuzz.sh [SECONDS [TARGET…]], default: 60 seconds for each target there is.
# The corpus grows in build/fuzz/corpus, findings go to build/fuzz/findings. A finding becomes a test when its file is
# put into tests/fuzz/corpus/TARGET. Exit code 1: something was found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-60}
shift || true
scripts/setup.sh --clang
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --parallel "$(nproc)"
targets=("$@")
((${#targets[@]})) || for file in tests/fuzz/*_fuzz.cpp; do file=${file##*/}; targets+=("${file%_fuzz.cpp}"); done

found=0
mkdir -p build/fuzz/findings build/fuzz/logs
printf '%-10s %12s %10s %8s  %s\n' target executions per-second features findings
for target in "${targets[@]}"; do
  program=build/fuzz/tests/fuzz/fuzz-$target
  corpus=build/fuzz/corpus/$target
  log=build/fuzz/logs/$target
  mkdir -p "$corpus"
  CALLRAIL_FUZZ_SEEDS=$corpus "$program"
  [[ -d tests/fuzz/corpus/$target ]] && cp tests/fuzz/corpus/"$target"/* "$corpus"
  result=none
  "$program" "$corpus" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/findings/$target-" >"$log" 2>&1 || { found=1; result="see $log"; }
  number() { grep -o "$1[^0-9]*[0-9]*" "$log" | tail -1 | grep -o '[0-9]*$' || echo '?'; }
  printf '%-10s %12s %10s %8s  %s\n' "$target" "$(number stat::number_of_executed_units)" "$(number stat::average_exec_per_sec)" \
    "$(number ' ft:')" "$result"
done
exit $found
