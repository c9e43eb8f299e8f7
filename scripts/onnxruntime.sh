#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Installs and fetches what is missing, builds the plug-in for ONNX Runtime, runs its tests, and measures
# whole models without it and with it. docs/onnxruntime.md
#
#   scripts/onnxruntime.sh                  four well-known architectures, and the example networks
#   scripts/onnxruntime.sh net.onnx         a model of yours; other arguments go to the program (--help)
#   scripts/onnxruntime.sh --fetch          only fetch ONNX Runtime, into build/peers/onnxruntime
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

"$root/scripts/fetch-onnxruntime.sh" --always
"$root/scripts/fetch-onnxruntime-headers.sh"
[[ ${1:-} == --fetch ]] && exit 0
"$root/scripts/install-deps.sh" build test onnxruntime

build=$root/build/onnxruntime
log=$root/build/onnxruntime.log
echo "Building (build/onnxruntime) ..." >&2
if ! { cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DWINOGRAD_BUILD_ONNXRUNTIME=ON -DWINOGRAD_BUILD_ONNXRUNTIME_EXAMPLE=ON \
  -DWINOGRAD_BUILD_BENCHMARKS=OFF -DWINOGRAD_BUILD_OPENMP=OFF &&
  cmake --build "$build" \
    --target winograd_onnxruntime_example winograd_integration_onnxruntime_test; } >"$log" 2>&1; then
  tail -n 50 "$log" >&2
  echo "scripts/onnxruntime.sh: the build failed; all of its output is in $log" >&2
  exit 1
fi

echo "Testing ..." >&2
if ! ctest --test-dir "$build" --output-on-failure -R '^integration\.onnxruntime$' >"$log" 2>&1; then
  tail -n 50 "$log" >&2
  exit 1
fi

program=$build/examples/onnxruntime/winograd_onnxruntime_example
echo "The plug-in: build/onnxruntime/integrations/onnxruntime/libwinograd_onnxruntime.so" >&2
if (($#)); then
  exec "$program" "$@"
fi
"$program"
if "$root/scripts/install-deps.sh" models && models=$("$root/examples/upscale/fetch_models.sh"); then
  "$program" "$models/gans.onnx" "$models/medium.onnx" --input LR_input:1x3x64x64 --input LR:1x3x64x64
fi
