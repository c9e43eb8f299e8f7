#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Counts the AArch64 instructions of a few layers under QEMU and prints the tables of docs/arm.md:
# instructions by class, bytes loaded, and llvm-mca's estimate of cycles.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/arm-count.sh [options]

  --update           write tools/armcount/expected_counts.json instead of printing tables
  --check            compare with that file, as the test `count.layers` does
  --layer "C K H [algorithm [layout [accuracy [type]]]] [r1] [s2] [g64]"
                     one layer in detail: classes, functions and the hottest code. 3x3, stride 1,
                     one group, where the last words do not say otherwise, padding of half a kernel;
                     e.g. "64 64 56 winograd_f4 nhwc standard"
  --no-install       do not install missing packages
  -h, --help         this text

Builds in build/aarch64. Counts are exact and repeatable, cycles are modelled; neither is a time.
END
}

mode=--table
layer=""
install=1
while (($#)); do
  case $1 in
    --update | --check) mode=$1 ;;
    --layer)
      (($# >= 2)) || { usage >&2 && exit 2; }
      layer=$2
      shift
      ;;
    --no-install) install=0 ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
if ((install)); then
  scripts/install-deps.sh build aarch64
  if [[ $mode == --table || -n $layer ]] && ! command -v llvm-mca-22 llvm-mca-19 >/dev/null; then
    apt_get=(apt-get)
    ((EUID == 0)) || apt_get=(sudo apt-get)
    "${apt_get[@]}" install -y --no-install-recommends llvm-22 ||
      "${apt_get[@]}" install -y --no-install-recommends llvm-19
  fi
fi
cmake --preset aarch64 >/dev/null
cmake --build build/aarch64 --target winograd_count_layer winograd_armcount_plugin >/dev/null
program=build/aarch64/tools/armcount/winograd_count_layer
plugin=build/aarch64/tools/armcount/libarmcount.so

if [[ -n $layer ]]; then
  python3 tools/armcount/count_layers.py --program "$program" --plugin "$plugin" --layer "$layer"
else
  python3 tools/armcount/count_layers.py --program "$program" --plugin "$plugin" "$mode"
fi
