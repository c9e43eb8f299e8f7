#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing, builds, fetches the networks, and enlarges a picture with one of them in
# OpenCV, its convolutions run by winograd, with weights in f32 and in f16, and by OpenCV. docs/opencv.md
# explains what is printed.
#
#   scripts/upscale.sh                             the flower of the network's package
#   scripts/upscale.sh photo.png large.png         a picture of yours (--model medium is faster)
#   scripts/upscale.sh photo.png large.png --help  all options
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

"$root/scripts/install-deps.sh" build opencv upscale models

# What the build says matters only if it fails.
build=$root/build/upscale
log=$root/build/upscale.log
mkdir -p "$root/build"
echo "Building (build/upscale) ..." >&2
if ! { cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DWINOGRAD_BUILD_UPSCALE=ON -DWINOGRAD_BUILD_TESTS=OFF -DWINOGRAD_BUILD_BENCHMARKS=OFF \
  -DWINOGRAD_BUILD_OPENMP=OFF &&
  cmake --build "$build" --target winograd_upscale; } >"$log" 2>&1; then
  tail -n 50 "$log" >&2
  echo "scripts/upscale.sh: the build failed; all of its output is in $log" >&2
  exit 1
fi

models=$("$root/examples/upscale/fetch_models.sh")
program=$build/examples/upscale/winograd_upscale
if (($#)); then
  exec "$program" --models "$models" "$@"
fi

"$program" --models "$models" --engine all --threads 1 --repeat 5 \
  --side-by-side "$root/build/flower-side-by-side.png" "$models/flower.png" "$root/build/flower-4x.png"
echo "The pictures: build/flower-4x.png, build/flower-side-by-side.png"
