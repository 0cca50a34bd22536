#!/usr/bin/env bash
# Kills callrail-batch at every call that changes a file and at random moments, and runs it again: scripts/kill.sh [KILLS].
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/build.sh release callrail-batch callrail-fake kill_at_write
bin=$PWD/build/release
export CALLRAIL_BATCH=$bin/apps/callrail-batch/callrail-batch CALLRAIL_FAKE=$bin/apps/callrail-fake/callrail-fake
export CALLRAIL_KILLER=$bin/tests/support/libkill_at_write.so CALLRAIL_KILLS=${1:-1000}
export CALLRAIL_FIGURES=${CALLRAIL_FIGURES:-$bin/figures}
exec python3 tests/integration/kill_test.py
