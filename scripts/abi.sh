#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Compares the binary interface of the shared libraries with the one on record, packaging/abi/: the
# list of exported symbols and, by libabigail, the types behind them. For x86-64 and g++.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/abi.sh [options]

  --update       record the interface as it is now, and print how it differs from the record
  --since REV    also compare the record with the one of a released revision (v0.2.0): fails if
                 programs linked with that would not run, unless the number of the ABI was raised
  --build DIR    build there (default: build/abi)
  --no-install   do not install missing packages
  -h, --help     this text

Exit code 1: the interface is not the one on record, or not compatible with REV.
END
}

fail() {
  echo "scripts/abi.sh: $*" >&2
  exit 2
}

update=0
since=""
build=build/abi
install=1
while (($#)); do
  case $1 in
    --update) update=1 ;;
    --since | --build)
      (($# >= 2)) || fail "$1 needs a value"
      declare "${1#--}=$2"
      shift
      ;;
    --no-install) install=0 ;;
    -h | --help) usage && exit 0 ;;
    *) fail "unknown option '$1' (--help lists them)" ;;
  esac
  shift
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ $(uname -m) == x86_64 ]] || fail "the interface on record is x86-64's"
((install)) && scripts/install-deps.sh build abi

record=packaging/abi
log=$build.log
mkdir -p "$build"
if ! { cmake -S tests/abi -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=g++ &&
  cmake --build "$build" --target winograd_exported; } >"$log" 2>&1; then
  tail -n 50 "$log" >&2
  fail "the build failed; all of its output is in $log"
fi
library=$build/libwinograd.so

# Instances of the standard library's templates are exported too, as everywhere; they are not ours.
nm -D -C --defined-only "$library" | sed -n 's/^[0-9a-f]* [A-Z] \(winograd.*\)$/\1/p' |
  LC_ALL=C sort -u >"$build/symbols.txt"
abidw --exported-interfaces-only --headers-dir include/winograd --drop-private-types --no-parameter-names \
  --no-write-default-sizes --no-show-locs --no-corpus-path \
  --no-comp-dir-path --no-elf-needed --no-architecture --suppressions "$record/suppressions.ini" \
  --out-file "$build/libwinograd.abi" "$library"

# compare <record> <interface>: abidiff's report and result. 4: other than before; 8: not compatible.
compare() {
  abidiff --suppressions "$record/suppressions.ini" "$1" "$2"
}

result=0
if ((update)); then
  if [[ -e $record/libwinograd.abi ]]; then
    diff -u "$record/symbols.txt" "$build/symbols.txt" || true
    compare "$record/libwinograd.abi" "$build/libwinograd.abi" || true
  fi
  cp "$build/symbols.txt" "$build/libwinograd.abi" "$record/"
  echo "Recorded in $record: $(wc -l <"$record/symbols.txt") symbols"
else
  diff -u "$record/symbols.txt" "$build/symbols.txt" || result=1
  compare "$record/libwinograd.abi" "$build/libwinograd.abi" || result=1
  if ((result)); then
    echo "scripts/abi.sh: the binary interface is not the one on record. If this is meant, record it:" \
      "scripts/abi.sh --update (docs/releasing.md)" >&2
  else
    echo "The binary interface is the one on record: $(wc -l <"$record/symbols.txt") symbols"
  fi
fi

if [[ -n $since ]]; then
  git show "$since:$record/libwinograd.abi" >"$build/since.abi" || fail "$since has no record"
  abi=0
  compare "$build/since.abi" "$record/libwinograd.abi" || abi=$?
  if ((abi & 8)); then
    old=$(sed -n "s/^<abi-corpus .*soname='\([^']*\)'.*/\1/p" "$build/since.abi")
    new=$(sed -n "s/^<abi-corpus .*soname='\([^']*\)'.*/\1/p" "$record/libwinograd.abi")
    if [[ $old == "$new" ]]; then
      echo "scripts/abi.sh: not compatible with $since; raise WINOGRAD_ABI_VERSION in CMakeLists.txt" >&2
      result=1
    fi
  fi
fi
exit "$result"
