/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0 */
#include "tests/c_api/conv2d_naive.h"

static double at(const winograd_conv2d_desc* d, const float* channel, int64_t y, int64_t x) {
  return y < 0 || y >= d->height || x < 0 || x >= d->width ? 0 : channel[y * d->width + x];
}

void conv2d_naive(const winograd_conv2d_desc* d, const float* src, const float* weights,
                  const float* bias, const float* residual, double* dst) {
  const int64_t out_h =
      (d->height + d->pad_top + d->pad_bottom - (d->kernel_h - 1) * d->dilation_h - 1) /
          d->stride_h +
      1;
  const int64_t out_w =
      (d->width + d->pad_left + d->pad_right - (d->kernel_w - 1) * d->dilation_w - 1) /
          d->stride_w +
      1;
  const int64_t group_c = d->in_channels / d->groups;
  const int64_t group_k = d->out_channels / d->groups;
  for (int64_t n = 0; n < d->batch; ++n) {
    for (int64_t k = 0; k < d->out_channels; ++k) {
      const int64_t first_c = k / group_k * group_c;
      for (int64_t y = 0; y < out_h; ++y) {
        for (int64_t x = 0; x < out_w; ++x) {
          const int64_t index = ((n * d->out_channels + k) * out_h + y) * out_w + x;
          double sum = bias == 0 ? 0 : bias[k];
          if (residual != 0) sum += residual[index];
          for (int64_t c = 0; c < group_c; ++c) {
            const float* channel = src + (n * d->in_channels + first_c + c) * d->height * d->width;
            for (int64_t i = 0; i < d->kernel_h; ++i) {
              for (int64_t j = 0; j < d->kernel_w; ++j) {
                sum += (double)weights[((k * group_c + c) * d->kernel_h + i) * d->kernel_w + j] *
                       at(d, channel, y * d->stride_h + i * d->dilation_h - d->pad_top,
                          x * d->stride_w + j * d->dilation_w - d->pad_left);
              }
            }
          }
          dst[index] = d->activation == WINOGRAD_ACTIVATION_RELU && sum < 0 ? 0 : sum;
        }
      }
    }
  }
}
