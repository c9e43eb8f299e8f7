# The libraries that this one is compared with: appends the names of those that are found to peer_names,
# and what they need to peer_libraries and peer_includes.

# Not by its CMake package: Debian's demands OpenCL, which nothing here needs, and ends the
# configuration without it.
find_path(WINOGRAD_DNNL_INCLUDE_DIR dnnl.hpp)
find_library(WINOGRAD_DNNL_LIBRARY dnnl)
mark_as_advanced(WINOGRAD_DNNL_INCLUDE_DIR WINOGRAD_DNNL_LIBRARY)
if(WINOGRAD_DNNL_INCLUDE_DIR AND WINOGRAD_DNNL_LIBRARY)
  list(APPEND peer_names onednn)
  list(APPEND peer_libraries ${WINOGRAD_DNNL_LIBRARY})
  list(APPEND peer_includes ${WINOGRAD_DNNL_INCLUDE_DIR})
endif()

# Only its DNN module is asked for: Debian's libopencv-dev, which has the CMake package, is large.
find_path(WINOGRAD_OPENCV_INCLUDE_DIR opencv2/dnn.hpp PATH_SUFFIXES opencv4)
find_library(WINOGRAD_OPENCV_CORE opencv_core)
find_library(WINOGRAD_OPENCV_DNN opencv_dnn)
mark_as_advanced(WINOGRAD_OPENCV_INCLUDE_DIR WINOGRAD_OPENCV_CORE WINOGRAD_OPENCV_DNN)
if(WINOGRAD_OPENCV_INCLUDE_DIR AND WINOGRAD_OPENCV_CORE AND WINOGRAD_OPENCV_DNN)
  list(APPEND peer_names opencv)
  list(APPEND peer_libraries ${WINOGRAD_OPENCV_DNN} ${WINOGRAD_OPENCV_CORE})
  list(APPEND peer_includes ${WINOGRAD_OPENCV_INCLUDE_DIR})
endif()

# XNNPACK has no releases and changes its interface; this is Debian 12's.
find_path(WINOGRAD_XNNPACK_INCLUDE_DIR xnnpack.h)
find_path(WINOGRAD_PTHREADPOOL_INCLUDE_DIR pthreadpool.h)
find_library(WINOGRAD_XNNPACK_LIBRARY XNNPACK)
find_library(WINOGRAD_PTHREADPOOL_LIBRARY pthreadpool)
mark_as_advanced(WINOGRAD_XNNPACK_INCLUDE_DIR WINOGRAD_PTHREADPOOL_INCLUDE_DIR
  WINOGRAD_XNNPACK_LIBRARY WINOGRAD_PTHREADPOOL_LIBRARY)
if(WINOGRAD_XNNPACK_INCLUDE_DIR AND WINOGRAD_PTHREADPOOL_INCLUDE_DIR AND WINOGRAD_XNNPACK_LIBRARY
    AND WINOGRAD_PTHREADPOOL_LIBRARY)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)  # no need to link
  set(CMAKE_REQUIRED_INCLUDES ${WINOGRAD_XNNPACK_INCLUDE_DIR} ${WINOGRAD_PTHREADPOOL_INCLUDE_DIR})
  check_cxx_source_compiles("
    #include <xnnpack.h>
    int main() {
      xnn_operator_t op = nullptr;
      xnn_create_convolution2d_nhwc_f32(0, 0, 0, 0, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, nullptr,
                                        nullptr, 0.0f, 1.0f, 0, &op);
      return sizeof(&xnn_setup_convolution2d_nhwc_f32) == 0;
    }" WINOGRAD_XNNPACK_USABLE)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_TRY_COMPILE_TARGET_TYPE)
endif()
if(WINOGRAD_XNNPACK_USABLE)
  list(APPEND peer_names xnnpack)
  list(APPEND peer_libraries ${WINOGRAD_XNNPACK_LIBRARY} ${WINOGRAD_PTHREADPOOL_LIBRARY})
  list(APPEND peer_includes ${WINOGRAD_XNNPACK_INCLUDE_DIR} ${WINOGRAD_PTHREADPOOL_INCLUDE_DIR})
endif()

# The shared object, from Debian (from 13 on) or npm (scripts/fetch-onnxruntime.sh); and what writes
# its models.
find_library(WINOGRAD_ONNXRUNTIME_LIBRARY NAMES onnxruntime libonnxruntime.so.1
  HINTS "${PROJECT_SOURCE_DIR}/build/peers/onnxruntime")
find_path(WINOGRAD_ONNX_INCLUDE_DIR onnx/onnx_pb.h)
find_library(WINOGRAD_ONNX_LIBRARY onnx_proto)
find_package(Protobuf QUIET)
mark_as_advanced(WINOGRAD_ONNXRUNTIME_LIBRARY WINOGRAD_ONNX_INCLUDE_DIR WINOGRAD_ONNX_LIBRARY)
if(WINOGRAD_ONNXRUNTIME_LIBRARY AND WINOGRAD_ONNX_INCLUDE_DIR AND WINOGRAD_ONNX_LIBRARY
    AND TARGET protobuf::libprotobuf)
  list(APPEND peer_names onnxruntime)
  list(APPEND peer_libraries
    ${WINOGRAD_ONNXRUNTIME_LIBRARY} ${WINOGRAD_ONNX_LIBRARY} protobuf::libprotobuf)
  list(APPEND peer_includes ${WINOGRAD_ONNX_INCLUDE_DIR})
endif()

# Not by its CMake package, which would set the flags of the whole directory.
find_path(WINOGRAD_TORCH_INCLUDE_DIR ATen/ATen.h)
find_path(WINOGRAD_TORCH_API_INCLUDE_DIR torch/version.h
  HINTS "${WINOGRAD_TORCH_INCLUDE_DIR}/torch/csrc/api/include")
find_library(WINOGRAD_TORCH_LIBRARY torch_cpu)
find_library(WINOGRAD_C10_LIBRARY c10)
mark_as_advanced(WINOGRAD_TORCH_INCLUDE_DIR WINOGRAD_TORCH_API_INCLUDE_DIR WINOGRAD_TORCH_LIBRARY
  WINOGRAD_C10_LIBRARY)
if(WINOGRAD_TORCH_INCLUDE_DIR AND WINOGRAD_TORCH_API_INCLUDE_DIR AND WINOGRAD_TORCH_LIBRARY
    AND WINOGRAD_C10_LIBRARY)
  list(APPEND peer_names torch)
  list(APPEND peer_libraries ${WINOGRAD_TORCH_LIBRARY} ${WINOGRAD_C10_LIBRARY})
  list(APPEND peer_includes ${WINOGRAD_TORCH_INCLUDE_DIR} ${WINOGRAD_TORCH_API_INCLUDE_DIR})
endif()
