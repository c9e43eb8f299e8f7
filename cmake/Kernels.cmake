# The kernel sets: one object library for each instruction set, compiled with its own flags.
#
# Nothing else in the project is compiled with these flags, and kernel files are always optimised:
# an inline function left out of line in an object built for AVX2 could be picked by the linker for
# code that runs on a CPU without it.

include(CheckCXXSourceCompiles)

# winograd_target_is(<variable> <preprocessor condition>)
function(winograd_target_is variable condition)
  check_cxx_source_compiles("
    #if !(${condition})
    #error other architecture
    #endif
    int main() { return 0; }" ${variable})
endfunction()

winograd_target_is(WINOGRAD_TARGET_X86 "defined(__x86_64__) || defined(__i386__)")
winograd_target_is(WINOGRAD_TARGET_AARCH64 "defined(__aarch64__)")
winograd_target_is(WINOGRAD_TARGET_ARM32 "defined(__arm__)")
winograd_target_is(WINOGRAD_TARGET_WASM "defined(__wasm__)")

# winograd_add_isa_objects(<target> <isa> <source>...)
#
# An object library compiled as the kernels of an instruction set are, after winograd_add_kernels was
# called for it.
function(winograd_add_isa_objects target isa)
  get_property(flags GLOBAL PROPERTY WINOGRAD_FLAGS_${isa})
  add_library(${target} OBJECT ${ARGN})
  target_compile_features(${target} PRIVATE cxx_std_20)
  winograd_set_properties(${target})
  target_include_directories(${target} PRIVATE
    "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE winograd::xsimd)
  # The templates are the same for every vector type: with the scalar one UBSan sees them all, and
  # with the others it takes four times as long to compile.
  if(NOT isa STREQUAL "scalar" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=[a-z,]*undefined")
    list(APPEND flags -fno-sanitize=undefined)
  endif()
  target_compile_options(${target} PRIVATE
    ${flags}
    -fno-math-errno
    $<$<NOT:$<CONFIG:Release>>:-O2>)
  if(WINOGRAD_TARGET_X86 AND CMAKE_CXX_COMPILER_ID MATCHES "^(GNU|Clang)$")
    # A micro-kernel's loop takes 2 to 5 % longer where it happens to start late in a cache line.
    target_compile_options(${target} PRIVATE -falign-loops=64)
  endif()
  winograd_set_warnings(${target})
endfunction()

set(WINOGRAD_KERNEL_SETS "all" CACHE STRING
  "Kernel sets to build besides scalar, which is always there: all, or names such as sse2;avx2")

# winograd_add_kernels(<isa> SOURCES <file>... [FLAGS <flag>...])
#
# Adds winograd_kernels_<isa> to the library. FLAGS are those of the instruction set, and stand
# nowhere else.
function(winograd_add_kernels isa)
  cmake_parse_arguments(arg "" "" "SOURCES;FLAGS" ${ARGN})
  set_property(GLOBAL PROPERTY WINOGRAD_FLAGS_${isa} "${arg_FLAGS}")
  if(NOT isa MATCHES "^(scalar|wasm_simd128)$"  # each the weakest of its targets
      AND NOT "all" IN_LIST WINOGRAD_KERNEL_SETS AND NOT isa IN_LIST WINOGRAD_KERNEL_SETS)
    return()
  endif()
  winograd_add_isa_objects(winograd_kernels_${isa} ${isa} ${arg_SOURCES})
  # Parents may be strict about this one. The test with such a parent, which is native, builds the
  # scalar set alone.
  if(WINOGRAD_TARGET_X86)
    target_compile_options(winograd_kernels_${isa} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wshadow>)
  endif()
  set_property(GLOBAL APPEND PROPERTY WINOGRAD_KERNEL_ISAS ${isa})
endfunction()
