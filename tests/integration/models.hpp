// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_TESTS_INTEGRATION_MODELS_HPP
#define WINOGRAD_TESTS_INTEGRATION_MODELS_HPP

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "model.hpp"

namespace winograd::test {

/// A file that examples/upscale/fetch_models.sh has fetched, or an empty path.
inline std::filesystem::path fetched(const std::string& name) {
  const auto file = upscale::default_model_folder() / name;
  return std::filesystem::exists(file) ? file : std::filesystem::path();
}

inline bool required() {
  const char* value = std::getenv("WINOGRAD_REQUIRE_INTEGRATION");
  return value != nullptr && std::string(value) == "1";
}

}  // namespace winograd::test

/// Skips the test, or fails it where integration is required, if a file has not been fetched.
#define WINOGRAD_NEED_FETCHED(name)                                                        \
  do {                                                                                     \
    if (winograd::test::fetched(name).empty()) {                                           \
      if (winograd::test::required()) FAIL() << (name) << " is required and not there";    \
      GTEST_SKIP() << (name) << " is not there; examples/upscale/fetch_models.sh gets it"; \
    }                                                                                      \
  } while (false)

#endif  // WINOGRAD_TESTS_INTEGRATION_MODELS_HPP
