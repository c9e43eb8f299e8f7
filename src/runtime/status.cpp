// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "winograd/status.hpp"

#include <cstdarg>
#include <cstdio>

namespace winograd {

Status Status::failure(StatusCode code, const char* format, ...) noexcept {
  Status status;
  status.code_ = code;
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(status.message_, message_capacity, format, arguments);
  va_end(arguments);
  return status;
}

const char* to_string(StatusCode code) noexcept {
  switch (code) {
    case StatusCode::ok: return "ok";
    case StatusCode::invalid_argument: return "invalid_argument";
    case StatusCode::unsupported: return "unsupported";
    case StatusCode::workspace: return "workspace";
    case StatusCode::bad_packed_data: return "bad_packed_data";
    case StatusCode::out_of_memory: return "out_of_memory";
  }
  return "unknown";
}

}  // namespace winograd
