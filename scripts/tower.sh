#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing, builds the example of a board-game engine, checks it against the formula
# and times it against im2col with Eigen. Arguments go to the program (--help). docs/integrating.md
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/scripts/install-deps.sh" build test

build=$root/build/tower
log=$root/build/tower.log
mkdir -p "$root/build"
echo "Building (build/tower) ..." >&2
if ! { cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DWINOGRAD_BUILD_TOWER=ON \
  -DWINOGRAD_BUILD_TESTS=OFF -DWINOGRAD_BUILD_BENCHMARKS=OFF -DWINOGRAD_BUILD_OPENMP=OFF &&
  cmake --build "$build" --target winograd_tower; } >"$log" 2>&1; then
  tail -n 50 "$log" >&2
  echo "scripts/tower.sh: the build failed; all of its output is in $log" >&2
  exit 1
fi
exec "$build/examples/tower/winograd_tower" "$@"
