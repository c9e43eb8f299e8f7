// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Rows of the user's tensors, in whatever type their elements have, to and from rows of floats.
// What is in 16 bits goes through a buffer of a few KiB, a piece of a row at a time, and the
// readers and writers of floats do the rest: they know nothing of other types.
#ifndef WINOGRAD_SRC_PIPELINES_IMAGE_ROWS_HPP
#define WINOGRAD_SRC_PIPELINES_IMAGE_ROWS_HPP

#include "src/planning/plan_data.hpp"

namespace winograd::detail {

/// Pixels of src, of one row and one part, as staging; the fields are those of RowReadArgs.
template <class E>
struct ImageRowReadOf {
  const Source::Part& part;
  Elements<const void> first;
  int cols;
  int channels;
  int fill;
  E* staging;
  std::ptrdiff_t stride;
};
using ImageRowRead = ImageRowReadOf<float>;
void read_row(const PlanData& plan, const ImageRowRead& row) noexcept;
/// In arithmetic on f16, of tensors of that.
void read_row(const PlanData& plan, const ImageRowReadOf<F16>& row) noexcept;

/// `count` neighbouring elements as floats.
void read_elements(const PlanData& plan, Elements<const void> from, std::ptrdiff_t count,
                   float* to) noexcept;

/// Sums of one row -> dst; the fields are those of RowWriteArgs, but for `at`: where the first
/// element lies in dst and in residual.
template <class E>
struct ImageRowWriteOf {
  const E* staging;
  std::ptrdiff_t stride;
  int cols;
  int channels;
  std::ptrdiff_t at;
  Epilogue epilogue;
};
using ImageRowWrite = ImageRowWriteOf<float>;
void write_row(const PlanData& plan, const Tensors& tensors, const ImageRowWrite& row) noexcept;
void write_row(const PlanData& plan, const Tensors& tensors,
               const ImageRowWriteOf<F16>& row) noexcept;
/// Floats that have been through the epilogue -> dst of 16 bits, of adjacent channels.
void narrow_row(const PlanData& plan, const Tensors& tensors, const ImageRowWrite& row) noexcept;

/// Pixels of a lane block that are converted at a time: whole lane blocks.
inline constexpr int kPiece = 64;

/// Channels that rows are written with at a time, where they are adjacent in dst.
inline constexpr int kMostWritten = 4 * kLaneBlock;

/// Some neighbouring pixels of a row of dst, and of residual, as floats.
struct RowPiece {
  float* dst;
  const float* residual;  ///< or null; strides as dst
  std::ptrdiff_t pixel_stride, channel_stride;
  int col, cols;  ///< of the row
  bool stream;
};

/// Calls write(RowPiece) for pieces that make up the row of `cols` pixels and up to kMostWritten
/// channels (kLaneBlock in NCHW) at `at`: for all of it where dst has floats, and otherwise for
/// buffers that then go to dst.
template <class Write>
void write_in_pieces(const PlanData& plan, const Tensors& tensors, std::ptrdiff_t at, int cols,
                     int channels, const Write& write) noexcept {
  const Layer& layer = plan.layer;
  const Elements<void> dst = tensors.dst + at;
  const Elements<const void> residual = tensors.residual.and_then(at);
  if (layer.type == DataType::f32) {
    write(RowPiece{dst.as<float>(), residual.as<float>(), layer.dst_pixel, layer.dst_channel, 0,
                   cols, tensors.stream});
    return;
  }
  const StorageKernels& storage = plan.kernels().storage_of(layer.type);
  const bool nhwc = layer.layout == Layout::nhwc;
  const int width = round_up(channels, kLaneBlock);
  const int most = nhwc ? kPiece * kLaneBlock / width : kPiece;
  const std::ptrdiff_t pixel = nhwc ? width : 1, channel = nhwc ? 1 : kPiece;
  alignas(kLineBytes) float sums[kPiece * kLaneBlock];
  alignas(kLineBytes) float added[kPiece * kLaneBlock];
  for (int col = 0; col < cols; col += most) {
    const int some = std::min(most, cols - col);
    const std::ptrdiff_t from = col * layer.dst_pixel;
    const std::ptrdiff_t image_stride = nhwc ? layer.dst_pixel : layer.dst_channel;
    const std::ptrdiff_t buffer_stride = nhwc ? pixel : channel;
    const int rows = nhwc ? some : channels, count = nhwc ? channels : some;
    if (residual.data() != nullptr) {
      storage.widen(
          {(residual + from).as<std::uint16_t>(), image_stride, added, buffer_stride, rows, count});
    }
    write(RowPiece{sums, residual.data() == nullptr ? nullptr : added, pixel, channel, col, some,
                   false});
    storage.narrow(
        {sums, buffer_stride, (dst + from).as<std::uint16_t>(), image_stride, rows, count});
  }
}

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PIPELINES_IMAGE_ROWS_HPP
