#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# ONNX Runtime's headers, for the plug-in and its tests, into build/peers/onnxruntime/include. Does nothing
# if they are there. They are those of Debian's libonnxruntime-dev, 1.23 or later, of the first of its
# later versions that has it: downloaded from the mirror that this machine uses, with package lists of
# its own, checked by apt as ever, and only unpacked. The headers are MIT-licensed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

suites=(trixie-backports forky sid)
target=$PWD/build/peers/onnxruntime

fail() {
  echo "scripts/fetch-onnxruntime-headers.sh: $*" >&2
  exit 1
}

[[ -e $target/include/onnxruntime_ep_c_api.h ]] && exit 0
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
  fail "this is no Debian: put the headers of ONNX Runtime 1.23 or later into $target/include"
fi

# The mirror that apt uses, and the key that Debian's packages bring.
mirror=""
# shellcheck disable=SC2016 # the dollar signs are apt's
while IFS='|' read -r uri origin component; do
  if [[ $origin == Debian && $component == main && $uri != *security* ]]; then
    mirror=$uri
    break
  fi
done < <(apt-get indextargets --format '$(REPO_URI)|$(ORIGIN)|$(COMPONENT)' 'Created-By: Packages')
[[ -n $mirror ]] || fail "apt knows no mirror of Debian's (apt-get update)"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
signed=""
[[ -e $keyring ]] && signed="[signed-by=$keyring] "

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists,cache/archives,etc}/partial
options=(-qq -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache"
  -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o Acquire::Languages=none -o APT::Sandbox::User=root -o Debug::NoLocking=true)

for suite in "${suites[@]}"; do
  echo "Fetching the headers of ONNX Runtime from $suite ..." >&2
  echo "deb $signed$mirror $suite main" >"$work/sources.list"
  rm -rf "$work/unpacked" "$work"/*.deb
  apt-get "${options[@]}" update 2>/dev/null || continue
  (cd "$work" && apt-get "${options[@]}" download libonnxruntime-dev 2>/dev/null) || continue
  dpkg-deb -x "$work"/libonnxruntime-dev_*.deb "$work/unpacked"
  [[ -e $work/unpacked/usr/include/onnxruntime/onnxruntime_ep_c_api.h ]] || continue
  mkdir -p "$target/include"
  cp "$work"/unpacked/usr/include/onnxruntime/*.h "$target/include"
  exit 0
done
fail "none of ${suites[*]} has ONNX Runtime 1.23 or later"
