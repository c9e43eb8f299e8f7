// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Files in kernels/ are compiled once for each instruction set, with different flags. Everything
// they define sits in an inline namespace named after the set, so that the linker can never pick
// the AVX2 body of an inline function for a caller that must run without AVX2.
#ifndef WINOGRAD_KERNELS_SIMD_ISA_NAMESPACE_HPP
#define WINOGRAD_KERNELS_SIMD_ISA_NAMESPACE_HPP

#ifndef WINOGRAD_ISA_NAMESPACE
#define WINOGRAD_ISA_NAMESPACE isa_generic
#endif

#endif  // WINOGRAD_KERNELS_SIMD_ISA_NAMESPACE_HPP
