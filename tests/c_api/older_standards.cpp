// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Projects in C++98 to C++14 use the C interface: it compiles, without a warning, as the oldest.
#include "winograd/openmp.h"
#include "winograd/winograd.h"

int main() {
  winograd_conv2d_desc desc;
  winograd_conv2d_desc_init(&desc, sizeof desc);
  desc.in_channels = desc.out_channels = 1;
  desc.height = desc.width = 3;
  return winograd_conv2d_validate(&desc).code;
}
