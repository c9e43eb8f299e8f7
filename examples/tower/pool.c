/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

struct pool {
  pthread_mutex_t mutex;
  pthread_cond_t work, done;
  void (*task)(void*, int);
  void* argument;
  int next, count, unfinished; /* of the tasks at hand */
  int stop;
  int threads;
  int started; /* of the pool's own */
  pthread_t* ids;
};

/* Takes tasks until there are none. The mutex is held, but not while a task runs. */
static void work_off(pool* p) {
  while (p->next < p->count) {
    const int index = p->next++;
    void (*const task)(void*, int) = p->task;
    void* const argument = p->argument;
    pthread_mutex_unlock(&p->mutex);
    task(argument, index);
    pthread_mutex_lock(&p->mutex);
    if (--p->unfinished == 0) pthread_cond_signal(&p->done);
  }
}

static void* thread_main(void* argument) {
  pool* const p = argument;
  pthread_mutex_lock(&p->mutex);
  while (!p->stop) {
    work_off(p);
    if (!p->stop) pthread_cond_wait(&p->work, &p->mutex);
  }
  pthread_mutex_unlock(&p->mutex);
  return NULL;
}

pool* pool_create(int threads) {
  pool* const p = calloc(1, sizeof *p);
  if (p == NULL) return NULL;
  p->threads = threads < 1 ? 1 : threads;
  pthread_mutex_init(&p->mutex, NULL);
  pthread_cond_init(&p->work, NULL);
  pthread_cond_init(&p->done, NULL);
  p->ids = calloc((size_t)p->threads, sizeof *p->ids);
  while (p->ids != NULL && p->started < p->threads - 1 &&
         pthread_create(&p->ids[p->started], NULL, thread_main, p) == 0) {
    ++p->started;
  }
  if (p->ids != NULL && p->started == p->threads - 1) return p;
  pool_destroy(p);
  return NULL;
}

int pool_threads(const pool* p) { return p->threads; }

void pool_parallel_for(void* context, int count, void (*task)(void*, int), void* argument) {
  pool* const p = context;
  pthread_mutex_lock(&p->mutex);
  p->task = task;
  p->argument = argument;
  p->next = 0;
  p->count = p->unfinished = count;
  pthread_cond_broadcast(&p->work);
  work_off(p);
  while (p->unfinished > 0) pthread_cond_wait(&p->done, &p->mutex);
  pthread_mutex_unlock(&p->mutex);
}

void pool_destroy(pool* p) {
  if (p == NULL) return;
  pthread_mutex_lock(&p->mutex);
  p->stop = 1;
  pthread_cond_broadcast(&p->work);
  pthread_mutex_unlock(&p->mutex);
  for (int i = 0; i < p->started; ++i) pthread_join(p->ids[i], NULL);
  free(p->ids);
  pthread_cond_destroy(&p->done);
  pthread_cond_destroy(&p->work);
  pthread_mutex_destroy(&p->mutex);
  free(p);
}
