#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing, builds the WebAssembly module and the npm package, and compares layers with
# TensorFlow.js's wasm backend and ONNX Runtime Web, in turns: in Node, or in headless Chromium.
#
#   scripts/bench-wasm.sh                           a table of layers, in Node, by CPU time
#   scripts/bench-wasm.sh --browser                 the same in Chromium, by the clock
#   scripts/bench-wasm.sh --networks gans:64        and a whole network, for an image of 64 x 64
#   scripts/bench-wasm.sh --threads 2 --peers ''    winograd alone, on two threads
#   scripts/bench-wasm.sh --chart bars.svg          and a bar chart
#   --only PATTERN, --rounds N, --peers tensorflow,onnxruntime; --no-build takes what is built
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

build=1
networks=0
arguments=()
for argument; do
  case $argument in
    -h | --help) sed -n '/^#   /s/^# *//p' "$0" && exit 0 ;;
    --no-build) build=0 && continue ;;
    --browser) "$root/scripts/install-deps.sh" browser ;;
    --networks*) networks=1 ;;
  esac
  arguments+=("$argument")
done

((build)) && "$root/scripts/web.sh" --build-only
models=$("$root/examples/upscale/fetch_models.sh" --tfjs)
if ((networks)); then # ONNX Runtime's are converted
  "$root/scripts/install-deps.sh" models
  "$root/examples/upscale/fetch_models.sh" >/dev/null
fi
peers=$("$root/scripts/fetch-web-peers.sh" tfjs ort)
exec node "$root/bench/wasm/bench.mjs" --models "$models" --peers-folder "$peers" "${arguments[@]}"
