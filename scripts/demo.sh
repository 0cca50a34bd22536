#!/usr/bin/env bash
# Sets up, builds, and runs the main job: calls and tags into data/*.csv.
# With CALLRAIL_API_KEY set it reads your account; without, a made-up one from callrail-fake on this machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh
scripts/build.sh release callrail-batch callrail-fake
bin=build/release/apps

if [[ -z ${CALLRAIL_API_KEY:-} ]]; then
  scratch=$(mktemp -d)
  "$bin/callrail-fake/callrail-fake" --port 0 --port-file "$scratch/port" --key demo-key &
  fake=$!
  trap 'kill "$fake" 2>/dev/null; rm -rf "$scratch"' EXIT
  while [[ ! -s $scratch/port ]]; do kill -0 "$fake"; sleep 0.05; done
  export CALLRAIL_API_KEY=demo-key CALLRAIL_BASE_URL=http://127.0.0.1:$(<"$scratch/port")
fi

"$bin/callrail-batch/callrail-batch" --endpoints calls,tags

echo
echo "The first rows of data/calls.csv, and the first 100 characters of each:"
head -n 5 data/calls.csv | cut -c 1-100
