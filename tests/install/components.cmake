# The components of an installed winograd, and what is said where one cannot be had.
#
# The tree "components" has what the tree "build" has, and winograd::opencv where the tests have built
# it.

set(tree "${trees}/components")
add_tree(components "${PROJECT_BINARY_DIR}")

function(add_component_consumers component)
  add_consumer(package.${component} "${CMAKE_CURRENT_SOURCE_DIR}/${component}" consumer
    "-DCMAKE_PREFIX_PATH=${tree}")
  add_test(NAME install.pkg_config.${component} COMMAND "${CMAKE_COMMAND}"
    "-DPREFIX=${tree}"
    "-DLIBDIR=${CMAKE_INSTALL_LIBDIR}"
    "-DCOMPILER=${CMAKE_CXX_COMPILER}"
    "-DPKG_CONFIG=${WINOGRAD_PKG_CONFIG}"
    "-DPACKAGE=winograd-${component}"
    "-DSOURCE=${CMAKE_CURRENT_SOURCE_DIR}/${component}/main.cpp"
    "-DOUTPUT=${CMAKE_CURRENT_BINARY_DIR}/pkg_config_${component}"
    "-DEMULATOR=${CMAKE_CROSSCOMPILING_EMULATOR}"
    -P "${CMAKE_CURRENT_SOURCE_DIR}/test_pkg_config.cmake")
  set_tests_properties(install.package.${component} install.pkg_config.${component} PROPERTIES
    FIXTURES_REQUIRED winograd_tree_${component})
endfunction()

# add_message(<test> <source dir> <regular expression> [<cmake argument>...])
# Configures a project; passes if the words are among what CMake says, wherever it breaks its lines.
function(add_message name source words)
  string(REPLACE " " "[ \n]+" words "${words}")
  add_test(NAME install.message.${name} COMMAND "${CMAKE_COMMAND}"
    -S "${source}" -B "${CMAKE_CURRENT_BINARY_DIR}/message.${name}" -G "${CMAKE_GENERATOR}"
    ${configure_args} ${ARGN})
  set_tests_properties(install.message.${name} PROPERTIES PASS_REGULAR_EXPRESSION "${words}")
endfunction()

if(TARGET winograd_openmp)
  add_test(NAME install.tree.openmp COMMAND "${CMAKE_COMMAND}" -E true)
  set_tests_properties(install.tree.openmp PROPERTIES
    FIXTURES_REQUIRED winograd_tree_components FIXTURES_SETUP winograd_tree_openmp)
  add_component_consumers(openmp)
endif()

if(TARGET winograd_opencv)
  add_test(NAME install.tree.opencv COMMAND "${CMAKE_COMMAND}"
    --install "${PROJECT_BINARY_DIR}" --prefix "${tree}" --component winograd_opencv)
  set_tests_properties(install.tree.opencv PROPERTIES
    FIXTURES_REQUIRED winograd_tree_components FIXTURES_SETUP winograd_tree_opencv)
  add_component_consumers(opencv)
  # The same where OpenCV has a CMake package.
  add_consumer(package.opencv_package "${CMAKE_CURRENT_SOURCE_DIR}/opencv" consumer
    "-DCMAKE_PREFIX_PATH=${tree}" "-DOpenCV_DIR=${CMAKE_CURRENT_SOURCE_DIR}/opencv_package")
  set_tests_properties(install.package.opencv_package PROPERTIES
    FIXTURES_REQUIRED winograd_tree_opencv)
endif()

# ---- what is said where something is missing ----------------------------------------------------
set(asks "${CMAKE_CURRENT_SOURCE_DIR}/component")
set(no_opencv -DCMAKE_DISABLE_FIND_PACKAGE_OpenCV=ON -DWINOGRAD_OPENCV_INCLUDE_DIR=/nowhere)
set(how "OpenCV's modules not found: core, dnn. Install them .Debian: libopencv-core-dev libopencv-dnn-dev.")

add_message(unknown_component "${asks}" "Component cuda: There is none of that name; there are openmp"
  "-DCMAKE_PREFIX_PATH=${trees}/build" -DCOMPONENT=cuda)
set_tests_properties(install.message.unknown_component PROPERTIES
  FIXTURES_REQUIRED winograd_tree_build)
if(NOT WINOGRAD_BUILD_OPENCV)
  add_message(component_not_built "${asks}"
    "Component opencv: It is not in .*: build and install winograd with -DWINOGRAD_BUILD_OPENCV=ON"
    "-DCMAKE_PREFIX_PATH=${trees}/build" -DCOMPONENT=opencv)
  set_tests_properties(install.message.component_not_built PROPERTIES
    FIXTURES_REQUIRED winograd_tree_build)
endif()

if(TARGET winograd_opencv)
  add_message(component_without_opencv "${asks}" "Component opencv: ${how}"
    "-DCMAKE_PREFIX_PATH=${tree}" -DCOMPONENT=opencv ${no_opencv})
  set(old "${CMAKE_CURRENT_BINARY_DIR}/old_opencv")
  file(WRITE "${old}/opencv2/core.hpp" "")
  file(WRITE "${old}/opencv2/dnn.hpp" "")
  file(WRITE "${old}/opencv2/core/version.hpp"
    "#define CV_VERSION_MAJOR    4\n#define CV_VERSION_MINOR    2\n#define CV_VERSION_REVISION 0\n"
    "#define CV_VERSION_STATUS \"\"\n")
  add_message(component_with_old_opencv "${asks}"
    "OpenCV 4.2.0 in .* is not supported: install version 4, from 4.5.4 on"
    "-DCMAKE_PREFIX_PATH=${tree}" -DCOMPONENT=opencv -DCMAKE_DISABLE_FIND_PACKAGE_OpenCV=ON
    "-DWINOGRAD_OPENCV_INCLUDE_DIR=${old}")
  set_tests_properties(
    install.message.component_without_opencv install.message.component_with_old_opencv
    PROPERTIES FIXTURES_REQUIRED winograd_tree_opencv)

  # The build itself. The adapter alone needs nothing of what its example does.
  set(library -DWINOGRAD_BUILD_TESTS=OFF -DWINOGRAD_BUILD_BENCHMARKS=OFF
    "-DWINOGRAD_XSIMD_INCLUDE_DIR=${WINOGRAD_XSIMD_INCLUDE_DIR}")
  set(no_others)
  foreach(package CLI11 fmt nlohmann_json)
    list(APPEND no_others -DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
  endforeach()
  add_message(build_opencv_alone "${PROJECT_SOURCE_DIR}" "Generating done"
    ${library} ${no_others} -DWINOGRAD_BUILD_OPENCV=ON)
  add_message(build_without_opencv "${PROJECT_SOURCE_DIR}" "${how}"
    ${library} -DWINOGRAD_BUILD_OPENCV=ON ${no_opencv})
  add_message(build_example "${PROJECT_SOURCE_DIR}"
    "needs CLI11, which was not found. Install it .scripts/install-deps.sh upscale on Debian."
    ${library} ${no_others} -DWINOGRAD_BUILD_UPSCALE=ON)
endif()
