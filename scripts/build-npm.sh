#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Builds the npm package (packages/npm) around the modules in a folder, build/wasm/npm unless another
# is given. Needs npm; TypeScript is fetched by it.
set -euo pipefail
modules=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../build/wasm/npm}")
cd "$(dirname "${BASH_SOURCE[0]}")/../packages/npm"
# Once for each list of tools.
if ! cmp -s package.json node_modules/.installed; then
  npm install --silent --no-audit --no-fund
  cp package.json node_modules/.installed
fi
node build.mjs "$modules"
