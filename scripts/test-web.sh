#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Tests the npm package in Node, then the page in headless Chromium, with the modules in a folder:
# build/wasm/npm unless another is given. --no-page leaves out the page.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
page=1
if [[ ${1:-} == --no-page ]]; then
  page=0
  shift
fi
scripts/build-npm.sh "${1:-build/wasm/npm}"
(cd packages/npm && node --expose-gc --test test/*.test.mjs)
if ((page)); then
  models=$(examples/upscale/fetch_models.sh --tfjs)
  node examples/web/build.mjs "$models" "" build/web-test
  node --test examples/web/test/*.test.mjs
fi
