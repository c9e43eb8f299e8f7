// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// ONNX Runtime's interface, as its header-only C++ wrapper gives it. The plug-in is not linked with
// ONNX Runtime: whoever loads it hands over the table of functions.
#ifndef WINOGRAD_ONNXRUNTIME_SRC_API_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_API_HPP

#define ORT_API_MANUAL_INIT
#include <onnxruntime_cxx_api.h>
#undef ORT_API_MANUAL_INIT

#include <exception>
#include <new>

namespace winograd::ort {

/// Calls `body` and turns what it throws into a status: nothing is thrown through a C interface.
template <class Body>
OrtStatus* guarded(Body&& body) noexcept {
  try {
    body();
    return nullptr;
  } catch (const Ort::Exception& e) {
    return Ort::GetApi().CreateStatus(e.GetOrtErrorCode(), e.what());
  } catch (const std::bad_alloc&) {
    return Ort::GetApi().CreateStatus(ORT_FAIL, "winograd: out of memory");
  } catch (const std::exception& e) {
    return Ort::GetApi().CreateStatus(ORT_FAIL, e.what());
  }
}

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_API_HPP
