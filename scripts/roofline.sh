#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Measures layer lists and draws each against what the machine allows: docs/roofline_<list>.png.
#
#   scripts/roofline.sh                    ResNet-50 and VGG-16
#   scripts/roofline.sh unet yolov3        other lists (scripts/bench.sh --inventory names them)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1-} in
  -h | --help)
    sed -n '4,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac
lists=("$@")
((${#lists[@]})) || lists=(resnet50 vgg16)

scripts/install-deps.sh plot
mkdir -p build
for list in "${lists[@]}"; do
  json=build/roofline_$list.json
  scripts/bench.sh --list "$list" --benchmark_out="$json"
  # The Python that Debian installs its packages for, whatever else is first in PATH.
  /usr/bin/python3 bench/roofline.py "$json" "docs/roofline_$list.png"
  echo "Written: docs/roofline_$list.png"
done
