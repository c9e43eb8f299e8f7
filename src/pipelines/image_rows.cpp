// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/pipelines/image_rows.hpp"

#include <algorithm>
#include <cstring>

namespace winograd::detail {
namespace {

void read_pixels(const StorageKernels& storage, const ImageRowRead& row) noexcept {
  const std::ptrdiff_t pixel = row.part.pixel_stride;
  const auto* const from = row.first.as<std::uint16_t>();
  if (row.channels == row.fill && pixel == row.fill && row.stride == row.fill) {
    storage.widen({from, 0, row.staging, 0, 1, std::ptrdiff_t{row.cols} * row.fill});
    return;
  }
  storage.widen({from, pixel, row.staging, row.stride, row.cols, row.channels});
  if (row.channels == row.fill) return;
  for (int col = 0; col < row.cols; ++col) {
    float* const to = row.staging + col * row.stride;
    std::fill(to + row.channels, to + row.fill, 0.0F);
  }
}

void read_planes(const EdgeKernels& edges, const StorageKernels& storage,
                 const ImageRowRead& row) noexcept {
  alignas(kLineBytes) float planes[kLaneBlock * kPiece];
  for (int col = 0; col < row.cols; col += kPiece) {
    const int cols = std::min(kPiece, row.cols - col);
    storage.widen({(row.first + col).as<std::uint16_t>(), row.part.channel_stride, planes, kPiece,
                   row.channels, cols});
    edges.read_row({planes, 1, kPiece, planes + kLaneBlock * kPiece, cols, row.channels, row.fill,
                    row.staging + col * row.stride, row.stride});
  }
}

}  // namespace

void read_row(const PlanData& plan, const ImageRowRead& row) noexcept {
  const Layer& layer = plan.layer;
  const EdgeKernels& edges = plan.kernels().edges(layer.layout);
  if (layer.type == DataType::f32) {
    edges.read_row({row.first.as<float>(), row.part.pixel_stride, row.part.channel_stride,
                    row.part.end.as<float>(), row.cols, row.channels, row.fill, row.staging,
                    row.stride});
    return;
  }
  const StorageKernels& storage = plan.kernels().storage_of(layer.type);
  if (layer.layout == Layout::nhwc) {
    read_pixels(storage, row);
  } else {
    read_planes(edges, storage, row);
  }
}

void read_row(const PlanData& plan, const ImageRowReadOf<F16>& row) noexcept {
  plan.kernels()
      .of<F16>()
      .edges(plan.layer.layout)
      .read_row({row.first.as<F16>(), row.part.pixel_stride, row.part.channel_stride,
                 row.part.end.as<F16>(), row.cols, row.channels, row.fill, row.staging,
                 row.stride});
}

void read_elements(const PlanData& plan, Elements<const void> from, std::ptrdiff_t count,
                   float* to) noexcept {
  if (plan.layer.type == DataType::f32) {
    std::memcpy(to, from.data(), static_cast<std::size_t>(count) * sizeof(float));
    return;
  }
  plan.kernels().storage_of(plan.layer.type).widen({from.as<std::uint16_t>(), 0, to, 0, 1, count});
}

void write_row(const PlanData& plan, const Tensors& tensors, const ImageRowWrite& row) noexcept {
  const EdgeKernels& edges = plan.kernels().edges(plan.layer.layout);
  write_in_pieces(plan, tensors, row.at, row.cols, row.channels, [&](const RowPiece& piece) {
    edges.write_row({row.staging + piece.col * row.stride, row.stride, piece.cols, row.channels,
                     piece.dst, piece.residual, piece.pixel_stride, piece.channel_stride,
                     piece.stream, row.epilogue});
  });
}

void narrow_row(const PlanData& plan, const Tensors& tensors, const ImageRowWrite& row) noexcept {
  plan.kernels()
      .storage_of(plan.layer.type)
      .narrow({row.staging, row.stride, (tensors.dst + row.at).as<std::uint16_t>(),
               plan.layer.dst_pixel, row.cols, row.channels});
}

void write_row(const PlanData& plan, const Tensors& tensors,
               const ImageRowWriteOf<F16>& row) noexcept {
  const Layer& layer = plan.layer;
  plan.kernels()
      .of<F16>()
      .edges(layer.layout)
      .write_row({row.staging, row.stride, row.cols, row.channels, (tensors.dst + row.at).as<F16>(),
                  tensors.residual.and_then(row.at).as<F16>(), layer.dst_pixel, layer.dst_channel,
                  false, row.epilogue});
}

}  // namespace winograd::detail
