#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Builds the WebAssembly modules, tests the npm package around them in Node, and the page in headless
# Chromium. scripts/test.sh --target wasm does the same after the tests of the library.
#
#   scripts/test-web.sh [--no-install] [--no-page]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
install=1
page=1
for argument; do
  case $argument in
    --no-install) install=0 ;;
    --no-page) page=0 ;;
    *) echo "scripts/test-web.sh: unknown option '$argument'" >&2 && exit 2 ;;
  esac
done
if ((install)); then
  groups=(build wasm web)
  ((page)) && groups+=(browser)
  scripts/install-deps.sh "${groups[@]}"
fi

cmake --preset wasm
cmake --build build/wasm --target winograd_wasm
scripts/build-npm.sh
(cd packages/npm && npm test --silent)
if ((page)); then
  models=$(examples/upscale/fetch_models.sh --tfjs)
  node examples/web/build.mjs "$models" "" build/web-test
  node --test examples/web/test/*.test.mjs
fi
