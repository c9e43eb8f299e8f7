# winograd_find_onnxruntime(): sets in the caller
#   WINOGRAD_ONNXRUNTIME_INCLUDE_DIR      folder of onnxruntime_cxx_api.h, 1.23 or later
#   WINOGRAD_ONNXRUNTIME_HEADERS_MISSING  empty, or what is missing and how to get it
#   WINOGRAD_ONNXRUNTIME_LIBRARY          the shared object, which only programs need
#
# Debian has headers that are new enough from version 14 on; scripts/onnxruntime.sh fetches them and the
# library into build/peers/onnxruntime, where nobody installed them.
function(winograd_find_onnxruntime)
  set(least 23)  # version 1.23: the first with graphs for plug-ins
  set(fetched "${PROJECT_SOURCE_DIR}/build/peers/onnxruntime")
  find_path(WINOGRAD_ONNXRUNTIME_INCLUDE_DIR onnxruntime_cxx_api.h
    HINTS "${fetched}/include" PATH_SUFFIXES onnxruntime onnxruntime/core/session)
  find_library(WINOGRAD_ONNXRUNTIME_LIBRARY NAMES onnxruntime libonnxruntime.so.1 HINTS "${fetched}")
  mark_as_advanced(WINOGRAD_ONNXRUNTIME_INCLUDE_DIR WINOGRAD_ONNXRUNTIME_LIBRARY)
  set(how "Debian's libonnxruntime-dev has them from 1.${least} on; scripts/onnxruntime.sh --fetch gets \
them elsewhere, and WINOGRAD_ONNXRUNTIME_INCLUDE_DIR names their folder.")
  set(missing)
  if(NOT WINOGRAD_ONNXRUNTIME_INCLUDE_DIR)
    set(missing "ONNX Runtime's headers were not found. ${how}")
  else()
    set(header "${WINOGRAD_ONNXRUNTIME_INCLUDE_DIR}/onnxruntime_c_api.h")
    set(line "")
    if(EXISTS "${header}")
      file(STRINGS "${header}" line REGEX "^#define ORT_API_VERSION +[0-9]+" LIMIT_COUNT 1)
    endif()
    string(REGEX REPLACE "[^0-9]" "" version "${line}")
    if(NOT version OR version LESS least)
      set(missing "ONNX Runtime's headers in ${WINOGRAD_ONNXRUNTIME_INCLUDE_DIR} are too old. ${how}")
    endif()
  endif()
  set(WINOGRAD_ONNXRUNTIME_HEADERS_MISSING "${missing}" PARENT_SCOPE)
endfunction()
