#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Google Benchmark's sources, out of Debian's source package, into build/sources/benchmark: a cross
# build of winograd_bench builds it for the target. (Debian has it built for one architecture at a
# time, and as a shared object, which would have to be copied to the phone or board too.) Does
# nothing if it is there. Changes nothing of the system's apt: lists and all go to a folder of their
# own, and apt checks Debian's signature as always.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=$PWD/build/sources/benchmark
[[ -e $target/CMakeLists.txt ]] && exit 0

codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if ! command -v apt-get >/dev/null || [[ -z $codename || ! -e $keyring ]]; then
  echo "scripts/fetch-benchmark.sh: this is no Debian; please put Google Benchmark's sources, 1.6 or" \
    "newer, into $target" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists,cache,none}
# From the mirror that this machine's packages come from.
mapfile -t mirrors < <(apt-cache policy base-files | grep -Eo 'https?://[^ ]+')
mirror=${mirrors[0]-}
[[ -n $mirror ]] || { echo "scripts/fetch-benchmark.sh: apt has no mirror here" >&2 && exit 1; }
echo "deb-src [signed-by=$keyring] $mirror $codename main" >"$work/sources.list"
options=(-qq
  -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts="$work/none"
  -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache"
  -o APT::Sandbox::User=root -o Acquire::Languages=none)
echo "Fetching Debian's source package benchmark ..." >&2
apt-get "${options[@]}" update
(cd "$work" && apt-get "${options[@]}" source --download-only benchmark)
mkdir -p "$target"
tar -xf "$work"/benchmark_*.orig.tar.* -C "$target" --strip-components=1
