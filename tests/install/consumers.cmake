# The ways in which other projects get hold of winograd, each tried by a small consumer.
#
#   build    what this build installs (static or shared, as configured)
#   static   winograd inside another project by add_subdirectory, and what that installs; the project
#            joins its sources (CMAKE_UNITY_BUILD) and makes errors of many warnings
#   shared   the same by FetchContent; the project is compiled with fast mathematics and
#            without exceptions and RTTI
#
# Inside another project all options are off and no build type is set. The last two build the library
# again, with the scalar kernels alone: all sets are built in the same way, and what is to be seen in a
# set is seen in this build's. A cross build leaves them to the native one.

set(trees "${CMAKE_CURRENT_BINARY_DIR}/trees")
set(examples "${PROJECT_SOURCE_DIR}/examples")
file(REMOVE_RECURSE "${trees}")

# How a consumer is configured: with this build's compilers, and nothing else of it.
set(configure_args "-DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM}")
if(CMAKE_TOOLCHAIN_FILE)
  list(APPEND configure_args "-DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE}")
else()
  list(APPEND configure_args
    "-DCMAKE_C_COMPILER=${CMAKE_C_COMPILER}" "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}")
endif()
set(subproject_args "-DWINOGRAD_INSTALL=ON" "-DWINOGRAD_KERNEL_SETS=scalar"
  "-DWINOGRAD_XSIMD_INCLUDE_DIR=${WINOGRAD_XSIMD_INCLUDE_DIR}")

# add_consumer(<test name> <source dir> <program> [<cmake argument>...])
# Configures, builds and runs a consumer project.
function(add_consumer name source program)
  set(binary "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  add_test(NAME install.${name} COMMAND "${CMAKE_CTEST_COMMAND}"
    --build-and-test "${source}" "${binary}"
    --build-generator "${CMAKE_GENERATOR}"
    --build-options ${configure_args} ${ARGN}
    --test-command ${CMAKE_CROSSCOMPILING_EMULATOR} "${binary}/${program}")
endfunction()

# add_tree(<kind> <build dir>): installs a build tree into trees/<kind>.
function(add_tree kind build_dir)
  add_test(NAME install.tree.${kind} COMMAND "${CMAKE_COMMAND}"
    --install "${build_dir}" --prefix "${trees}/${kind}")
  set_tests_properties(install.tree.${kind} PROPERTIES FIXTURES_SETUP winograd_tree_${kind})
endfunction()

find_program(WINOGRAD_PKG_CONFIG NAMES pkgconf pkg-config REQUIRED)
mark_as_advanced(WINOGRAD_PKG_CONFIG)

# add_pkg_config_consumer(<tree>[.<variant>] <compiler> <source>): compiles and runs one file.
function(add_pkg_config_consumer name compiler source)
  string(REGEX REPLACE "\\..*$" "" kind ${name})
  add_test(NAME install.pkg_config.${name} COMMAND "${CMAKE_COMMAND}"
    "-DPREFIX=${trees}/${kind}"
    "-DLIBDIR=${CMAKE_INSTALL_LIBDIR}"
    "-DCOMPILER=${compiler}"
    "-DPKG_CONFIG=${WINOGRAD_PKG_CONFIG}"
    "-DSOURCE=${source}"
    "-DOUTPUT=${CMAKE_CURRENT_BINARY_DIR}/pkg_config_${name}"
    "-DEMULATOR=${CMAKE_CROSSCOMPILING_EMULATOR}"
    -P "${CMAKE_CURRENT_SOURCE_DIR}/test_pkg_config.cmake")
endfunction()

function(add_tree_consumers kind)
  add_consumer(package.${kind} "${examples}/minimal" minimal "-DCMAKE_PREFIX_PATH=${trees}/${kind}")
  add_consumer(package.${kind}.c "${CMAKE_CURRENT_SOURCE_DIR}/c" consumer
    "-DCMAKE_PREFIX_PATH=${trees}/${kind}")
  add_pkg_config_consumer(${kind} "${CMAKE_CXX_COMPILER};-std=c++17" "${examples}/minimal/main.cpp")
  add_pkg_config_consumer(${kind}.c "${CMAKE_C_COMPILER};-std=c99"
    "${CMAKE_CURRENT_SOURCE_DIR}/c/main.c")
  set_tests_properties(
    install.package.${kind} install.package.${kind}.c
    install.pkg_config.${kind} install.pkg_config.${kind}.c
    PROPERTIES FIXTURES_REQUIRED winograd_tree_${kind})
endfunction()

add_tree(build "${PROJECT_BINARY_DIR}")
add_tree_consumers(build)
add_test(NAME install.sbom COMMAND "${CMAKE_COMMAND}"
  "-DSBOM=${trees}/build/${CMAKE_INSTALL_DOCDIR}/winograd.spdx.json"
  "-DVERSION=${PROJECT_VERSION}" "-DXSIMD=${WINOGRAD_XSIMD_INCLUDE_DIR}/xsimd/config/xsimd_config.hpp"
  -P "${CMAKE_CURRENT_SOURCE_DIR}/test_sbom.cmake")
set_tests_properties(install.sbom PROPERTIES FIXTURES_REQUIRED winograd_tree_build)

# add_subproject(<kind> <way> <shared> [<cmake argument>...])
function(add_subproject kind use shared)
  add_consumer(subproject.${kind} "${CMAKE_CURRENT_SOURCE_DIR}/subproject" consumer
    ${subproject_args}
    "-DWINOGRAD_SOURCE=${PROJECT_SOURCE_DIR}"
    "-DWINOGRAD_USE=${use}"
    "-DBUILD_SHARED_LIBS=${shared}"
    "-DCMAKE_INSTALL_LIBDIR=${CMAKE_INSTALL_LIBDIR}"
    ${ARGN})
  set_tests_properties(install.subproject.${kind} PROPERTIES
    FIXTURES_SETUP winograd_subproject_${kind}
    PROCESSORS 2
    TIMEOUT 1500)
  add_tree(${kind} "${CMAKE_CURRENT_BINARY_DIR}/subproject.${kind}")
  set_tests_properties(install.tree.${kind} PROPERTIES
    FIXTURES_REQUIRED winograd_subproject_${kind})
  add_tree_consumers(${kind})
endfunction()

# What the library exports, what it calls, and what its kernels could leak.
set(check_symbols "${CMAKE_COMMAND}" "-DNM=${CMAKE_NM}")
set(script "${CMAKE_CURRENT_SOURCE_DIR}/check_symbols.cmake")
if(NOT CMAKE_CROSSCOMPILING)
  add_subproject(static add_subdirectory OFF
    -DCMAKE_UNITY_BUILD=ON "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wshadow -Werror")
  add_subproject(shared FetchContent ON "-DCMAKE_CXX_FLAGS=-fno-exceptions -fno-rtti -Ofast -ffast-math -ffinite-math-only")
  # In a parent that asks for fast mathematics the results are those of this build, to the last bit;
  # of the one kernel set that both have.
  add_executable(winograd_exact_math exact_math.cpp)
  winograd_set_warnings(winograd_exact_math)
  target_link_libraries(winograd_exact_math PRIVATE winograd::winograd)
  add_test(NAME install.fast_math COMMAND "${CMAKE_COMMAND}"
    "-DFIRST=$<TARGET_FILE:winograd_exact_math>"
    "-DSECOND=${CMAKE_CURRENT_BINARY_DIR}/subproject.shared/exact_math"
    -P "${CMAKE_CURRENT_SOURCE_DIR}/compare_output.cmake")
  set_tests_properties(install.fast_math PROPERTIES FIXTURES_REQUIRED winograd_subproject_shared)
  add_test(NAME install.symbols.exported COMMAND ${check_symbols} -DCHECK=exported
    "-DFILES=${trees}/shared/${CMAKE_INSTALL_LIBDIR}/libwinograd.so" -P "${script}")
  set_tests_properties(install.symbols.exported PROPERTIES FIXTURES_REQUIRED winograd_tree_shared)
endif()
add_test(NAME install.symbols.called COMMAND ${check_symbols} -DCHECK=called
  "-DFILES=${winograd_objects}" -P "${script}")
foreach(isa IN LISTS winograd_kernel_isas)
  if(NOT isa STREQUAL "scalar")
    add_test(NAME install.symbols.${isa} COMMAND ${check_symbols} -DCHECK=isa -DISA=${isa}
      "-DFILES=$<TARGET_OBJECTS:winograd_kernels_${isa}>" -P "${script}")
  endif()
endforeach()
