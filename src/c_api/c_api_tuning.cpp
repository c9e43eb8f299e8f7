// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The C interface of the tuning cache.
#include <cstring>
#include <new>
#include <string>

#include "src/c_api/c_api_convert.hpp"
#include "src/runtime/exceptions.hpp"
#include "winograd/winograd.h"

using winograd::Status;
using winograd::StatusCode;
using namespace winograd::c_api;  // NOLINT: conversions, which this file is about

winograd_status winograd_tuning_cache_create(winograd_tuning_cache** result) {
  if (result == nullptr) return to_c(null_argument("result"));
  auto* cache = new (std::nothrow) winograd_tuning_cache;
  if (cache == nullptr || cache->value.table() == nullptr) {
    delete cache;
    return to_c(Status::failure(StatusCode::out_of_memory, "no memory for a tuning cache"));
  }
  *result = cache;
  return to_c(Status());
}

size_t winograd_tuning_cache_size(const winograd_tuning_cache* cache) {
  return cache == nullptr ? 0 : cache->value.size();
}

winograd_status winograd_tuning_cache_save(const winograd_tuning_cache* cache, char* buffer,
                                           size_t size_bytes, size_t* needed_bytes) {
  if (cache == nullptr) return to_c(null_argument("cache"));
  const auto text = cache->value.save();
  if (!text) return to_c(text.status());
  const size_t needed = text->size() + 1;
  if (needed_bytes != nullptr) *needed_bytes = needed;
  if (buffer == nullptr) return to_c(size_bytes == 0 ? Status() : null_argument("buffer"));
  if (size_bytes < needed) {
    return to_c(Status::failure(StatusCode::invalid_argument,
                                "buffer has %zu bytes, %zu are needed", size_bytes, needed));
  }
  std::memcpy(buffer, text->c_str(), needed);
  return to_c(Status());
}

winograd_status winograd_tuning_cache_load(winograd_tuning_cache* cache, const char* text,
                                           size_t size_bytes) {
  if (cache == nullptr) return to_c(null_argument("cache"));
  return to_c(cache->value.load(text, size_bytes));
}

void winograd_tuning_cache_destroy(winograd_tuning_cache* cache) { delete cache; }
