// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_KERNELS_COMMON_TRANSPOSE_4X4_HPP
#define WINOGRAD_KERNELS_COMMON_TRANSPOSE_4X4_HPP

#include <xsimd/xsimd.hpp>

#include "kernels/common/isa_namespace.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// Four vectors of four lanes, by two rounds of interleaving (UNPCK on x86, ZIP on ARM).
template <class Arch>
[[gnu::always_inline]] inline void transpose_rows(xsimd::batch<float, Arch> (&rows)[4]) {
  const auto a = zip_lo(rows[0], rows[2]);
  const auto b = zip_hi(rows[0], rows[2]);
  const auto c = zip_lo(rows[1], rows[3]);
  const auto d = zip_hi(rows[1], rows[3]);
  rows[0] = zip_lo(a, c);
  rows[1] = zip_hi(a, c);
  rows[2] = zip_lo(b, d);
  rows[3] = zip_hi(b, d);
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_TRANSPOSE_4X4_HPP
