#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Counts the instructions of a few layers on AArch64, under QEMU, and compares or tabulates them.

  count_layers.py --program count_layer --plugin libarmcount.so MODE

--check    fails if a layer takes over 1 % more instructions than expected_counts.json says
--update   writes that file
--table    prints the tables of docs/arm.md, with the estimates of llvm-mca (Debian: llvm-22)
--layer L  prints one layer in detail; L is
           "C K H [algorithm [layout [accuracy [type]]]] [r1] [s2] [g64]"

Everything that a count depends on is pinned: the compiler's version (--compiler), the CPU that QEMU
shows to the C library, and the cache sizes that the library asks the operating system for. The
second run of a layer is counted, single-threaded.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import armcount

EXPECTED = pathlib.Path(__file__).with_name("expected_counts.json")
SKIPPED = 77  # what ctest takes for "not run"
GROWTH = 1.01
CPU = "neoverse-n1"
# All that this machine may have must be named: what is missing here would be read from its own /sys.
CACHES = (("Data", 1, "64K"), ("Instruction", 1, "64K"), ("Unified", 2, "1024K"),
          ("Unified", 3, "4096K"))
MODELS = ("cortex-a55", "neoverse-n1", "neoverse-v1")
# C K H (= W) algorithm layout accuracy [type] [kernel] [stride] [groups]; 3x3 where nothing else is
# said, padding of half a kernel, bias and ReLU
LAYERS = (
    "64 64 56 winograd_f4 nhwc standard",
    "64 64 56 winograd_f4 nchw standard",
    "64 64 56 winograd_f4 nhwc strict",
    "64 64 56 winograd_f6 nhwc relaxed",
    "64 64 56 direct nhwc standard",
    "128 128 28 winograd_f4 nhwc standard",
    "256 256 14 winograd_f4 nhwc standard",
    "256 256 14 winograd_f4 nchw standard",
    "512 512 7 winograd_f4 nhwc standard",
    "32 32 112 winograd_f4 nhwc standard",
    "3 32 112 direct nchw standard",
    "256 256 19 winograd_f4 nchw standard",
    "64 64 56 winograd_f4 nhwc half f16",
    "64 64 56 winograd_f4 nchw half f16",
    "64 64 56 winograd_f2 nhwc half f16",
    "256 256 14 winograd_f4 nhwc half f16",
    "256 256 14 winograd_f4 nchw half f16",
    "64 256 56 direct nhwc standard r1",
    "64 256 56 direct nchw standard r1",
    "128 128 56 direct nhwc standard s2",
    "128 128 56 winograd_f4 nhwc standard s2",
    "144 144 56 direct nhwc standard g144",
    "144 144 56 direct nchw standard g144",
)


def make_sysroot(folder, libraries):
    """The C library, and the caches of an imaginary CPU instead of this machine's."""
    os.symlink(libraries, folder / "lib")
    for index, (kind, level, size) in enumerate(CACHES):
        cache = folder / f"sys/devices/system/cpu/cpu0/cache/index{index}"
        cache.mkdir(parents=True)
        for leaf, text in (("type", kind), ("level", level), ("size", size)):
            (cache / leaf).write_text(f"{text}\n", encoding="ascii")


def run_layer(options, layer, sysroot):
    """-> what the counter saw, the kernel's name"""
    dump_path = sysroot / "dump"
    command = [options.qemu, "-L", str(sysroot), "-plugin",
               f"{options.plugin},out={dump_path}", options.program, *layer.split()]
    environment = {"QEMU_CPU": CPU, "PATH": os.environ.get("PATH", "")}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{run.stdout}{run.stderr}")
    return armcount.Dump(dump_path), run.stdout.split()[0]


def count(options, layer, sysroot, cpus):
    dump, kernel = run_layer(options, layer, sysroot)
    report = {"kernel": kernel, **armcount.count(dump)}
    del report["functions"]
    if cpus:
        report["modelled_cycles"] = {cpu: cycles for cpu, (cycles, _) in
                                     armcount.model(dump, cpus).items()}
    return report


def compiler_version(compiler):
    return subprocess.run([compiler, "-dumpfullversion", "-dumpversion"], capture_output=True,
                          text=True, check=True).stdout.strip()


def refusal_of(qemu):
    """Why this QEMU cannot count, or nothing."""
    try:
        version = subprocess.run([qemu, "--version"], capture_output=True, text=True,
                                 check=True).stdout
        options = subprocess.run([qemu, "-h"], capture_output=True, text=True, check=False).stdout
    except OSError as error:
        return f"{qemu}: {error.strerror}"
    number = re.search(r"version (\d+)\.(\d+)", version)
    if not number or not (6, 0) <= tuple(int(n) for n in number.groups()) <= (8, 2):
        return f"not QEMU 6.0 to 8.2, whose plugins have version 1: {version.splitlines()[0]}"
    if "-plugin" not in options:
        return f"{qemu} was built without plugins (Debian 12's has them)"
    return ""


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(SKIPPED)


def check(expected, reports):
    failed = False
    for layer, report in reports.items():
        now, before = report["instructions"], expected["layers"][layer]["instructions"]
        verdict = "ok"
        if now > before * GROWTH:
            verdict, failed = "MORE THAN 1 % ABOVE", True
        elif now < before / GROWTH:
            verdict = "fewer; scripts/arm-count.sh --update keeps it so"
        print(f"{layer:40s} {now:10d}, expected {before:10d}: {100 * (now / before - 1):+6.2f} %  "
              f"{verdict}", flush=True)
    if failed:
        sys.exit("A layer takes over 1 % more instructions than expected_counts.json says. If that "
                 "is meant, scripts/arm-count.sh --update.")


def table(reports):
    def row(cells):
        print("| " + " | ".join(cells) + " |")

    row(["layer", "total", *armcount.CLASSES[:-1], "MB loaded"])
    row(["---"] + ["---:"] * (len(armcount.CLASSES) + 1))
    for layer, report in reports.items():
        row([layer, f"**{report['instructions'] / 1e6:.2f}**"]
            + [f"{report['classes'][c] / 1e6:.2f}" for c in armcount.CLASSES[:-1]]
            + [f"{report['bytes_loaded'] / 1e6:.1f}"])
    print()
    row(["layer", *MODELS])
    row(["---"] + ["---:"] * len(MODELS))
    for layer, report in reports.items():
        row([layer] + [f"{report['modelled_cycles'][cpu] / 1e6:.2f}" for cpu in MODELS])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="count_layer, built for AArch64")
    parser.add_argument("--plugin", required=True, help="libarmcount.so, built for this machine")
    parser.add_argument("--qemu", default="qemu-aarch64")
    parser.add_argument("--libraries", default="/usr/aarch64-linux-gnu/lib")
    parser.add_argument("--compiler", default="aarch64-linux-gnu-g++")
    mode = parser.add_mutually_exclusive_group(required=True)
    for name in ("check", "update", "table"):
        mode.add_argument(f"--{name}", action="store_true")
    mode.add_argument("--layer")
    options = parser.parse_args()

    version = compiler_version(options.compiler)
    expected = json.loads(EXPECTED.read_text(encoding="utf-8")) if options.check else {}
    if options.check and version != expected["compiler"]:
        skip(f"the counts are those of g++ {expected['compiler']}, this is {version}")
    refusal = refusal_of(options.qemu)
    if refusal:
        skip(refusal)

    reports = {}
    with tempfile.TemporaryDirectory() as folder:
        sysroot = pathlib.Path(folder)
        make_sysroot(sysroot, options.libraries)
        if options.layer:
            dump, kernel = run_layer(options, options.layer, sysroot)
            print(kernel)
            armcount.print_report(dump, 10, MODELS)
            return
        for layer in LAYERS:
            reports[layer] = count(options, layer, sysroot, MODELS if options.table else ())
    if options.check:
        check(expected, reports)
    elif options.table:
        table(reports)
    else:
        data = {"compiler": version, "cpu": CPU, "layers": reports}
        EXPECTED.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, RuntimeError, subprocess.CalledProcessError) as error:
        sys.exit(f"count_layers: {error}")
