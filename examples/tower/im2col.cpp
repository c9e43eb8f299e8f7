// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The tower as many engines have it before they have a convolution library: the patches of a block
// of outputs gathered into a matrix, one matrix product by Eigen, and the rest in a last pass. The
// batch normalisation is in the weights here, too.
#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include "tower.h"

namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Rows = Eigen::Map<RowMajor, 0, Eigen::OuterStride<>>;

/// Outputs that are multiplied at once: patches of 256 channels then take 1 to 2 MiB.
constexpr int kBlock = 192;

struct Layer {
  step s;
  RowMajor weights;  ///< [K, C * taps]
  std::vector<float> shift;
};

}  // namespace

struct im2col {
  int batch = 1;
  pool* threads = nullptr;
  std::vector<Layer> layers;
  std::vector<std::vector<float>> tensors;
  std::vector<RowMajor> patches;  ///< one for each task
};

namespace {

/// Row c * taps + t, for outputs [begin, end) of one image.
void gather(const step& s, const float* image, int begin, int end, Rows& to) {
  const int pixels = s.size * s.size, taps = s.kernel * s.kernel, edge = s.kernel / 2;
  for (int c = 0; c < s.in_channels; ++c) {
    const float* const plane = image + std::ptrdiff_t{c} * pixels;
    for (int t = 0; t < taps; ++t) {
      const int dy = t / s.kernel - edge, dx = t % s.kernel - edge;
      float* out = to.row(c * taps + t).data();
      for (int pixel = begin; pixel < end;) {
        const int y = pixel / s.size, x = pixel % s.size;
        const int run = std::min(s.size - x, end - pixel);  // the rest of this row
        const int from = y + dy;
        if (from < 0 || from >= s.size) {
          std::fill_n(out, run, 0.0F);
        } else {
          const float* const row = plane + from * s.size + dx;
          const int first = std::clamp(-dx - x, 0, run), last = std::clamp(s.size - dx - x, 0, run);
          std::fill(out, out + first, 0.0F);
          std::copy(row + x + first, row + x + last, out + first);
          std::fill(out + last, out + run, 0.0F);
        }
        out += run;
        pixel += run;
      }
    }
  }
}

struct Job {
  im2col* self;
  const Layer* layer;
  int tasks;
};

/// Items are blocks of outputs of an image; each task takes every tasks-th.
void work(void* argument, int task) {
  const Job& job = *static_cast<const Job*>(argument);
  const Layer& layer = *job.layer;
  const step& s = layer.s;
  const int pixels = s.size * s.size;
  // Of equal size, an even number where that can be: so that two threads have the same to do.
  const int blocks = pixels < 2 ? 1 : 2 * ((pixels + 2 * kBlock - 1) / (2 * kBlock));
  const auto depth = layer.weights.cols();
  for (int item = task; item < job.self->batch * blocks; item += job.tasks) {
    const int n = item / blocks, block = item % blocks;
    const int begin = pixels * block / blocks, end = pixels * (block + 1) / blocks;
    const float* const image =
        job.self->tensors[s.src].data() + std::ptrdiff_t{n} * s.in_channels * pixels;
    float* const out =
        job.self->tensors[s.dst].data() + std::ptrdiff_t{n} * s.out_channels * pixels + begin;
    Rows sums(out, s.out_channels, end - begin, Eigen::OuterStride<>(pixels));
    RowMajor before;
    if (s.residual != 0) before = sums;
    if (s.kernel == 1) {
      const Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>> source(
          image + begin, depth, end - begin, Eigen::OuterStride<>(pixels));
      sums.noalias() = layer.weights * source;
    } else {
      Rows patches(job.self->patches[static_cast<std::size_t>(task)].data(), depth, end - begin,
                   Eigen::OuterStride<>(end - begin));
      gather(s, image, begin, end, patches);
      sums.noalias() = layer.weights * patches;
    }
    for (int k = 0; k < s.out_channels; ++k) {
      auto row = sums.row(k).array();
      row += layer.shift[static_cast<std::size_t>(k)];
      if (s.residual != 0) row += before.row(k).array();
      if (s.relu != 0) row = row.max(0.0F);
    }
  }
}

int tasks_of(const im2col& t) { return t.threads == nullptr ? 1 : pool_threads(t.threads); }

}  // namespace

im2col* im2col_create(const network* net, int batch, pool* threads) {
  try {
    auto self = std::make_unique<im2col>();
    self->batch = batch;
    self->threads = threads;
    Eigen::Index most = 0;
    for (int i = 0; i < net->count; ++i) {
      const step& s = net->steps[i];
      Layer layer{s, RowMajor(s.out_channels, s.in_channels * s.kernel * s.kernel),
                  std::vector<float>(static_cast<std::size_t>(s.out_channels))};
      Eigen::VectorXf scale(s.out_channels);
      step_weights(net, i, layer.weights.data(), scale.data(), layer.shift.data());
      layer.weights.array().colwise() *= scale.array();
      if (s.kernel > 1) most = std::max(most, layer.weights.cols());
      self->layers.push_back(std::move(layer));
    }
    self->patches.assign(static_cast<std::size_t>(tasks_of(*self)), RowMajor(most, kBlock));
    for (int i = 0; i < TENSOR_COUNT; ++i) {
      self->tensors.emplace_back(tensor_size(net, static_cast<tensor_name>(i)) *
                                 static_cast<std::size_t>(batch));
    }
    return self.release();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

float* im2col_tensor(im2col* t, tensor_name name) { return t->tensors[name].data(); }

void im2col_run(im2col* t) {
  for (const Layer& layer : t->layers) {
    Job job{t, &layer, tasks_of(*t)};
    if (t->threads == nullptr) {
      work(&job, 0);
    } else {
      pool_parallel_for(t->threads, job.tasks, work, &job);
    }
  }
}

void im2col_destroy(im2col* t) { delete t; }
