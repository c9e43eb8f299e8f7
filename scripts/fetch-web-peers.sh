#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# scripts/fetch-web-peers.sh tfjs|ort...
#
# Fetches what the page and the benchmark in the browser compare with: the files of TensorFlow.js and
# ONNX Runtime that a page needs, out of their npm packages, checked. Prints the folder that they are in.
set -euo pipefail
cache=${XDG_CACHE_HOME:-$HOME/.cache}/winograd/web
mkdir -p "$cache"
scratch=$(mktemp -d "$cache/.fetch-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# fetch <package> <version> <sha512> <file of dist>...: into $scratch/files
fetch() {
  local archive
  archive=$scratch/$(cd "$scratch" && npm pack --silent "$1@$2")
  if ! echo "$3  $archive" | sha512sum --check --status; then
    echo "scripts/fetch-web-peers.sh: $1 $2 is not what it was" >&2
    exit 1
  fi
  tar -xzf "$archive" -C "$scratch/files" --strip-components=2 "${@:4}"
}

for one; do
  [[ -d $cache/$one ]] && continue
  mkdir "$scratch/files"
  case $one in
    tfjs)
      echo "Fetching TensorFlow.js ..." >&2
      fetch @tensorflow/tfjs-core 4.22.0 \
        2c490ecb36e49ca168594c1f92be7dbd207af03309e1c8f0c078227173740d48b76b4561d44af7250a822351e5f3a186650bd8f1ecd5aed0c8bea4756455b9e4 \
        package/dist/tf-core.min.js
      fetch @tensorflow/tfjs-layers 4.22.0 \
        9726cf8f864d8fd88800f523edaf195b5860f0a4067ea58b9426438bd78cfe834a0820207218b2cf1f0ead8a16991ac1f8033a54d11e213fb68192a0e517a284 \
        package/dist/tf-layers.min.js
      fetch @tensorflow/tfjs-backend-wasm 4.22.0 \
        fc862145e448a788e0ff0616d0ec1b6c9646f0e37cee66f3d0f82488fdc275c002452bd437487caef0b43b761c0ed91342d15617fb5c5eafca9550f2578f7098 \
        package/dist/tf-backend-wasm.min.js package/dist/tfjs-backend-wasm{,-simd,-threaded-simd}.wasm
      ;;
    ort)
      echo "Fetching ONNX Runtime Web (33 MB) ..." >&2
      fetch onnxruntime-web 1.30.0 \
        ab4cbe26baedba45d2cec05610c71c55fa97db92d19a8b171c5f8269126683ca590a5cdc57bb2f35ce2b298de32f4d956fb42644c0ecd528a0a91e025c07ca61 \
        package/dist/ort.wasm.min.mjs package/dist/ort-wasm-simd-threaded.{mjs,wasm}
      ;;
    *)
      echo "scripts/fetch-web-peers.sh: unknown peer '$one'" >&2
      exit 2
      ;;
  esac
  mv "$scratch/files" "$cache/$one" # at once: no halves are left
done
echo "$cache"
