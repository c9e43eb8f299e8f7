#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Tests the npm package in Node and the page in headless Chromium, with the modules that
# `cmake --build build/wasm --target winograd_wasm` made. scripts/test.sh --target wasm runs it.
#
#   scripts/test-web.sh [--no-install] [--no-page] [folder of the modules]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
install=1
page=1
modules=build/wasm/npm
for argument; do
  case $argument in
    --no-install) install=0 ;;
    --no-page) page=0 ;;
    -*) echo "scripts/test-web.sh: unknown option '$argument'" >&2 && exit 2 ;;
    *) modules=$argument ;;
  esac
done
groups=(web)
((page)) && groups+=(browser)
((install)) && scripts/install-deps.sh "${groups[@]}"

scripts/build-npm.sh "$modules"
(cd packages/npm && npm test --silent)
if ((page)); then
  models=$(examples/upscale/fetch_models.sh --tfjs)
  node examples/web/build.mjs "$models" "" build/web-test
  node --test examples/web/test/*.test.mjs
fi
