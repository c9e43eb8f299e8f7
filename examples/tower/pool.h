/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * An engine's thread pool, as small as it can be: parallel_for on threads that live as long as it.
 */
#ifndef TOWER_POOL_H
#define TOWER_POOL_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pool pool;

/* With `threads` - 1 threads of its own: the caller's works too. NULL if they cannot be had. */
pool* pool_create(int threads);
int pool_threads(const pool* p);

/* Calls task(argument, i) for each i in [0, count) and returns when all have returned. The
 * signature is that of winograd_parallel_for, so that a pool is an executor's context. Not for two
 * callers at once. */
void pool_parallel_for(void* pool, int count, void (*task)(void* argument, int index),
                       void* argument);

void pool_destroy(pool* p);

#ifdef __cplusplus
}
#endif

#endif
