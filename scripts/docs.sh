#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Builds the documentation site, build/site/index.html: the pages of docs/ and the API from the public
# headers, with a search box. Warnings are errors, and so are links that lead nowhere.
#
#   scripts/docs.sh                 installs what is missing first
#   scripts/docs.sh --no-install    does not
#   scripts/docs.sh --output DIR    writes there instead
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

install=1
output=build/site
while (($#)); do
  case $1 in
    -h | --help)
      sed -n '4,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    --no-install) install=0 ;;
    --output)
      (($# >= 2)) || { echo "scripts/docs.sh: --output needs a value" >&2 && exit 2; }
      output=$2
      shift
      ;;
    *)
      echo "scripts/docs.sh: unknown option '$1' (--help lists them)" >&2
      exit 2
      ;;
  esac
  shift
done
((install)) && scripts/install-deps.sh docs

version=$(sed -n 's/^  VERSION \([0-9.]*\)$/\1/p' CMakeLists.txt)
# Pages of an earlier run would hide links to what is no more.
rm -rf "$output"
mkdir -p "$output"
(
  cat docs/site/Doxyfile
  echo "PROJECT_NUMBER = $version"
  echo "OUTPUT_DIRECTORY = $output"
) | doxygen -
python3 docs/site/check.py "$output"
echo "Written: $output/index.html"
