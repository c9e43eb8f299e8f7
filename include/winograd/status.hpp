// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Errors as values: nothing in this library prints, aborts or throws across its interface.
#ifndef WINOGRAD_STATUS_HPP
#define WINOGRAD_STATUS_HPP

#include <cstddef>
#include <optional>
#include <utility>

#include "winograd/export.h"

// X11 has a macro of this name.
#pragma push_macro("Status")
#undef Status

namespace winograd {

/// What kind of thing went wrong.
enum class StatusCode : unsigned char {
  ok,
  invalid_argument,  ///< The caller's mistake: a value that no build of the library accepts.
  unsupported,       ///< A valid request that this build, CPU or algorithm does not cover.
  workspace,         ///< The workspace is missing, too small, misaligned, or its cap too tight.
  bad_packed_data,   ///< Serialized weights that are damaged, or made for something else.
  out_of_memory,     ///< An allocation failed while creating a plan or packing weights.
};

/// Name of a code, e.g. "invalid_argument". Static storage.
WINOGRAD_API const char* to_string(StatusCode code) noexcept;

/// The outcome of a call: a code, and for failures a message that names the argument, its value
/// and what is allowed. Holds its text inline, so that reporting an error never allocates.
class [[nodiscard]] Status {
 public:
  /// Capacity of the message, terminating zero included. Longer messages are cut.
  static constexpr std::size_t message_capacity = 240;

  Status() noexcept = default;

  /// A failure with a printf-style message.
  [[gnu::format(printf, 2, 3)]] WINOGRAD_API static Status failure(StatusCode code,
                                                                   const char* format,
                                                                   ...) noexcept;

  bool ok() const noexcept { return code_ == StatusCode::ok; }
  explicit operator bool() const noexcept { return ok(); }
  StatusCode code() const noexcept { return code_; }
  /// Zero-terminated; empty for `ok`. Valid as long as this object.
  const char* message() const noexcept { return message_; }

 private:
  StatusCode code_ = StatusCode::ok;
  char message_[message_capacity] = {};
};

/// Either a value or the Status that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) noexcept : value_(std::move(value)) {}  // NOLINT: implicit on purpose
  Result(Status status) noexcept : status_(status) {}     // NOLINT: implicit on purpose

  bool ok() const noexcept { return value_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }
  const Status& status() const noexcept { return status_; }

  /// The value. Calling these on a failed Result is undefined: test ok() first.
  T& value() & noexcept { return *value_; }
  const T& value() const& noexcept { return *value_; }
  T&& value() && noexcept { return std::move(*value_); }
  T* operator->() noexcept { return &*value_; }
  const T* operator->() const noexcept { return &*value_; }
  T& operator*() & noexcept { return *value_; }
  const T& operator*() const& noexcept { return *value_; }

 private:
  Status status_;
  std::optional<T> value_;
};

}  // namespace winograd

#pragma pop_macro("Status")

#endif  // WINOGRAD_STATUS_HPP
