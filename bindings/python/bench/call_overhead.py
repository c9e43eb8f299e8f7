#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""How much longer does Plan.run take than the C++ function that it calls?

By CPU time of the thread, in turns, on a layer so small that little else is left; the best round
counts. Ends with 1 if that is more than --limit microseconds.
"""

import argparse
import sys
import time

import numpy as np
import winograd


def python_seconds(plan, x, out, calls):
    start = time.thread_time_ns()
    for _ in range(calls):
        plan.run(x, out)
    return (time.thread_time_ns() - start) * 1e-9 / calls


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--calls", type=int, default=200)
    arguments = parser.parse_args()

    x = np.ones((1, 8, 8, 8), np.float32)
    plan = winograd.Plan(x, np.ones((8, 8, 3, 3), np.float32), padding=1)
    out = plan.run(x)
    best = {"C++": np.inf, "into out": np.inf, "into a new array": np.inf}
    for _ in range(arguments.rounds):
        for name, seconds in (
            ("C++", plan._seconds_per_run(x, out, arguments.calls)),
            ("into out", python_seconds(plan, x, out, arguments.calls)),
            ("into a new array", python_seconds(plan, x, None, arguments.calls)),
        ):
            best[name] = min(best[name], seconds)
    print(f"C++               {best['C++'] * 1e6:7.2f} us a call ({plan.info().kernel})")
    worst = 0.0
    for name in ("into out", "into a new array"):
        over = (best[name] - best["C++"]) * 1e6
        worst = max(worst, over)
        print(f"{name:<18}{best[name] * 1e6:7.2f} us a call, {over:.2f} above C++")
    return 0 if worst <= arguments.limit else 1


if __name__ == "__main__":
    sys.exit(main())
