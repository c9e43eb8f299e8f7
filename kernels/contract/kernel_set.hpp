// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The contract between the pipelines (src/) and the kernels (kernels/): a table of functions for
// each instruction set. docs/kernel_contract.md explains it with pictures.
#ifndef WINOGRAD_KERNELS_CONTRACT_KERNEL_SET_HPP
#define WINOGRAD_KERNELS_CONTRACT_KERNEL_SET_HPP

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernels/transforms/axis_family.hpp"
#include "winograd/conv2d.hpp"

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error \
    "-ffast-math loses NaNs and the order of sums; compile with -fno-fast-math as CMakeLists.txt does"
#endif

namespace winograd::detail {

/// Channels that transforms, readers and writers handle at a time: one cache line of floats,
/// whatever the vector length.
inline constexpr int kLaneBlock = 16;
/// Output channels of a packed panel of U (the NR of the micro-tile).
inline constexpr int kPanel = 16;
inline constexpr std::size_t kLineBytes = 64;
inline constexpr int kLayouts = 2;
inline constexpr int kDataTypes = 3;

/// An f16 in memory. `E` below is the type of elements that an arithmetic computes with, as they
/// stand in memory: float or F16.
using F16 = std::uint16_t;

/// Bytes of a number.
constexpr std::ptrdiff_t bytes_of(DataType type) noexcept { return type == DataType::f32 ? 4 : 2; }

/// What happens to sums on their way to dst.
struct Epilogue {
  const float* bias;    ///< of these channels; readable for whole lane blocks
  const float* slopes;  ///< of leaky and parametric ReLU, likewise; null for all others
  float low, high;      ///< clamp; -inf and +inf when there is none
  Activation function;  ///< one that is neither of these, or none
  float scale = 1.0F;   ///< what F16 sums are multiplied by first; those of floats are not

  /// Of the channels from `channel` on.
  void advance(std::ptrdiff_t channel) noexcept {
    bias += channel;
    if (slopes != nullptr) slopes += channel;
  }
  /// True if the activation is no more than a clamp.
  bool clamps() const noexcept { return slopes == nullptr && function == Activation::none; }
};

/// Destination of a GEMM whose rows are pixels and whose columns are output channels, in NHWC: C +
/// bias + residual, activated, goes to dst + row * stride; C itself is then undefined.
struct GemmTarget {
  float* dst;
  const float* residual;       ///< or null; laid out as dst, may be dst
  std::ptrdiff_t stride;       ///< floats from one row to the next
  std::ptrdiff_t line_stride;  ///< floats from the first row of a line to that of the next
  bool stream;                 ///< with streaming stores; dst and strides are multiples of 64 bytes
  Epilogue epilogue;

  void advance(std::ptrdiff_t floats) noexcept {
    dst += floats;
    if (residual != nullptr) residual += floats;
  }
};

/// C[lines * rows][columns] (+)= A[lines * rows][segments * k] * B[segments * k][columns].
///
/// Rows of A come in lines, as pixels do in an image: evenly spaced within a line. B is read from
/// memory once for all lines.
///
/// Chained summation: the reduction is cut into chains of about `chain` products. A chain is summed
/// in registers starting from zero, then added to C, so the rounding error grows with chain +
/// (chains), not with their product.
template <class E>
struct GemmArgsOf {
  const E* a;                     ///< row 0 of A; elements of a row are contiguous within a segment
  std::ptrdiff_t lda;             ///< elements from one row of A to the next
  std::ptrdiff_t segment_stride;  ///< elements from one segment of a row to the next
  int segments;                   ///< >= 1
  int k;                          ///< products in a segment, >= 1
  int chain;                      ///< products in a chain, >= 1
  int rows;                       ///< of a line; any number >= 0
  int lines = 1;                  ///< >= 1
  std::ptrdiff_t line_stride;     ///< elements from the first row of a line of A to the next's
  int columns;                    ///< a multiple of 8, > 0
  /// Panels [segments][k][16] of GemmEntry::b, contiguous, 32-byte aligned; the last one has 8
  /// columns, [segments][k][8], if `columns` is no multiple of 16.
  const void* b;
  std::ptrdiff_t panel_stride;  ///< numbers from one panel to the next
  E* c;                         ///< row 0 of C, 64-byte aligned
  std::ptrdiff_t ldc;           ///< elements from one row of C to the next, a multiple of 16
  bool accumulate;              ///< add to what C holds; otherwise C is overwritten
  const void* next_b;           ///< B of the next call, a hint to fetch it early; or null
  bool far;                     ///< A is not in L2; likewise
  /// Where finished rows go, or null. Only for sets whose GemmEntry says `finishes`, and for
  /// columns that all are output channels.
  const GemmTarget* target;
};
using GemmArgs = GemmArgsOf<float>;

/// One GEMM of a kernel set.
template <class E>
struct GemmEntryOf {
  const char* name;                        ///< of its micro-kernel, e.g. "6x16_avx2"
  int mr;                                  ///< rows of its register block
  int panels;                              ///< that it multiplies at once
  bool finishes;                           ///< heeds GemmArgs::target
  DataType b;                              ///< type of B; A and C are E
  void (*run)(const GemmArgsOf<E>& args);  ///< null: there is none
};
using GemmEntry = GemmEntryOf<float>;

/// A strip of image as the transforms see it. Positions outside the valid ranges are zeros and are
/// never read; position (row, col) inside has its channels (one lane block) at
/// base + (row - row_begin) * row_stride + (col - col_begin) * col_stride.
template <class E>
struct StripViewOf {
  const E* base;  ///< of the first valid position
  std::ptrdiff_t row_stride;
  std::ptrdiff_t col_stride;
  int row_begin, row_end;
  int col_begin, col_end;
};
using StripView = StripViewOf<float>;

/// Destination of the vertical output pass in NHWC: (row, col) has its lane block at
/// dst + row * row_stride + col * col_stride. `residual` has the same strides, or is null.
template <class E>
struct OutputTargetOf {
  E* dst;
  const E* residual;
  std::ptrdiff_t row_stride;
  std::ptrdiff_t col_stride;
  bool stream;  ///< with streaming stores; dst and the strides are multiples of 64 bytes
  Epilogue epilogue;
};
using OutputTarget = OutputTargetOf<float>;

/// The 1-D passes of F(m, r) along one axis. A 2-D transform is a vertical pass of one axis
/// class and a horizontal pass of another; any two combine. Scratch is [col][alpha_h][16].
template <class E>
struct AxisKernelsOf {
  /// Bᵀ along columns: view (alpha rows, `cols` columns) -> scratch.
  void (*input_vertical)(const StripViewOf<E>& view, int cols, E* scratch);
  /// Bᵀ along rows: scratch -> V. Tile t, frequency (i, j) goes to
  /// v + offsets[i * alpha + j] + t * tile_stride, 16 elements.
  void (*input_horizontal)(const E* scratch, int alpha_h, int tiles, E* v,
                           const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride);
  /// Aᵀ along rows: M (addressed as V above) -> scratch.
  void (*output_horizontal)(const E* m, const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride,
                            int alpha_h, int tiles, E* scratch);
  /// Aᵀ along columns, straight into a full lane block of an NHWC image, with the epilogue.
  void (*output_vertical)(const E* scratch, int cols, const OutputTargetOf<E>& target);
  /// Aᵀ along columns, without epilogue, for a row writer: output (row, col) goes to
  /// staging + row * row_stride + col * 16.
  void (*output_vertical_raw)(const E* scratch, int cols, E* staging, std::ptrdiff_t row_stride);
  /// The two input passes of the odd rows and columns of a family with stride 2, which do without
  /// the last frequency: alpha - 1 for alpha. Null in the other families.
  void (*odd_input_vertical)(const StripViewOf<E>& view, int cols, E* scratch);
  void (*odd_input_horizontal)(const E* scratch, int alpha_h, int tiles, E* v,
                               const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride);
};
using AxisKernels = AxisKernelsOf<float>;

/// One row of pixels from staging ([cols][.], `stride` elements from pixel to pixel) to the image.
/// Staging is readable for whole lane blocks and for `cols` rounded up to 16 pixels.
template <class E>
struct RowWriteArgsOf {
  const E* staging;
  std::ptrdiff_t stride;
  int cols;
  int channels;  ///< >= 1; in NCHW <= 16
  E* dst;
  const E* residual;              ///< or null; strides as dst
  std::ptrdiff_t pixel_stride;    ///< NHWC: elements from pixel to pixel (channels adjacent)
  std::ptrdiff_t channel_stride;  ///< NCHW: elements from channel to channel (pixels adjacent)
  bool stream;                    ///< with streaming stores where whole lines are written
  Epilogue epilogue;
};
using RowWriteArgs = RowWriteArgsOf<float>;

/// One row of pixels of an image -> staging. Writes `channels` elements per pixel and zeros up to
/// `fill`. May read on behind a row (NCHW: of a channel plane) up to `readable_end` (exclusive),
/// which lets full vectors be loaded at the end of it.
template <class E>
struct RowReadArgsOf {
  const E* src;
  std::ptrdiff_t pixel_stride;    ///< NHWC: elements from pixel to pixel (channels adjacent)
  std::ptrdiff_t channel_stride;  ///< NCHW: elements from channel to channel (pixels adjacent)
  const E* readable_end;
  int cols;
  int channels;  ///< 1..EdgeKernels::most_channels
  int fill;      ///< >= channels
  E* staging;
  std::ptrdiff_t stride;  ///< elements from pixel to pixel in staging
};
using RowReadArgs = RowReadArgsOf<float>;

/// The readers and writers of a layout: all that knows it below src/.
template <class E>
struct EdgeKernelsOf {
  void (*read_row)(const RowReadArgsOf<E>& args);
  void (*write_row)(const RowWriteArgsOf<E>& args);
  int most_channels;  ///< that read_row takes at a time
  /// Channels of a pixel are adjacent: transforms and GEMMs may read and write whole lane blocks in
  /// the image itself.
  bool in_place;
};
using EdgeKernels = EdgeKernelsOf<float>;

/// Depthwise convolution of a rectangle of output pixels, with channels in lanes:
///   target(y, x)[c] = epilogue(sum over i, j of
///       in[y * row_step + i * tap_row + x * col_step + j * tap_col + c] * w(c, i, j))
/// where w(c, i, j) = weights[c / 16 * weights_block + i * weights_row + j * 16 + c % 16]. Nothing
/// here knows of padding: outputs that miss taps are rectangles of their own, with the taps they
/// have. With f16 tensors and arithmetic on floats E is F16; then `target` does not stream, and its
/// epilogue clamps().
template <class E>
struct DepthwiseArgsOf {
  const E* in;
  std::ptrdiff_t row_step, col_step;  ///< elements from what an output reads to what the next does
  std::ptrdiff_t tap_row, tap_col;
  int kernel_h, kernel_w;  ///< >= 0
  const float* weights;
  std::ptrdiff_t weights_row, weights_block;
  int rows, cols;
  int channels;  ///< any number; nothing behind them is read or written
  bool far;      ///< `in` is not in L2; a hint to fetch it early
  OutputTargetOf<E> target;
};
using DepthwiseArgs = DepthwiseArgsOf<float>;

/// Floats from a staged pixel to the next where groups are small: a lane block alone, or 8 and one
/// more, so that pixels do not fall into the same set of L1. They are constants because these
/// kernels read 16 neighbouring pixels with every weight.
inline constexpr int kNarrowPixel = kLaneBlock, kWidePixel = 9 * kLaneBlock;

/// Convolution of one row of outputs of a lane block, whose channels are in groups of 4, 8 or 16
/// inputs and as many outputs:
///   sums[x * pixel + o] = sum over i, j, c of
///       in[i * dilation_h * row + (x * stride_w + j * dilation_w) * pixel + first + c]
///       * weights[((i * kernel_w + j) * group + c) * 16 + o],   first = o / group * group
struct GroupRowArgs {
  const float* in;
  std::ptrdiff_t row;  ///< floats from a row of pixels to the next
  int pixel;           ///< kNarrowPixel or kWidePixel; of sums, too
  int stride_w, dilation_h, dilation_w;
  int kernel_h, kernel_w;
  int group;  ///< 4, 8 or 16
  const float* weights;
  int cols;     ///< of outputs
  float* sums;  ///< for all of them
};

/// Depthwise convolution in NCHW of 3 x 3 taps at stride 1, with pixels in lanes:
///   dst[c * dst_channel + y * dst_row + x] = epilogue(sum over i, j of
///       src(c, first_row + y + i * dilation_h, first_col + x + j * dilation_w)
///       * weights[(i * 3 + j) * 16 + c])
/// where src(c, row, col) = src[c * src_channel + row * src_row + col], and zero outside of
/// [0, h) x [0, w).
struct DepthwisePlaneArgs {
  const float* src;
  std::ptrdiff_t src_row, src_channel;
  int h, w;
  int first_row, first_col;
  int dilation_h, dilation_w;
  const float* weights;
  int channels;    ///< 1..16
  int rows, cols;  ///< of outputs
  float* dst;
  const float* residual;  ///< or null; laid out as dst, may be dst
  std::ptrdiff_t dst_row, dst_channel;
  /// Scratch: `pitch` for each of the rows + 2 * dilation_h that a channel's outputs read, and 16
  /// more.
  float* staging;
  std::ptrdiff_t pitch;  ///< cols and 2 * dilation_w, each rounded up to 16
  Epilogue epilogue;
};

/// Direct convolution of one output row of up to 16 channels, in NCHW:
///   dst[o * channel_stride + x] = epilogue(sum over k of in[at(k) + x] * weights[k][o])
///   at(k) = k / chain * chain_stride + offsets[k % chain]
/// Chained summation, as in a GEMM. `in` is readable for 16 floats behind the last pixel of a row.
struct PlaneRowArgs {
  const float* in;
  const std::ptrdiff_t* offsets;
  int products;                 ///< of a sum, >= 1
  int chain;                    ///< products in a chain, >= 1
  std::ptrdiff_t chain_stride;  ///< floats from a product to the same one of the next chain
  const float* weights;
  int weights_stride;  ///< floats from one k to the next
  int cols;
  int outputs;  ///< 1..16
  float* dst;
  const float* residual;  ///< or null; laid out as dst, may be dst
  std::ptrdiff_t channel_stride;
  bool stream;  ///< with streaming stores; dst is a multiple of 64 bytes, channel_stride of 16
  Epilogue epilogue;
};

/// Numbers of 16 bits, `count` in each of some rows, and the same as floats. Strides from row to
/// row in numbers.
struct WidenArgs {
  const std::uint16_t* from;
  std::ptrdiff_t from_stride;
  float* to;
  std::ptrdiff_t to_stride;
  int rows;
  std::ptrdiff_t count;
};
struct NarrowArgs {
  const float* from;
  std::ptrdiff_t from_stride;
  std::uint16_t* to;
  std::ptrdiff_t to_stride;
  int rows;
  std::ptrdiff_t count;
};

/// A type of 16 bits that tensors are stored in.
struct StorageKernels {
  void (*widen)(const WidenArgs& args);  ///< exact
  /// Rounds to the nearest, ties to even; what is too large becomes infinite, and a NaN stays one.
  void (*narrow)(const NarrowArgs& args);
};

/// What things cost on CPUs of an instruction set, for the choice of an algorithm, in cycles.
/// Fitted by tools/fit_cost_model to what tools/selection_regret measures.
struct CostModel {
  double start;                      ///< of a run: schedule, offsets, cold code
  double gemm;                       ///< of Winograd's GEMM, over two fma a cycle
  double gemm_start;                 ///< products that a micro-tile's start and end cost
  double gemm_call;                  ///< of one for a frequency of a block of tiles
  double direct_gemm;                ///< the same for direct: shorter rows, less balanced
  double direct_start;               ///< with the epilogue
  double narrow;                     ///< times direct_gemm, if columns fill one vector or less
  double planes, planes_start;       ///< likewise, direct in planes
  double transform;                  ///< per frequency and vector
  double large_input, large_output;  ///< the same for tiles of 8 x 8 and more
  double nchw_input, nchw_output;    ///< transposes, added to these: per pixel of a tile and vector
  double large_nchw;                 ///< times these for tiles of 8 x 8 and more
  double strip;                      ///< per strip of tiles and vector, each way
  double nchw_direct_in;             ///< per pixel and vector
  double nchw_direct_out;            ///< per pixel and channel, over two fma a cycle
  double line_of_l3, line_of_memory;  ///< of U that does not stay in L2
  double latency_rows;                ///< fewer rows take as long: the latency of fma
  double depthwise_tap;               ///< per output, vector and tap
  double depthwise_finish;            ///< per output and vector
  double depthwise_staged;            ///< per pixel of src and dst and vector, if rows are staged
  double group_product;               ///< of small groups: per output, vector and product
};

/// What Winograd convolution computes with, in an arithmetic on E.
template <class E>
struct WinogradKernels {
  GemmEntryOf<E> winograd;
  AxisKernelsOf<E> axis[kAxisFamilies][kMaxTile];  ///< [family][m - 1], m <= family's M
  EdgeKernelsOf<E> edge[kLayouts];                 ///< by Layout

  const EdgeKernelsOf<E>& edges(Layout layout) const { return edge[static_cast<int>(layout)]; }
};

/// Every kernel of one instruction set: a static table, which kernels/<arch>/kernel_set_<isa>.cpp
/// returns from `const KernelSet* kernel_set_<isa>() noexcept`. src/runtime/kernel_sets.cpp lists
/// them.
struct KernelSet : WinogradKernels<float> {
  Isa isa;
  int lanes;  ///< floats of a vector
  GemmEntry direct;
  GemmEntry winograd_half;  ///< of U in f16; without it U is widened first
  void (*depthwise)(const DepthwiseArgs& args);
  void (*depthwise_half)(const DepthwiseArgsOf<F16>& args);  ///< null: tensors are widened first
  void (*depthwise_plane)(const DepthwisePlaneArgs& args);
  void (*group_row)(const GroupRowArgs& args);
  int largest_group;  ///< channels of the largest for which group_row is quicker than the GEMM
  /// Null where the GEMM is quicker even so: on ARM, which multiplies by a lane and has to load
  /// broadcasts.
  void (*plane_row)(const PlaneRowArgs& args);
  StorageKernels storage[kDataTypes];  ///< by DataType; that of f32 is empty
  CostModel cost;
  /// Arithmetic on f16, with vectors of twice as many; null if the set has none.
  const WinogradKernels<F16>* half;
  /// Orders streaming stores before what follows; null if the set has none.
  void (*stream_fence)();

  /// In the arithmetic on E, which the set has.
  template <class E>
  const WinogradKernels<E>& of() const {
    if constexpr (std::is_same_v<E, F16>) {
      return *half;
    } else {
      return *this;
    }
  }
  template <class E>
  auto depthwise_of() const {
    if constexpr (std::is_same_v<E, F16>) {
      return depthwise_half;
    } else {
      return depthwise;
    }
  }
  const StorageKernels& storage_of(DataType type) const { return storage[static_cast<int>(type)]; }
  /// The GEMM for U of a type; if it takes another one in GemmEntry::b, U is to be widened to that.
  const GemmEntry& winograd_of(DataType type) const {
    return type == winograd_half.b && winograd_half.run != nullptr ? winograd_half : winograd;
  }
  /// The same for an arithmetic on E.
  template <class E>
  const GemmEntryOf<E>& winograd_in(DataType type) const {
    if constexpr (std::is_same_v<E, F16>) {
      return half->winograd;
    } else {
      return winograd_of(type);
    }
  }
};

}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_CONTRACT_KERNEL_SET_HPP
