// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_UPSCALE_FIGURES_HPP
#define WINOGRAD_UPSCALE_FIGURES_HPP

#include <vector>

#include "engine.hpp"
#include "upscale.hpp"

namespace winograd::upscale {

/// Prints times, speed-up, differences and memory to stdout, for people or as JSON.
void print_figures(const Result& result, std::vector<Engine>& engines, bool json);

/// Prints what ran each layer of an engine.
void print_report(Engine& engine);

}  // namespace winograd::upscale

#endif  // WINOGRAD_UPSCALE_FIGURES_HPP
