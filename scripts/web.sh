#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing, builds the WebAssembly module, the npm package and the page that enlarges
# a picture (build/web), serves the page to this machine alone, and prints its address.
# docs/web.md explains it.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/web.sh [options]

  --port N          the port (default: 8000, or a free one if that is taken)
  --build-only      build, do not serve
  --no-install      do not install missing packages
  --no-tensorflow   leave out TensorFlow.js, which the page compares with if asked to
END
}

fail() {
  echo "scripts/web.sh: $*" >&2
  exit 2
}

port=8000
build_only=0
install=1
tensorflow=1
while (($#)); do
  case $1 in
    --port)
      (($# >= 2)) || fail "$1 needs a value"
      port=$2
      shift
      ;;
    --build-only) build_only=1 ;;
    --no-install) install=0 ;;
    --no-tensorflow) tensorflow=0 ;;
    -h | --help) usage && exit 0 ;;
    *) fail "unknown option '$1' (--help lists them)" ;;
  esac
  shift
done
[[ $port =~ ^[0-9]+$ ]] || fail "--port is '$port', not a number"

cd "$(dirname "${BASH_SOURCE[0]}")/.."
((install)) && scripts/install-deps.sh build wasm web

# What the builds say matters only if they fail.
mkdir -p build
log=build/web.log
: >"$log"
quietly() {
  echo "$1 ..." >&2
  if ! "${@:2}" >>"$log" 2>&1; then
    tail -n 50 "$log" >&2
    echo "scripts/web.sh: that failed; all of its output is in $log" >&2
    exit 1
  fi
}
quietly "Building the module (build/wasm)" bash -c \
  'cmake --preset wasm && cmake --build build/wasm --target winograd_wasm'
quietly "Building the package (packages/npm)" scripts/build-npm.sh
models=$(examples/upscale/fetch_models.sh --tfjs)
peers=""
if ((tensorflow)); then peers=$(scripts/fetch-web-peers.sh tfjs)/tfjs; fi
node examples/web/build.mjs "$models" "$peers" build/web
((build_only)) || exec node examples/web/serve.mjs build/web "$port"
