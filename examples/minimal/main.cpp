// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A 3x3 blur of an image with one bright pixel, once through a plan. Exits with 0 when the nine
// pixels around it come out as they must.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <vector>

#include "winograd/conv2d.hpp"
#include "winograd/workspace_buffer.hpp"

namespace {

int fail(const winograd::Status& status) {
  std::fprintf(stderr, "%s: %s\n", winograd::to_string(status.code()), status.message());
  return 1;
}

}  // namespace

int main() {
  winograd::Conv2dDesc desc;
  desc.in_channels = desc.out_channels = 1;
  desc.height = desc.width = 8;
  desc.set_padding(1);

  const std::vector<float> weights(9, 1.0F / 8);
  const auto plan = winograd::Conv2dPlan::create(desc, {}, weights.data(), nullptr);
  if (!plan) return fail(plan.status());

  winograd::WorkspaceBuffer workspace;
  if (const auto status = workspace.reserve(*plan, 1); !status) return fail(status);

  std::vector<float> src(64, 0.0F);
  std::vector<float> dst(64, -1.0F);
  src[3 * 8 + 4] = 1;
  const winograd::Status status = plan->run(src.data(), dst.data(), workspace);
  if (!status) return fail(status);

  std::printf("%s: %s\n", plan->info().kernel, plan->info().reason);
  bool right = true;
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) {
      const float want = std::abs(y - 3) <= 1 && std::abs(x - 4) <= 1 ? 1.0F / 8 : 0.0F;
      right = right && std::abs(dst[static_cast<std::size_t>(y * 8 + x)] - want) < 1e-5F;
      std::printf("%6.3f", static_cast<double>(dst[static_cast<std::size_t>(y * 8 + x)]));
    }
    std::printf("\n");
  }
  return right ? 0 : 1;
}
