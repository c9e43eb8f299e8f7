// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Tensors in 16 bits: rows of f16 and bf16 to floats and back, for machines without instructions
// for it. Without branches, so that compilers make vectors of it; and without subnormal floats,
// which the caller may have chosen to flush to zero. By the builtin behind std::bit_cast, which the
// C++ library of emscripten 3.1.6 lacks.
#ifndef WINOGRAD_KERNELS_COMMON_STORAGE_HPP
#define WINOGRAD_KERNELS_COMMON_STORAGE_HPP

#include <cstddef>
#include <cstdint>

#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/isa_namespace.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

// A type for StorageRows has widen(number) and narrow(number), and `lanes`; if that is more than 1,
// also widen(from, to) and narrow(from, to), which convert so many numbers in memory.

/// IEEE 754 binary16.
struct Half {
  static constexpr int lanes = 1;

  static float widen(std::uint16_t half) {
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const std::uint32_t magnitude = (half & 0x7fffU) << 13;  // exponent and fraction in place
    const std::uint32_t normal = magnitude + (112U << 23);   // 127 - 15 more in the exponent
    // A subnormal is its fraction behind a 1 that stands for 2^-14, less that 1.
    const float above = __builtin_bit_cast(float, magnitude + (113U << 23));
    const auto subnormal = __builtin_bit_cast(std::uint32_t, above - 0x1p-14F);
    const std::uint32_t quiet = magnitude > kInfinity ? 0x400000U : 0U;
    const std::uint32_t not_finite = (magnitude + (224U << 23)) | quiet;
    const std::uint32_t finite = magnitude < (0x0400U << 13) ? subnormal : normal;
    return __builtin_bit_cast(float, sign | (magnitude < kInfinity ? finite : not_finite));
  }

  static std::uint16_t narrow(float value) {
    const auto bits = __builtin_bit_cast(std::uint32_t, value);
    const std::uint32_t sign = (bits >> 16) & 0x8000U;
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    // Half of the last place that stays, less one if that place is even; a carry moves on into the
    // exponent, and at the end of the range to infinity.
    const std::uint32_t odd = (magnitude >> 13) & 1U;
    const std::uint32_t normal = (magnitude - (112U << 23) + 0xfffU + odd) >> 13;
    // Below 2^-14 the last place is 2^-24, as of a float just above a half.
    const float above = __builtin_bit_cast(float, magnitude) + 0.5F;
    const std::uint32_t subnormal = __builtin_bit_cast(std::uint32_t, above) - (126U << 23);
    const std::uint32_t nan = 0x7e00U | ((magnitude >> 13) & 0x3ffU);
    const std::uint32_t not_finite = magnitude > 0x7f800000U ? nan : 0x7c00U;
    const std::uint32_t finite = magnitude < (113U << 23) ? subnormal : normal;
    return static_cast<std::uint16_t>(sign | (magnitude < (143U << 23) ? finite : not_finite));
  }

 private:
  static constexpr std::uint32_t kInfinity = 0x7c00U << 13;
};

/// The upper half of a float.
struct Bfloat {
  static constexpr int lanes = 1;

  static float widen(std::uint16_t upper) {
    return __builtin_bit_cast(float, static_cast<std::uint32_t>(upper) << 16);
  }

  static std::uint16_t narrow(float value) {
    const auto bits = __builtin_bit_cast(std::uint32_t, value);
    const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16;
    const std::uint32_t nan = (bits >> 16) | 0x40U;
    return static_cast<std::uint16_t>((bits & 0x7fffffffU) > 0x7f800000U ? nan : rounded);
  }
};

template <class Type>
struct StorageRows {
  static void widen(const WidenArgs& args) {
    const std::uint16_t* from = args.from;
    float* to = args.to;
    for (int row = 0; row < args.rows; ++row, from += args.from_stride, to += args.to_stride) {
      convert(from, args.count, to, [](auto... numbers) { return Type::widen(numbers...); });
    }
  }

  static void narrow(const NarrowArgs& args) {
    const float* from = args.from;
    std::uint16_t* to = args.to;
    for (int row = 0; row < args.rows; ++row, from += args.from_stride, to += args.to_stride) {
      convert(from, args.count, to, [](auto... numbers) { return Type::narrow(numbers...); });
    }
  }

 private:
  template <class From, class To, class Convert>
  [[gnu::always_inline]] static void convert(const From* from, std::ptrdiff_t count, To* to,
                                             const Convert& one_or_some) {
    constexpr int lanes = Type::lanes;
    if constexpr (lanes == 1) {
      for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = one_or_some(from[i]);
    } else {
      std::ptrdiff_t i = 0;
      for (; i + lanes <= count; i += lanes) one_or_some(from + i, to + i);
      if (i == count) return;
      From rest[lanes] = {};
      To converted[lanes];
      for (std::ptrdiff_t j = i; j < count; ++j) rest[j - i] = from[j];
      one_or_some(rest, converted);
      for (std::ptrdiff_t j = i; j < count; ++j) to[j] = converted[j - i];
    }
  }
};

template <class Type>
constexpr StorageKernels storage_kernels() {
  return {&StorageRows<Type>::widen, &StorageRows<Type>::narrow};
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_STORAGE_HPP
