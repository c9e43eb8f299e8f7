// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Conv2dPlan::run: checks every argument, then hands over to a pipeline.
#include <cinttypes>
#include <cstdint>

#include "src/planning/plan_data.hpp"
#include "src/runtime/cache_sizes.hpp"

namespace winograd {
namespace detail {
namespace {

static_assert(kMaxSourceParts == Conv2dPlan::kMaxSourceParts);

Status invalid(const char* what) noexcept {
  return Status::failure(StatusCode::invalid_argument, "%s", what);
}

/// True if [a, a + a_bytes) and [b, b + b_bytes) share a byte.
bool overlap(const void* a, std::size_t a_bytes, const void* b, std::size_t b_bytes) noexcept {
  const auto x = reinterpret_cast<std::uintptr_t>(a), y = reinterpret_cast<std::uintptr_t>(b);
  return x < y + b_bytes && y < x + a_bytes;
}

/// See Tensors::stream. In NHWC all pixels must start on a cache line's boundary; in NCHW the row
/// writer looks at each row. Depthwise layers do not: they write a line here and a line there, and
/// took 1.4 times as long.
bool should_stream(const Layer& layer, const void* dst, std::size_t dst_bytes) noexcept {
  if (layer.type != DataType::f32) return false;
  const CacheSizes& caches = cache_sizes();
  const std::size_t last_level = caches.l3 != 0 ? caches.l3 : caches.l2;
  const bool aligned = reinterpret_cast<std::uintptr_t>(dst) % kLineBytes == 0;
  const bool whole_lines = layer.layout == Layout::nchw || layer.k % kLaneBlock == 0;
  return dst_bytes > last_level / 8 && aligned && whole_lines && layer.group_k % kLaneBlock == 0;
}

/// See Tensors::far. The layer before, or half of it, may have left so much in L2.
bool is_far(std::size_t src_bytes) noexcept { return src_bytes > cache_sizes().l2 / 4; }

/// The parts make up src, and every kLaneBlock of channels lie in one of them.
Status check_parts(const Layer& layer, const SourcePart* parts, int count) noexcept {
  if (parts == nullptr) return invalid("parts is null");
  if (count < 1 || count > kMaxSourceParts) {
    return Status::failure(StatusCode::invalid_argument, "count is %d, must be 1 to %d", count,
                           kMaxSourceParts);
  }
  std::int64_t channels = 0;
  for (int i = 0; i < count; ++i) {
    const SourcePart& part = parts[i];
    if (part.data == nullptr) {
      return Status::failure(StatusCode::invalid_argument, "parts[%d].data is null", i);
    }
    if (part.channels < 1 || part.channels > layer.c - channels) {
      return Status::failure(StatusCode::invalid_argument,
                             "parts[%d].channels is %" PRId64 ", %" PRId64
                             " of in_channels are left",
                             i, part.channels, layer.c - channels);
    }
    if (i + 1 < count && part.channels % kLaneBlock != 0) {
      return Status::failure(StatusCode::invalid_argument,
                             "parts[%d].channels is %" PRId64
                             ", must be a multiple of %d in all parts but the last",
                             i, part.channels, kLaneBlock);
    }
    channels += part.channels;
  }
  if (channels != layer.c) {
    return Status::failure(StatusCode::invalid_argument,
                           "the parts have %" PRId64 " channels, in_channels is %d", channels,
                           layer.c);
  }
  return {};
}

Status check_type(DataType given, DataType described) noexcept {
  if (given == described) return {};
  return Status::failure(StatusCode::invalid_argument,
                         "the tensors are given as %s, data_type in the description is %s",
                         to_string(given), to_string(described));
}

/// Workspace: large enough, aligned.
Status check_workspace(const Workspace& workspace, std::size_t needed, int threads) noexcept {
  if (workspace.data == nullptr && needed > 0) {
    return Status::failure(StatusCode::workspace, "workspace is null, %zu bytes are needed",
                           needed);
  }
  if (workspace.size_bytes < needed || needed == SIZE_MAX) {
    return Status::failure(StatusCode::workspace,
                           "workspace has %zu bytes, %zu are needed for %d threads",
                           workspace.size_bytes, needed, threads);
  }
  if (reinterpret_cast<std::uintptr_t>(workspace.data) % kLineBytes != 0) {
    return Status::failure(StatusCode::workspace,
                           "workspace is at address %p, must be a multiple of %zu", workspace.data,
                           kLineBytes);
  }
  return {};
}

}  // namespace
}  // namespace detail

using namespace detail;  // NOLINT: implementation file

Status Conv2dPlan::run(const float* src, float* dst, Workspace workspace, const Executor& executor,
                       const float* residual) const noexcept {
  return run(DataType::f32, src, dst, workspace, executor, residual);
}

Status Conv2dPlan::run(const SourcePart* parts, int count, float* dst, Workspace workspace,
                       const Executor& executor, const float* residual) const noexcept {
  return run(DataType::f32, parts, count, dst, workspace, executor, residual);
}

Status Conv2dPlan::run(DataType type, const void* src, void* dst, Workspace workspace,
                       const Executor& executor, const void* residual) const noexcept {
  if (data_->desc.batch == 0) return {};
  if (src == nullptr) return invalid("src is null");
  const SourcePart part{src, data_->desc.in_channels};
  return run(type, &part, 1, dst, workspace, executor, residual);
}

Status Conv2dPlan::run(DataType type, const SourcePart* parts, int count, void* dst,
                       Workspace workspace, const Executor& executor,
                       const void* residual) const noexcept {
  const Layer& layer = data_->layer;
  const Conv2dDesc& desc = data_->desc;
  if (desc.batch == 0) return {};  // no data, and often no pointers to it
  if (Status s = check_type(type, desc.data_type); !s) return s;
  if (Status s = check_parts(layer, parts, count); !s) return s;
  if (dst == nullptr) return invalid("dst is null");
  if (desc.residual && residual == nullptr) {
    return invalid("residual is null, but the description has a residual");
  }
  if (!desc.residual && residual != nullptr) {
    return invalid("residual is given, but the description has none");
  }
  const int threads = executor.concurrency();
  const std::size_t needed = needed_workspace(*data_, threads);
  if (Status s = check_workspace(workspace, needed, threads); !s) return s;

  const auto bytes_of_all = [&](std::int64_t elements) {
    return static_cast<std::size_t>(elements) * static_cast<std::size_t>(bytes_of(type));
  };
  const std::size_t dst_bytes = bytes_of_all(desc.dst_size());
  Source src;
  for (int i = 0; i < count; ++i) {
    src.add(layer, parts[i].data, static_cast<int>(parts[i].channels));
    const void* const data = parts[i].data;
    const std::size_t bytes =
        bytes_of_all(desc.batch * parts[i].channels * desc.height * desc.width);
    if (overlap(data, bytes, dst, dst_bytes)) return invalid("dst overlaps src");
    if (overlap(workspace.data, needed, data, bytes)) return invalid("workspace overlaps src");
  }
  if (overlap(workspace.data, needed, dst, dst_bytes)) return invalid("workspace overlaps dst");
  if (residual != nullptr) {
    if (residual != dst && overlap(residual, dst_bytes, dst, dst_bytes)) {
      return invalid("residual overlaps dst without being dst");
    }
    if (overlap(workspace.data, needed, residual, dst_bytes)) {
      return invalid("workspace overlaps residual");
    }
  }
  const Tensors tensors{src,
                        {dst, type},
                        {residual, type},
                        should_stream(layer, dst, dst_bytes),
                        is_far(bytes_of_all(desc.src_size()))};
  pipeline_of(*data_).run(*data_, tensors, workspace.data, executor);
  return {};
}

}  // namespace winograd
