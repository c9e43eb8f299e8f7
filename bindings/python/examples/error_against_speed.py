#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""What does speed cost in accuracy? Every algorithm at every level of accuracy on one layer, as a
picture: rounding error against a float64 reference, over the speed-up against direct convolution.

    python3 error_against_speed.py picture.png
"""

import argparse
import sys
import time

import numpy as np
import winograd

ALGORITHMS = ["direct", "winograd_f2", "winograd_f3", "winograd_f4", "winograd_f6"]
ACCURACIES = ["strict", "standard", "relaxed"]


# %% A layer as networks have it: the input of mean zero, the weights He-normal.
def make_layer(channels, size):
    rng = np.random.default_rng(1)
    x = rng.uniform(-1, 1, (1, channels, size, size)).astype(np.float32)
    w = rng.standard_normal((channels, channels, 3, 3)) * np.sqrt(2 / (9 * channels))
    return x, w.astype(np.float32)


# %% The reference: the formula, in float64.
def reference(x, w):
    x, w = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))).astype(np.float64), w.astype(np.float64)
    size = x.shape[2] - 2
    taps = [(i, j) for i in range(3) for j in range(3)]
    return sum(
        np.tensordot(w[:, :, i, j], x[0, :, i : i + size, j : j + size], 1) for i, j in taps
    )[None]


# %% Times by turns, of this thread alone: what else the machine does, it does to all of them. The best
# round counts.
def measure(plans, x, rounds):
    best = {key: float("inf") for key in plans}
    out = {key: plan.run(x) for key, plan in plans.items()}
    for _ in range(rounds):
        for key, plan in plans.items():
            start = time.thread_time()
            plan.run(x, out[key])
            best[key] = min(best[key], time.thread_time() - start)
    return best, out


def draw(points, title, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for accuracy, marker in zip(ACCURACIES, "sod"):
        own = [p for p in points if p[1] == accuracy]
        axes.plot([p[2] for p in own], [p[3] for p in own], marker, label=accuracy, alpha=0.8)
    for algorithm, accuracy, speed, error in points:
        if accuracy == "standard":
            axes.annotate(algorithm, (speed, error), (6, 4), textcoords="offset points", fontsize=9)
    axes.set(yscale="log", xlabel="times as fast as direct convolution", title=title,
             ylabel="RMS(error) / RMS(output)")
    axes.margins(x=0.15, y=0.15)
    axes.grid(True, which="both", alpha=0.25)
    axes.legend(title="accuracy")
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", help="file to write, .png or .svg")
    parser.add_argument("--channels", type=int, default=128)
    parser.add_argument("--size", type=int, default=56)
    parser.add_argument("--quick", action="store_true", help="a small layer, few rounds")
    arguments = parser.parse_args()
    channels, size, rounds = arguments.channels, arguments.size, 15
    if arguments.quick:
        channels, size, rounds = 16, 24, 2

    x, w = make_layer(channels, size)
    exact = reference(x, w)
    plans = {
        (algorithm, accuracy): winograd.Plan(x, w, padding=1, algorithm=algorithm, accuracy=accuracy)
        for algorithm in ALGORITHMS
        for accuracy in ACCURACIES
    }
    seconds, out = measure(plans, x, rounds)
    points = []
    print(f"{'algorithm':<14}{'accuracy':<10}{'ms':>8}{'speed-up':>10}{'RMS error':>11}")
    for key in plans:
        error = np.sqrt(np.mean((out[key] - exact) ** 2) / np.mean(exact**2))
        speed = seconds["direct", "standard"] / seconds[key]
        points.append((*key, speed, error))
        print(f"{key[0]:<14}{key[1]:<10}{seconds[key] * 1e3:8.3f}{speed:10.2f}{error:11.2e}")
    automatic = winograd.Plan(x, w, padding=1).info()
    print(f"automatic: {automatic.algorithm} ({automatic.reason})")
    try:
        draw(points, f"3x3, {channels}x{size}x{size} -> {channels}, {automatic.isa}",
             arguments.picture)
    except ImportError:
        print("matplotlib is not installed: no picture", file=sys.stderr)
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
