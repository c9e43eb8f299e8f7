#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Builds the Debian packages of the last commit into build/deb, has lintian look at them, and tries
# them out.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/package-deb.sh [options]

  --no-check     build without the tests that are part of the build
  --autopkgtest  install the packages in a fresh Debian (debootstrap, build/deb/root; needs root) and
                 run debian/tests there
  --no-install   do not install missing packages
  --jobs N       parallel compilations and tests (default: number of processors)
  -h, --help     this text

Warnings of lintian are failures.
END
}

fail() {
  echo "scripts/package-deb.sh: $*" >&2
  exit 2
}

check=1
autopkgtest=0
install=1
jobs=$(nproc)
while (($#)); do
  case $1 in
    --no-check) check=0 ;;
    --autopkgtest) autopkgtest=1 ;;
    --no-install) install=0 ;;
    --jobs)
      (($# >= 2)) || fail "$1 needs a value"
      jobs=$2
      shift
      ;;
    -h | --help) usage && exit 0 ;;
    *) fail "unknown option '$1' (--help lists them)" ;;
  esac
  shift
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
((install)) && scripts/install-deps.sh build test bench deb

version=$(sed -n 's/^  VERSION \([0-9.]*\)$/\1/p' CMakeLists.txt)
packaged=$(dpkg-parsechangelog --show-field Version)
[[ $packaged == "$version"-* ]] ||
  fail "CMakeLists.txt has version $version, debian/changelog has $packaged"

# What is committed, and nothing else: the sources as a tarball, and beside them debian/.
work=$PWD/build/deb
tree=$work/winograd-$version
rm -rf "$work"/winograd* "$work"/libwinograd*
mkdir -p "$work"
git archive --prefix="winograd-$version/" HEAD ':!debian' | gzip -9n \
  >"$work/winograd_$version.orig.tar.gz"
git archive --prefix="winograd-$version/" HEAD | tar -x -C "$work"

options="parallel=$jobs"
((check)) || options+=" nocheck"
(cd "$tree" && DEB_BUILD_OPTIONS=$options dpkg-buildpackage -us -uc)
changes=("$work"/winograd_"$packaged"_*.changes)
lintian --allow-root --fail-on error,warning --info "${changes[@]}"
echo "lintian: no errors, no warnings"

if ((autopkgtest)); then
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mapfile -t mirrors < <(apt-cache policy base-files | grep -Eo 'https?://[^ ]+')
  if [[ ! -e $work/root/etc/debian_version ]]; then
    debootstrap --variant=minbase "$suite" "$work/root" "${mirrors[0]}" >"$work/debootstrap.log"
  fi
  autopkgtest "${changes[@]}" -- chroot "$work/root"
fi
echo "The packages: build/deb/*.deb"
