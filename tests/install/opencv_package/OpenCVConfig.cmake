# Stands for OpenCV's CMake package where only its modules are installed: the same names.
find_path(include_dir opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED NO_CACHE)
set(OpenCV_INCLUDE_DIRS "${include_dir}")
set(OpenCV_LIBS)
foreach(module IN LISTS OpenCV_FIND_COMPONENTS)
  find_library(library_${module} opencv_${module} REQUIRED NO_CACHE)
  if(NOT TARGET opencv_${module})
    add_library(opencv_${module} SHARED IMPORTED)
    set_target_properties(opencv_${module} PROPERTIES
      IMPORTED_LOCATION_RELEASE "${library_${module}}"
      IMPORTED_CONFIGURATIONS RELEASE
      INTERFACE_INCLUDE_DIRECTORIES "${include_dir}")
  endif()
  list(APPEND OpenCV_LIBS opencv_${module})
endforeach()
