#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing, builds a release, and runs the microbenchmark: without arguments on the
# layers of ResNet-50. All arguments go to winograd_bench; docs/benchmarking.md explains them.
#
#   scripts/bench.sh                                  a table of ResNet-50's layers
#   scripts/bench.sh --list vgg16 --layout nhwc,nchw  other layers, both layouts
#   scripts/bench.sh --compare                        against every library that can be installed
#   scripts/bench.sh --model net.onnx --html page.html    what would this network gain?
#   scripts/bench.sh --network resnet50               the same for a whole network, and its targets
#   scripts/bench.sh --targets                        the speed targets, and whether they hold
#   scripts/bench.sh --help                           all options
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

groups=(build test bench)
compare=0
for argument; do
  [[ $argument == --compare || $argument == --network ]] && compare=1
done
((compare)) && groups+=(compare)
scripts/install-deps.sh "${groups[@]}"
((compare)) && scripts/fetch-onnxruntime.sh

# What the build says matters only if it fails.
log=build/release-bench.log
mkdir -p build
echo "Building (build/release) ..." >&2
if ! { cmake --preset release &&
  cmake --build build/release --target winograd_bench; } >"$log" 2>&1; then
  tail -n 50 "$log" >&2
  echo "scripts/bench.sh: the build failed; all of its output is in $log" >&2
  exit 1
fi
exec build/release/bench/winograd_bench "$@"
