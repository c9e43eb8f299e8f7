# The ways in which other projects get hold of winograd, each tried by a small consumer.
#
#   build    what this build installs (static or shared, as configured)
#   static   winograd inside another project by add_subdirectory, and what that installs; that project
#            is compiled with fast mathematics
#   shared   the same by FetchContent
#
# Inside another project all options are off and no build type is set. The last two build the whole
# library again, so a cross build leaves them to the native one.

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
set(subproject_args "-DWINOGRAD_INSTALL=ON" "-DWINOGRAD_XSIMD_INCLUDE_DIR=${WINOGRAD_XSIMD_INCLUDE_DIR}")

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

function(add_tree_consumers kind)
  add_consumer(package.${kind} "${examples}/minimal" minimal "-DCMAKE_PREFIX_PATH=${trees}/${kind}")
  add_test(NAME install.pkg_config.${kind} COMMAND "${CMAKE_COMMAND}"
    "-DPREFIX=${trees}/${kind}"
    "-DLIBDIR=${CMAKE_INSTALL_LIBDIR}"
    "-DCOMPILER=${CMAKE_CXX_COMPILER}"
    "-DPKG_CONFIG=${WINOGRAD_PKG_CONFIG}"
    "-DSOURCE=${examples}/minimal/main.cpp"
    "-DOUTPUT=${CMAKE_CURRENT_BINARY_DIR}/pkg_config_${kind}"
    "-DEMULATOR=${CMAKE_CROSSCOMPILING_EMULATOR}"
    -P "${CMAKE_CURRENT_SOURCE_DIR}/test_pkg_config.cmake")
  set_tests_properties(install.package.${kind} install.pkg_config.${kind} PROPERTIES
    FIXTURES_REQUIRED winograd_tree_${kind})
endfunction()

add_tree(build "${PROJECT_BINARY_DIR}")
add_tree_consumers(build)
if(TARGET winograd_openmp)
  add_consumer(package.openmp "${CMAKE_CURRENT_SOURCE_DIR}/openmp" consumer
    "-DCMAKE_PREFIX_PATH=${trees}/build")
  set_tests_properties(install.package.openmp PROPERTIES FIXTURES_REQUIRED winograd_tree_build)
endif()

function(add_subproject kind use shared flags)
  add_consumer(subproject.${kind} "${CMAKE_CURRENT_SOURCE_DIR}/subproject" consumer
    ${subproject_args}
    "-DWINOGRAD_SOURCE=${PROJECT_SOURCE_DIR}"
    "-DWINOGRAD_USE=${use}"
    "-DBUILD_SHARED_LIBS=${shared}"
    "-DCMAKE_CXX_FLAGS=${flags}"
    "-DCMAKE_INSTALL_LIBDIR=${CMAKE_INSTALL_LIBDIR}")
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
  add_subproject(static add_subdirectory OFF "-Ofast -ffast-math -ffinite-math-only")
  add_subproject(shared FetchContent ON "")
  # In a parent that asks for fast mathematics the results are those of this build, to the last bit.
  add_executable(winograd_exact_math exact_math.cpp)
  winograd_set_warnings(winograd_exact_math)
  target_link_libraries(winograd_exact_math PRIVATE winograd::winograd)
  add_test(NAME install.fast_math COMMAND "${CMAKE_COMMAND}"
    "-DFIRST=$<TARGET_FILE:winograd_exact_math>"
    "-DSECOND=${CMAKE_CURRENT_BINARY_DIR}/subproject.static/exact_math"
    -P "${CMAKE_CURRENT_SOURCE_DIR}/compare_output.cmake")
  set_tests_properties(install.fast_math PROPERTIES FIXTURES_REQUIRED winograd_subproject_static)
  add_test(NAME install.symbols.exported COMMAND ${check_symbols} -DCHECK=exported
    "-DFILES=${trees}/shared/${CMAKE_INSTALL_LIBDIR}/libwinograd.so" -P "${script}")
  set_tests_properties(install.symbols.exported PROPERTIES FIXTURES_REQUIRED winograd_tree_shared)
endif()
add_test(NAME install.symbols.called COMMAND ${check_symbols} -DCHECK=called
  "-DFILES=${winograd_objects}" -P "${script}")
foreach(target IN LISTS winograd_kernel_targets)
  string(REPLACE winograd_kernels_ "" isa ${target})
  if(NOT isa STREQUAL "scalar")
    add_test(NAME install.symbols.${isa} COMMAND ${check_symbols} -DCHECK=isa -DISA=${isa}
      "-DFILES=$<TARGET_OBJECTS:${target}>" -P "${script}")
  endif()
endforeach()
