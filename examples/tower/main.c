/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * Checks the tower against the formula, then times it against im2col with Eigen, in turns.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tower.h"

typedef struct arguments {
  int blocks, channels, rounds;
} arguments;

static int usage(void) {
  puts(
      "Usage: tower [--blocks N] [--channels N] [--rounds N]\n"
      "\n"
      "  --blocks N    residual blocks (20)\n"
      "  --channels N  of the trunk (256)\n"
      "  --rounds N    of the measurement (9); 0: only check");
  return 2;
}

static int parse(int argc, char** argv, arguments* a) {
  for (int i = 1; i < argc; i += 2) {
    int* const field = strcmp(argv[i], "--blocks") == 0     ? &a->blocks
                       : strcmp(argv[i], "--channels") == 0 ? &a->channels
                       : strcmp(argv[i], "--rounds") == 0   ? &a->rounds
                                                            : NULL;
    char* end = NULL;
    if (field == NULL || i + 1 == argc) return 0;
    *field = (int)strtol(argv[i + 1], &end, 10);
    if (end == argv[i + 1] || *end != '\0' || *field < 0) return 0;
  }
  return 1;
}

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* One way to run the tower, and its best round: of wall time, and of CPU time of all threads. */
typedef struct entrant {
  const tower* ours;
  im2col* eigen;
  double wall, cpu;
} entrant;

static int run(const entrant* e) {
  if (e->ours == NULL) {
    im2col_run(e->eigen);
    return 1;
  }
  const winograd_status status = tower_run(e->ours);
  if (status.code != WINOGRAD_OK) fprintf(stderr, "%s\n", status.message);
  return status.code == WINOGRAD_OK;
}

static int measure(entrant* e) {
  const double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
  if (!run(e)) return 0;
  e->wall = fmin(e->wall, now(CLOCK_MONOTONIC) - wall);
  e->cpu = fmin(e->cpu, now(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  return 1;
}

static double relative_error(const float* got, const double* expected, size_t count) {
  double error = 0, square = 0;
  for (size_t i = 0; i < count; ++i) {
    const double difference = (double)got[i] - expected[i];
    error += difference * difference;
    square += expected[i] * expected[i];
  }
  return sqrt(error / square);
}

/* Both ways against the formula, for the last position of the batch. */
static int check(const network* net, const tower* t, im2col* eigen) {
  const size_t inputs = tensor_size(net, TENSOR_INPUT), moves = tensor_size(net, TENSOR_POLICY);
  const size_t last = (size_t)t->batch - 1;
  double* const policy = malloc(moves * sizeof *policy);
  double value = 0;
  if (policy == NULL ||
      !network_run_naive(net, t->tensors[TENSOR_INPUT] + last * inputs, policy, &value)) {
    free(policy);
    return 0;
  }
  const float* const outputs[2][2] = {
      {t->tensors[TENSOR_POLICY], t->tensors[TENSOR_VALUE]},
      {im2col_tensor(eigen, TENSOR_POLICY), im2col_tensor(eigen, TENSOR_VALUE)}};
  static const char* const names[2] = {"winograd", "im2col+Eigen"};
  int ok = 1;
  for (int i = 0; i < 2; ++i) {
    const double p = relative_error(outputs[i][0] + last * moves, policy, moves);
    const double v = relative_error(outputs[i][1] + last, &value, 1);
    /* Forty layers on top of each other, each with its own rounding. */
    const int good = p < 2e-5 && v < 1e-4;
    printf("%-13s against the formula in double: policy %.1e, value %.1e%s\n", names[i], p, v,
           good ? "" : "  TOO MUCH");
    ok = ok && good;
  }
  free(policy);
  return ok;
}

static int fail(const winograd_status* status) {
  fprintf(stderr, "tower: %s\n", status->message);
  return 0;
}

/* One size of the batch on so many threads; *serial is the time on one thread, which the first call
 * for a batch sets. */
static int compare(const network* net, const tower_weights* weights, int batch, int threads,
                   const arguments* a, double* serial) {
  pool* const p = threads > 1 ? pool_create(threads) : NULL;
  if (threads > 1 && p == NULL) return 0;
  tower* const t = calloc(1, sizeof *t);
  im2col* const eigen = im2col_create(net, batch, p);
  int ok = t != NULL && eigen != NULL;
  if (ok) {
    const winograd_status status = tower_create(t, weights, batch, p);
    ok = status.code == WINOGRAD_OK || fail(&status);
  }
  if (ok) {
    const size_t inputs = tensor_size(net, TENSOR_INPUT);
    for (int n = 0; n < batch; ++n) {
      random_position((unsigned)n, t->tensors[TENSOR_INPUT] + (size_t)n * inputs);
    }
    memcpy(im2col_tensor(eigen, TENSOR_INPUT), t->tensors[TENSOR_INPUT],
           inputs * (size_t)batch * sizeof(float));
    entrant ours = {t, NULL, INFINITY, INFINITY}, theirs = {NULL, eigen, INFINITY, INFINITY};
    ok = run(&ours) && run(&theirs);
    if (ok && batch == 1 && threads == 1) ok = check(net, t, eigen);
    for (int round = 0; ok && round < a->rounds; ++round) ok = measure(&ours) && measure(&theirs);
    if (ok && a->rounds > 0) {
      if (batch == 1 && threads == 1) {
        puts(
            "\nbatch threads  winograd ms  im2col+Eigen ms  ratio  by CPU time  speed-up by "
            "threads");
      }
      if (threads == 1) *serial = ours.wall;
      printf("%5d %7d %12.2f %16.2f %6.2f %12.2f %20.2f\n", batch, threads, ours.wall * 1e3,
             theirs.wall * 1e3, theirs.wall / ours.wall, theirs.cpu / ours.cpu,
             *serial / ours.wall);
    }
  }
  if (t != NULL) tower_destroy(t);
  free(t);
  im2col_destroy(eigen);
  pool_destroy(p);
  return ok;
}

int main(int argc, char** argv) {
  arguments a = {20, 256, 9};
  network* const net = malloc(sizeof *net);
  tower_weights* const weights = calloc(1, sizeof *weights);
  if (net == NULL || weights == NULL) return 1;
  if (!parse(argc, argv, &a) || !network_init(net, a.blocks, a.channels)) return usage();

  const winograd_status status = tower_weights_load(weights, net, 8);
  int ok = status.code == WINOGRAD_OK || fail(&status);
  if (ok) {
    size_t packed = 0, plain = 0;
    for (int i = 0; i < net->count; ++i) {
      packed += winograd_packed_weights_size_bytes(weights->packed[i]);
      plain += step_weights_size(&net->steps[i]) * sizeof(float);
    }
    const int middle = a.blocks > 0 ? 1 : 0;
    printf("%d blocks of 3x3x%d on %dx%d: %s on %s, weights %.1f MiB packed, %.1f MiB plain\n",
           a.blocks, a.channels, BOARD, BOARD,
           winograd_algorithm_name(winograd_packed_weights_algorithm(weights->packed[middle])),
           winograd_isa_name(winograd_packed_weights_isa(weights->packed[middle])),
           (double)packed / 1048576.0, (double)plain / 1048576.0);
    static const int batches[] = {1, 8};
    for (int i = 0; ok && i < 2; ++i) {
      double serial = 0;
      for (int threads = 1; ok && threads <= 2; ++threads) {
        ok = compare(net, weights, batches[i], threads, &a, &serial);
      }
    }
  }
  tower_weights_destroy(weights);
  free(weights);
  free(net);
  return ok ? 0 : 1;
}
