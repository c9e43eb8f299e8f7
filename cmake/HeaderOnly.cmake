# winograd_find_headers(<target> <header>)
#
# Makes the imported interface target <target> for a header-only library that is needed only to
# build this project. <header> is what its users include, e.g. "xsimd/xsimd.hpp".
#
# The library's own package file is not used: Debian installs it in a folder of the host's
# architecture, where a cross build does not look. A cross build must not get the host's
# /usr/include either, which would hide the target's C library; so the library's own folder is
# linked into the build tree and only that is put on the search path.
function(winograd_find_headers target header)
  if(TARGET ${target})
    return()
  endif()
  string(REGEX REPLACE "^.*::" "" id "${target}")
  string(TOUPPER "${id}" id)
  find_path(WINOGRAD_${id}_INCLUDE_DIR ${header}
    PATH_SUFFIXES include
    NO_CMAKE_FIND_ROOT_PATH
    DOC "Folder that holds ${header}")
  mark_as_advanced(WINOGRAD_${id}_INCLUDE_DIR)
  set(include_dir "${WINOGRAD_${id}_INCLUDE_DIR}")
  if(NOT include_dir)
    message(FATAL_ERROR
      "winograd: <${header}> was not found. Install it (scripts/install-deps.sh build on Debian) "
      "or set WINOGRAD_${id}_INCLUDE_DIR.")
  endif()
  if(CMAKE_CROSSCOMPILING AND include_dir STREQUAL "/usr/include")
    get_filename_component(folder ${header} DIRECTORY)
    set(link_dir "${PROJECT_BINARY_DIR}/host_headers/${id}")
    file(MAKE_DIRECTORY "${link_dir}")
    file(CREATE_LINK "${include_dir}/${folder}" "${link_dir}/${folder}" SYMBOLIC)
    set(include_dir "${link_dir}")
  endif()
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${include_dir}")
endfunction()
