#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Draws the layers of a network against what the machine and the arithmetic allow.

Reads the JSON of winograd_bench (--benchmark_out) and writes a picture. For each layer: a bar of
what was reached, a line at the FMA peak (the bound of a direct convolution), a mark at the bound of
the chosen algorithm's arithmetic, and one at the bound of moving input, output and packed weights
once at the speed of a memory copy. Run by scripts/roofline.sh.
"""

import argparse
import json
import re

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

COLOURS = {
    "direct": "#8c8c8c",
    "winograd_f2": "#9ecae1",
    "winograd_f3": "#6baed6",
    "winograd_f4": "#2171b5",
    "winograd_f6": "#08306b",
}
PEER_MARKS = "ov^<>sD"


def split_name(name):
    """conv2d/<list>/<layer>/<algorithm>/<layout>/threads:<n>, or None."""
    parts = name.split("/")
    if len(parts) != 6 or parts[1] == "network":
        return None
    return dict(zip(("who", "list", "layer", "mode", "layout", "threads"), parts))


def short_layer(name):
    """64×56→64 from n1c64h56w56k64r3s1p1; a kernel other than 3, a stride and so on are appended."""
    fields = dict(re.findall(r"([a-wyz])([0-9x]+)", name))
    text = "{c}×{h}→{k}".format(**fields)
    if fields["r"] != "3":
        text += " r" + fields["r"]
    for key, default in (("s", "1"), ("d", "1"), ("g", "1"), ("n", "1")):
        if fields.get(key, default) != default:
            text += " " + key + fields[key]
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("json", help="output of winograd_bench --benchmark_out=FILE")
    parser.add_argument("picture", help="file to write: .png or .svg")
    parser.add_argument("--list", help="layer list (default: the first in the file)")
    parser.add_argument("--layout", help="default: the first in the file")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()

    with open(arguments.json, encoding="utf-8") as file:
        data = json.load(file)
    runs = [run for run in data["benchmarks"] if not run.get("error_occurred")]
    threads = f"threads:{arguments.threads}"
    by_name = {run["name"]: run for run in runs}
    peak = by_name[f"fma_peak/{threads}"]["gflops"]
    copy = by_name[f"memory_copy/{threads}"]["gbytes_per_second"]

    layers = {}  # layer -> {who: run}
    for run in runs:
        name = split_name(run["name"])
        if name is None or name["threads"] != threads:
            continue
        arguments.list = arguments.list or name["list"]
        arguments.layout = arguments.layout or name["layout"]
        if name["list"] == arguments.list and name["layout"] == arguments.layout:
            layers.setdefault(name["layer"], {})[name["who"]] = run
    layers = {layer: by for layer, by in layers.items() if "conv2d" in by}
    if not layers:
        parser.error(f"{arguments.json} has no layers of {arguments.list}, {threads}")

    figure, axes = plt.subplots(figsize=(max(7.0, 0.42 * len(layers) + 2.5), 5.2))
    used = set()
    for x, by in enumerate(layers.values()):
        ours = by["conv2d"]
        algorithm = ours["label"].split("_f32")[0].split(":")[0]
        # The yardstick of the layer's own rounds, so that the ratio is the measured one.
        own_peak = ours["gflops"] / ours["x_peak"]
        scale = peak / own_peak
        axes.bar(x, ours["gflops"] * scale, width=0.7, color=COLOURS.get(algorithm, "#41ab5d"),
                 label=None if algorithm in used else algorithm)
        used.add(algorithm)
        flops = ours["gflops"] * 1e9 * ours["real_time"] * 1e-3
        bandwidth = flops / (ours["compulsory_bytes"] / (copy * 1e9)) * 1e-9
        axes.hlines(ours["x_bound"] * peak, x - 0.42, x + 0.42, colors="#cb181d", linewidth=1.6,
                    label=None if x else "bound of its arithmetic")
        axes.hlines(bandwidth, x - 0.42, x + 0.42, colors="#fd8d3c", linewidth=1.6,
                    linestyles="dotted", label=None if x else "bound of memory, were nothing cached")
        for mark, who in zip(PEER_MARKS, sorted(set(by) - {"conv2d"})):
            peer = by[who]
            axes.plot(x, peer["gflops"] * scale, mark, color="black", markersize=4,
                      label=None if who in used else who)
            used.add(who)
    axes.axhline(peak, color="black", linewidth=1.0, label="FMA peak")
    axes.set_xticks(range(len(layers)), [short_layer(layer) for layer in layers], rotation=60,
                    ha="right", fontsize=8)
    axes.set_xlim(-0.7, len(layers) - 0.3)
    axes.set_ylim(0, 4.3 * peak)
    axes.set_ylabel("GFLOP/s, direct-equivalent")
    peaks = axes.secondary_yaxis("right", functions=(lambda v: v / peak, lambda v: v * peak))
    peaks.set_ylabel("× FMA peak")
    context = data["context"]
    figure.suptitle(
        f"{arguments.list}, {arguments.layout}, {arguments.threads} thread"
        f"{'' if arguments.threads == 1 else 's'}, fp32\n"
        f"{context['cpu']}, {context['isa']}, {context['compiler']}, {context['date'][:10]}; "
        f"copy {copy:.1f} GB/s", fontsize=9)
    axes.legend(fontsize=7, ncol=5, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    figure.tight_layout()
    figure.savefig(arguments.picture, dpi=130)


if __name__ == "__main__":
    main()
