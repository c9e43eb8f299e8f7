#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# ONNX Runtime's shared object for winograd_bench --compare, out of the npm package onnxruntime-node,
# into build/peers/onnxruntime. Does nothing if it is there, or if Debian's own is installed and --always
# is not given. Needs npm; nothing of the package is run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=1.30.0
sha512=b7086cd42d82fc1164cf5c9ce4e634288536194aba0d444eee10f86f1e50d90cb79c0309c115d6f31537355733136f5503d96894b3987a9a03f1f8d318e7c8ab
target=$PWD/build/peers/onnxruntime

case $(uname -m) in
  x86_64) machine=x64 ;;
  aarch64) machine=arm64 ;;
  *) echo "ONNX Runtime: no package for $(uname -m), left out" >&2 && exit 0 ;;
esac
[[ -e $target/libonnxruntime.so.1 ]] && exit 0
libraries=$(ldconfig -p 2>/dev/null || true) # whole: a grep that leaves early would break the pipe
[[ ${1:-} != --always && $libraries == *"libonnxruntime.so "* ]] && exit 0
if ! command -v npm >/dev/null; then
  echo "ONNX Runtime: no npm here to fetch it with, left out" >&2
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "Fetching onnxruntime-node $version ..." >&2
(cd "$work" && npm pack --loglevel=error "onnxruntime-node@$version" >/dev/null)
archive=$work/onnxruntime-node-$version.tgz
if ! echo "$sha512  $archive" | sha512sum --check --status; then
  echo "scripts/fetch-onnxruntime.sh: the archive is not the one that was expected" >&2
  exit 1
fi
mkdir -p "$target"
tar -xzf "$archive" -C "$work" --wildcards "*/linux/$machine/libonnxruntime.so.1"
find "$work" -name libonnxruntime.so.1 -exec cp {} "$target/" \;
