#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Fetches the networks of the examples from npm, checks them, and converts them to ONNX.
# Prints the folder they are in. What is there already is not fetched again.
#
#   fetch_models.sh           <name>.onnx, for OpenCV; the conversion needs Debian's python3-onnx
#   fetch_models.sh --tfjs    tfjs/<name>/model.json alone, as TensorFlow.js has them
#
# The packages are those of UpscalerJS (https://upscalerjs.com), MIT-licensed as they say.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

cache=${WINOGRAD_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/winograd/models}
python=${PYTHON:-/usr/bin/python3} # Debian's, which has Debian's onnx
onnx=1
[[ ${1:-} == --tfjs ]] && onnx=0
mkdir -p "$cache"

scratch=$(mktemp -d "$cache/.fetch-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# fetch <package> <version> <sha512 of the tarball>: unpacks it in $scratch/<package>.
fetch() {
  local tarball=$scratch/upscalerjs-$1-$2.tgz
  (cd "$scratch" && npm pack --loglevel=error "@upscalerjs/$1@$2" >/dev/null)
  if ! echo "$3  $tarball" | sha512sum --check --status; then
    echo "fetch_models.sh: $1-$2.tgz is not what it was: $(sha512sum <"$tarball")" >&2
    exit 1
  fi
  mkdir "$scratch/$1"
  tar -xzf "$tarball" -C "$scratch/$1" --strip-components=1
}

# get <name> <package> <version> <sha512> <folder of the network> <its picture of the flower>
# Each file is moved into its place when it is complete, so that an interrupted run leaves no halves.
get() {
  if ((onnx)) && [[ -f $cache/$1.onnx ]]; then return; fi
  if [[ ! -f $cache/tfjs/$1/model.json ]]; then
    echo "Fetching @upscalerjs/$2 ..." >&2
    fetch "$2" "$3" "$4"
    mv "$scratch/$2/assets/fixture.png" "$cache/flower.png" # the same in both
    mv "$scratch/$2/assets/samples/$6" "$cache/flower.$1.png"
    mkdir -p "$cache/tfjs"
    mv "$scratch/$2/models/$5" "$cache/tfjs/$1" # last: it says that all is there
  fi
  if ((onnx)); then
    "$python" "$here/convert.py" "$cache/tfjs/$1/model.json" "$scratch/$1.onnx" >&2
    mv "$scratch/$1.onnx" "$cache/$1.onnx"
  fi
}

get gans esrgan-legacy 1.0.0 \
  d3982ab77536047fddda3abc3b2d7740f93c24f66b2baca585aa868884e11e23ad92577ed310d35e5e856af84e6cfc0e0ead216a5ea6fc09446872afdf9a43f1 \
  gans gans/result.png
get medium esrgan-medium 1.0.0 \
  67c26747ceec81eb4f00129ebdab17493dc57675e16a84eef73a579eedca2da1d8a584ad56dd050f55594bd73a8e14863010b41fddbd80df516d697e31e8ac28 \
  x4 4x/result.png
echo "$cache"
