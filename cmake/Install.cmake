# What `cmake --install` puts where: headers, libraries, the CMake package, the bill of materials and
# the pkg-config file.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/winograd")
set(WINOGRAD_PACKAGE_DIR "${package_dir}")  # for the folders of components

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/winograd"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  PATTERN "openmp.h*" EXCLUDE)
install(TARGETS winograd EXPORT winogradTargets)
install(EXPORT winogradTargets NAMESPACE winograd:: DESTINATION "${package_dir}")

if(TARGET winograd_openmp)
  install(FILES
    "${PROJECT_SOURCE_DIR}/include/winograd/openmp.h"
    "${PROJECT_SOURCE_DIR}/include/winograd/openmp.hpp"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/winograd")
  # An export set of its own: users of winograd::winograd need not have OpenMP.
  install(TARGETS winograd_openmp EXPORT winogradOpenmpTargets)
  install(EXPORT winogradOpenmpTargets NAMESPACE winograd:: DESTINATION "${package_dir}")
endif()

configure_package_config_file(cmake/winogradConfig.cmake.in winogradConfig.cmake
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(winogradConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/winogradConfig.cmake"
  "${PROJECT_BINARY_DIR}/winogradConfigVersion.cmake"
  DESTINATION "${package_dir}")

include(cmake/Sbom.cmake)

# pkg-config: the prefix is found from the file's own place, so that the installed tree can be moved;
# with an absolute libdir it is the one given at configure time.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(WINOGRAD_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
else()
  file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
  string(REGEX REPLACE "/$" "" up "${up}")
  set(WINOGRAD_PC_PREFIX "\${pcfiledir}/${up}")
endif()
foreach(kind LIB INCLUDE)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${kind}DIR}")
    set(WINOGRAD_PC_${kind}DIR "${CMAKE_INSTALL_${kind}DIR}")
  else()
    set(WINOGRAD_PC_${kind}DIR "\${prefix}/${CMAKE_INSTALL_${kind}DIR}")
  endif()
endforeach()
# For C programs, whose linker does not add the C++ runtime by itself. The shared library brings it;
# --static asks for the archive that packagers put beside it.
list(TRANSFORM winograd_cxx_runtime PREPEND " -l" OUTPUT_VARIABLE runtime)
list(JOIN runtime "" runtime)
if(BUILD_SHARED_LIBS)
  set(WINOGRAD_PC_CFLAGS " -DWINOGRAD_SHARED")
  set(WINOGRAD_PC_LIBS "")
  set(WINOGRAD_PC_LIBS_PRIVATE "${runtime}")
else()
  set(WINOGRAD_PC_CFLAGS "")
  set(WINOGRAD_PC_LIBS "${runtime}")
  set(WINOGRAD_PC_LIBS_PRIVATE "")
endif()
configure_file(cmake/winograd.pc.in winograd.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/winograd.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

# winograd_install_pc(<component> <description> <cflags> <libs> [<argument of install>...])
# The pkg-config file winograd-<component>.pc.
function(winograd_install_pc component description cflags libs)
  set(file "${PROJECT_BINARY_DIR}/winograd-${component}.pc")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/winograd-component.pc.in" "${file}.in" @ONLY)
  file(GENERATE OUTPUT "${file}" INPUT "${file}.in")
  install(FILES "${file}" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" ${ARGN})
endfunction()

if(TARGET winograd_openmp)
  set(flags "")
  if(NOT BUILD_SHARED_LIBS)
    set(flags "${OpenMP_CXX_FLAGS}")  # the compiler knows its runtime by them
  endif()
  winograd_install_pc(openmp "An executor for winograd on OpenMP's threads" "" "${flags}")
endif()
