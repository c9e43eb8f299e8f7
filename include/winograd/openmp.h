/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0 */
#ifndef WINOGRAD_OPENMP_H
#define WINOGRAD_OPENMP_H

#include "winograd/export.h"
#include "winograd/winograd.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fills `executor`, whose struct_size the caller has set, with one on OpenMP's threads (library
 * winograd_openmp). `threads` <= 0 means omp_get_max_threads() at the time of this call. Not for a
 * child that was forked after OpenMP's threads were started; see winograd/openmp.hpp. */
WINOGRAD_API winograd_status winograd_openmp_executor(int threads, winograd_executor* executor);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* WINOGRAD_OPENMP_H */
