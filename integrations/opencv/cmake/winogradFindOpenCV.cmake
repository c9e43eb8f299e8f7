# winograd_find_opencv(<target> <module>...): makes the interface target <target> of OpenCV's modules,
# and sets in the caller
#   WINOGRAD_OPENCV_LIBRARIES  targets or files, for a pkg-config file
#   WINOGRAD_OPENCV_MISSING    empty, or what is missing and how to get it; then there is no target.
#
# Used by the build and, installed beside it, by the CMake package.
#
# Where OpenCV has its CMake package, that decides (OpenCV_DIR chooses among several). Debian has it
# in libopencv-dev only, which needs 200 packages; the modules themselves are in libopencv-<module>-dev.
function(winograd_find_opencv target)
  set(least 4.5.4)  # the first in which layers are asked to quantise themselves
  set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)  # since CMake 3.24: other folders may link them
  set(missing)
  find_package(OpenCV ${least} QUIET CONFIG COMPONENTS ${ARGN})
  if(OpenCV_FOUND)
    set(libraries ${OpenCV_LIBS})
    set(include_dirs ${OpenCV_INCLUDE_DIRS})
  else()
    find_path(WINOGRAD_OPENCV_INCLUDE_DIR opencv2/core/version.hpp PATH_SUFFIXES opencv4)
    mark_as_advanced(WINOGRAD_OPENCV_INCLUDE_DIR)
    set(include_dirs ${WINOGRAD_OPENCV_INCLUDE_DIR})
    set(libraries)
    foreach(module IN LISTS ARGN)
      string(TOUPPER "WINOGRAD_OPENCV_${module}" variable)
      find_library(${variable} opencv_${module})
      mark_as_advanced(${variable})
      if(${variable} AND EXISTS "${include_dirs}/opencv2/${module}.hpp")
        list(APPEND libraries ${${variable}})
      else()
        list(APPEND missing ${module})
      endif()
    endforeach()
    if(missing)
      list(TRANSFORM missing REPLACE "(.+)" "libopencv-\\1-dev" OUTPUT_VARIABLE packages)
      list(JOIN missing ", " missing)
      list(JOIN packages " " packages)
      set(missing "OpenCV's modules not found: ${missing}. Install them (Debian: ${packages}) or set \
OpenCV_DIR to the folder of an OpenCVConfig.cmake that has them.")
    else()
      file(STRINGS "${include_dirs}/opencv2/core/version.hpp" lines
        REGEX "define +CV_VERSION_(MAJOR|MINOR|REVISION) +[0-9]+")
      list(TRANSFORM lines REPLACE ".* ([0-9]+).*" "\\1")
      list(JOIN lines "." version)
      if(version VERSION_LESS least OR version VERSION_GREATER_EQUAL 5)
        set(missing "OpenCV ${version} in ${include_dirs} is not supported: install version 4, from \
${least} on, or set OpenCV_DIR to the folder of its OpenCVConfig.cmake.")
      endif()
    endif()
  endif()
  set(WINOGRAD_OPENCV_MISSING "${missing}" PARENT_SCOPE)
  set(WINOGRAD_OPENCV_LIBRARIES ${libraries} PARENT_SCOPE)
  if(missing OR TARGET ${target})
    return()
  endif()
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${include_dirs}"
    INTERFACE_LINK_LIBRARIES "${libraries}")
endfunction()
