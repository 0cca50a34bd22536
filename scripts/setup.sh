#!/usr/bin/env bash
# Installs what building and testing need, from Debian's packages. Does nothing when all of it is there.
#   scripts/setup.sh            the compiler, the libraries, and what the tests run
#   scripts/setup.sh --clang    also clang-19 with its sanitizers
#   scripts/setup.sh --gate     also valgrind, with which scripts/gate.sh counts instructions
#   scripts/setup.sh --openapi  also node, npm and, from the npm registry, what generated/openapi.json is validated with
#   scripts/setup.sh --parquet  also node, npm and, from there, DuckDB's library into build/duckdb, and what the tests read Parquet
#                               with; exit code 75 if it cannot be had now
# Options add up.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
  g++ ccache cmake ninja-build pkg-config ca-certificates tzdata
  libcurl4-openssl-dev libssl-dev zlib1g-dev libdeflate-dev libspdlog-dev libfmt-dev libyaml-cpp-dev libsimdjson-dev libsqlite3-dev libpq-dev
  libcli11-dev libhowardhinnant-date-dev libcpp-httplib-dev nlohmann-json3-dev
  openssl git libbenchmark-dev libgtest-dev libgmock-dev libpugixml-dev libxml2-utils sqlite3 python3 python3-yaml python3-jsonschema scdoc
  postgresql-15 libfaketime
)
from_npm=()
parquet=
for option in "$@"; do
  case $option in
    --clang) packages+=(clang-19 libclang-rt-19-dev) ;;
    --gate) packages+=(valgrind) ;;
    --openapi) from_npm+=(tests/contract/openapi) ;;
    --parquet) parquet=1 ;;
    *) echo "setup: unknown option $option" >&2; exit 2 ;;
  esac
done

# Others' packages of node bring an npm of their own, and refuse Debian's.
if ((${#from_npm[@]})) || [[ $parquet ]]; then
  { command -v node && command -v npm; } >/dev/null || packages+=(nodejs npm)
fi

missing=()
for package in "${packages[@]}"; do
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
if ((${#missing[@]})); then
  as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || { echo "setup: installing ${missing[*]} needs root; run this as root, or install sudo" >&2; exit 1; }
    as_root=(sudo)
  fi
  echo "setup: installing ${missing[*]}" >&2
  "${as_root[@]}" apt-get update -qq
  # Debian's package of a server makes a database of its own and starts it, now and with the machine. The tests start theirs.
  if [[ " ${missing[*]} " == *" postgresql-15 "* ]]; then
    quiet=/etc/postgresql-common/createcluster.d/callrail-batch.conf
    if [[ ! -e $quiet ]]; then
      trap '"${as_root[@]}" rm -f "$quiet"' EXIT
      "${as_root[@]}" mkdir -p "${quiet%/*}"
      echo "create_main_cluster = false" | "${as_root[@]}" tee "$quiet" >/dev/null
    fi
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# Exactly what package-lock.json says; npm leaves a copy of it behind.
install_locked() {
  [[ $1/node_modules/.package-lock.json -nt $1/package-lock.json ]] && return
  echo "setup: installing what $1/package.json names" >&2
  npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund --silent
}
for folder in "${from_npm[@]}"; do install_locked "$folder"; done

[[ $parquet ]] || exit 0
# DuckDB has no package in Debian. Two of npm's hold its library and its C header; neither is installed, because npm would build
# the second one. What comes is what was looked at: npm's own hash of it stands here.
duckdb=build/duckdb
header=duckdb@1.4.4
header_hash=hEJJ5hyVF0VLj3dmOLpsWrQR0b3d4Ykqtygm6iUXjHJDDnSqg/USKxcb5qvNrOhFYPgktayU6dXCtgPqcmmpog==
library=@duckdb/node-bindings-linux-x64@1.4.4-r.4
library_hash=jBTL/WvfwxLToFa/pVHfT6elMtltJGnc3wSuxZD9OfMltit9YUdVFS37vBFQzXMT1Z8OWjtSjMh+zPKxOwHLHA==
if [[ $(uname -sm) != "Linux x86_64" ]]; then
  echo "setup: DuckDB's library is fetched for Linux on x86-64 only; build with -DDuckDB_ROOT=… of another one" >&2
  exit 75
fi

# fetch PACKAGE HASH FILE TO: one file of a package.
fetch() {
  local folder
  folder=$(mktemp -d "$duckdb/fetch.XXXXXX")
  if ! npm pack --silent --fetch-retries 1 --pack-destination "$folder" "$1" >/dev/null; then
    rm -rf "$folder"
    echo "setup: $1 cannot be fetched now; without it there is no Parquet" >&2
    exit 75
  fi
  if [[ $(openssl dgst -sha512 -binary "$folder"/*.tgz | base64 -w0) != "$2" ]]; then
    rm -rf "$folder"
    echo "setup: what came as $1 is not what this script was written for; it is thrown away" >&2
    exit 1
  fi
  tar -xzf "$folder"/*.tgz -C "$folder" "package/$3"
  mkdir -p "$(dirname "$4")"
  mv "$folder/package/$3" "$4"
  rm -rf "$folder"
}
mkdir -p "$duckdb"
if [[ $(cat "$duckdb/fetched" 2>/dev/null) != "$header_hash $library_hash" ]]; then
  echo "setup: fetching DuckDB's library into $duckdb (33 MB)" >&2
  fetch "$header" "$header_hash" src/duckdb/src/include/duckdb.h "$duckdb/include/duckdb.h"
  fetch "$library" "$library_hash" libduckdb.so "$duckdb/lib/libduckdb.so"
  echo "$header_hash $library_hash" >"$duckdb/fetched"
fi
if ! install_locked tests/integration/parquet; then
  echo "setup: what the tests read Parquet with cannot be installed now" >&2
  exit 75
fi
