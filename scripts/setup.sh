#!/usr/bin/env bash
# Installs what building and testing need, from Debian's packages. Does nothing when all of it is there.
#   scripts/setup.sh            the compiler, the libraries, and what the tests run
#   scripts/setup.sh --clang    also clang-19 with its sanitizers
#   scripts/setup.sh --gate     also valgrind, with which scripts/gate.sh counts instructions
#   scripts/setup.sh --openapi  also node, npm and, from the npm registry, what generated/openapi.json is validated with
# Options add up.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
  g++ ccache cmake ninja-build pkg-config ca-certificates tzdata
  libcurl4-openssl-dev libssl-dev zlib1g-dev libdeflate-dev libspdlog-dev libfmt-dev libyaml-cpp-dev libsimdjson-dev libsqlite3-dev libpq-dev
  libcli11-dev libhowardhinnant-date-dev libcpp-httplib-dev nlohmann-json3-dev
  git libbenchmark-dev libgtest-dev libgmock-dev libpugixml-dev libxml2-utils sqlite3 python3 python3-yaml python3-jsonschema scdoc
  postgresql-15 libfaketime
)
validator=
for option in "$@"; do
  case $option in
    --clang) packages+=(clang-19 libclang-rt-19-dev) ;;
    --gate) packages+=(valgrind) ;;
    --openapi)
      validator=tests/contract/openapi
      # Others' packages of node bring an npm of their own, and refuse Debian's.
      { command -v node && command -v npm; } >/dev/null || packages+=(nodejs npm) ;;
    *) echo "setup: unknown option $option" >&2; exit 2 ;;
  esac
done

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
if [[ -n $validator && ! $validator/node_modules/.package-lock.json -nt $validator/package-lock.json ]]; then
  echo "setup: installing what $validator/package.json names" >&2
  npm ci --prefix "$validator" --ignore-scripts --no-audit --no-fund --silent
fi
