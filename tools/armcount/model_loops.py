#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Models the loops of micro-kernels on f16 that are not in the library, beside those that are.

Prints a table of docs/arm.md: multiply-adds of an instruction, and of a cycle by llvm-mca (Debian:
llvm-22). Each loop adds eight products to a block of sums in as many registers as there are, loads
rows of B a step ahead and those of A behind their last use. A and B of BFMMLA are taken to lie in
memory as it wants them, two rows of four numbers to a register.
"""
import re
import subprocess

import armcount

MODELS = ("cortex-a510", "neoverse-n2", "neoverse-v1")  # all of which have all four
ITERATIONS = 100
LOOP = ["subs w9, w9, #1", "b.ne loop"]


def load(pointer, *registers):
    return f"ld1 {{{', '.join(registers)}}}, [{pointer}], #64"


def four(first, lanes):
    return [f"v{first + i}.{lanes}" for i in range(4)]


def load_a_row(row):
    return f"ldr q{row}, [x1, x{10 + row}]" if row else "ldr q0, [x1, #16]!"


def fmla_f32():
    """4 rows x 16: sums v0 to v15, A v16 to v23, B v24 to v31."""
    lines = []
    for k in range(8):
        b, a = 24 + 4 * (k % 2), 16 + 4 * (k // 4)
        lines += [f"fmla v{4 * row + i}.4s, v{b + i}.4s, v{a + row}.s[{k % 4}]"
                  for row in range(4) for i in range(4)]
        next_a = (20 if k < 4 else 16) + k % 4
        lines += [load("x2", *four(b, "4s")), f"ldr q{next_a}, [x1, x{10 + k}]"]
    return lines, 8 * 4 * 16


def fmla_f16():
    """8 rows x 16: A v0 to v7, B v8 to v15, sums v16 to v31."""
    lines = []
    for k in range(8):
        b = 8 + 2 * (k % 4)
        for row in range(8):
            lines += [f"fmla v{16 + 2 * row + i}.8h, v{b + i}.8h, v{row}.h[{k}]" for i in range(2)]
            if k == 7:
                lines.append(load_a_row(row))
        if k % 2 == 1:
            lines.append(load("x2", *four(8 if k % 4 == 1 else 12, "8h")))
    return lines, 8 * 8 * 16


def fmlal():
    """8 rows x 8 in f32: A v0 to v7, B v8 to v15, sums v16 to v31."""
    lines = []
    for k in range(8):
        for row in range(8):
            lines += [f"fmlal v{16 + 2 * row}.4s, v{8 + k}.4h, v{row}.h[{k}]",
                      f"fmlal2 v{17 + 2 * row}.4s, v{8 + k}.4h, v{row}.h[{k}]"]
            if k == 7:
                lines.append(load_a_row(row))
        if k % 4 == 3:
            lines.append(load("x2", *four(5 + k, "8h")))
    return lines, 8 * 8 * 8


def bfmmla():
    """8 rows x 8 in f32: A v0 to v7, B v8 to v15, sums of 2 x 2 v16 to v31."""
    lines = []
    for step in range(2):
        lines += [f"bfmmla v{16 + 4 * i + j}.4s, v{4 * step + i}.8h, v{8 + 4 * step + j}.8h"
                  for i in range(4) for j in range(4)]
        lines += [load("x1", *four(4 * step, "8h")), load("x2", *four(8 + 4 * step, "8h"))]
    return lines, 8 * 8 * 8


def cycles(lines, cpu):
    output = subprocess.run(
        [armcount.llvm_tool("llvm-mca"), "-mtriple=aarch64-linux-gnu", f"-mcpu={cpu}",
         "-mattr=+all", f"-iterations={ITERATIONS}", "-instruction-info=0", "-resource-pressure=0"],
        input="\n".join(lines), capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Total Cycles:\s+(\d+)", output).group(1)) / ITERATIONS


def main():
    print("| | an instruction | " + " | ".join(MODELS) + " |")
    print("| --- " + "| ---: " * (1 + len(MODELS)) + "|")
    for name, make in (("FMLA on f32, 4x16", fmla_f32), ("FMLA on f16, 8x16", fmla_f16),
                       ("FMLAL, 8x8", fmlal), ("BFMMLA, 8x8", bfmmla)):
        lines, products = make()
        lines = lines + LOOP
        cells = [f"{products / len(lines):.1f}"]
        cells += [f"{products / cycles(lines, cpu):.1f}" for cpu in MODELS]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
