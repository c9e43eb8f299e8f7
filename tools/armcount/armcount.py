#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Reads what the counter plugin wrote: instructions by class, bytes loaded, cycle estimates.

  armcount.py DUMP [--functions N] [--model CPU[,CPU...]]

Instruction counts are exact and repeatable. Cycle estimates (--model, AArch64 only) come from
llvm-mca's scheduling models: each straight run of code is modelled as if repeated back to back,
without cache misses and mispredicted branches. They are models, not measurements.
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys

CLASSES = ("fmla", "arithmetic", "permute", "load", "store", "integer", "branch", "other")

Instruction = collections.namedtuple("Instruction", "code text symbol")
Run = collections.namedtuple("Run", "address executions instructions")


class Dump:
    """How often each instruction was executed, by address."""

    def __init__(self, path):
        self.target, self.regions = "", 0
        self.instructions = {}
        self.executions = collections.Counter()
        address = executions = symbol = None
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                kind, *fields = line.rstrip("\n").split("\t")
                if kind == "target":
                    self.target = fields[0]
                elif kind == "regions":
                    self.regions = int(fields[0])
                elif kind == "segment":
                    address, executions, symbol = int(fields[0], 16), int(fields[1]), fields[2]
                elif kind == "":
                    text = " ".join(fields[1:])
                    self.instructions[address] = Instruction(fields[0], text, symbol)
                    self.executions[address] += executions
                    address += len(fields[0]) // 2
                else:
                    raise ValueError(f"{path}: not a dump of the counter: {line!r}")
        if self.regions == 0:
            raise ValueError(f"{path}: the program met no pair of markers")

    def total(self):
        return sum(self.executions.values())

    def runs(self):
        """Straight runs of code: neighbours in memory that were executed equally often.

        The emulator's own blocks end at page borders and overlap; these do not.
        """
        runs, expected = [], None
        for address in sorted(self.instructions):
            instruction = self.instructions[address]
            executions = self.executions[address]
            if address != expected or executions != runs[-1].executions:
                runs.append(Run(address, executions, []))
            runs[-1].instructions.append(instruction)
            expected = address + len(instruction.code) // 2
        return runs


# ---- classes ------------------------------------------------------------------------------------
# A mnemonic without its type suffix and, for 32-bit ARM, without its condition.
PERMUTE = re.compile(r"(zip|uzp|trn)[12]?$|v(zip|uzp|trn|ext|dup|swp|tbl|tbx|mov|rev\d*)$"
                     r"|(dup|ext|ins|tbl|tbx|rev\d*|[us]?mov)$")
FMLA = re.compile(r"fml[as]$|v(fm|ml)[as]$|fn?m(add|sub)$|vfnm[as]$")
BRANCH = re.compile(r"(b|bl|bx|blx|br|blr|ret|cbn?z|tbn?z|tb[bh])"
                    r"(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)?$")
VECTOR_OPERAND = re.compile(r"\b[vq]\d+\b|\b[ds]\d+\b")
ELEMENT_BYTES = {"b": 1, "h": 2, "s": 4, "d": 8, "q": 16}


def register_list(arguments):
    """Registers in {...}, with ranges spelled out."""
    inside = re.search(r"\{([^}]*)\}", arguments).group(1)
    names = []
    for part in (p.strip() for p in inside.split(",")):
        if "-" in part:
            first, last = (re.match(r"\s*([a-z]+)(\d+)", p).groups() for p in part.split("-"))
            names += [f"{first[0]}{n}" for n in range(int(first[1]), int(last[1]) + 1)]
        else:
            names.append(part)
    return names


def bytes_moved(mnemonic, arguments):
    """Bytes between registers and memory for one load or store."""
    structure = re.match(r"(?:ld|st)[1-4](r?)$", mnemonic)
    if structure:  # AArch64: ld1 {v0.4s, v1.4s}, [x0]
        names = register_list(arguments)
        lanes, element = re.search(r"\.(\d*)([bhsd])", names[0]).groups()
        whole = not structure.group(1) and not re.search(r"\}\s*\[", arguments)
        return len(names) * ELEMENT_BYTES[element] * (int(lanes or 1) if whole else 1)
    if re.match(r"v(ld|st)\d", mnemonic):  # 32-bit ARM: vld1.32 {d0, d1}, [r0]
        bits = int(mnemonic.split(".")[-1])
        names = register_list(arguments)
        return len(names) * (bits // 8 if "[" in names[0] else 8)
    if "{" in arguments:  # ldm, stm, push, pop, vldm, vpush
        names = register_list(arguments)
        return sum({"d": 8, "q": 16}.get(n[0], 4) for n in names)
    if re.match(r"v(ldr|str)", mnemonic):
        return 8 if arguments.lstrip().startswith("d") else 4
    size = re.match(r"(?:ld|st)\w*?(b|h)$|(?:ld|st)r\w*(?:sb|sh)$", mnemonic)
    if size:
        return 1 if mnemonic.endswith("b") else 2
    registers = [r.strip() for r in arguments.split("[")[0].split(",") if r.strip()]
    if mnemonic in ("ldrsw", "ldpsw"):
        return 4 * len(registers)
    return sum({"x": 8, "d": 8, "q": 16, "b": 1, "h": 2}.get(r[0], 4) for r in registers)


def classify(text):
    """-> (class, bytes) of one disassembled instruction."""
    mnemonic, _, arguments = text.partition(" ")
    base = mnemonic.split(".")[0]
    if BRANCH.match(base) or (base == "pop" and "pc" in arguments):
        return "branch", 0
    if base.startswith(("prf", "pld", "nop", "hint", "it")) and not base.startswith("ite "):
        return "other", 0
    if re.match(r"v?(ld|st)[rmpnu1-4]|push|pop|vpush|vpop|ld[a]?x|st[l]?x|ldax|ldar|stlr|ldrd|strd",
                base):
        kind = "store" if "st" == base.lstrip("v")[:2] or base.endswith("push") else "load"
        return kind, bytes_moved(mnemonic, arguments)
    if VECTOR_OPERAND.search(arguments):
        if FMLA.match(base):
            return "fmla", 0
        moves_data = PERMUTE.match(base) and "#" not in arguments.split("[")[0]
        return ("permute" if moves_data else "arithmetic"), 0
    if re.match(r"[a-z]", base):
        return "integer", 0
    return "other", 0


# AArch64 instructions on vectors of f16, which the disassembler of QEMU 6 to 8 does not know:
# (mask, value, class), of three vectors and of two and a lane. fmla and fmls, then all others.
OF_HALVES = ((0xbf60fc00, 0x0e400c00, "fmla"), (0xbfc0b400, 0x0f001000, "fmla"),
             (0x9f60c400, 0x0e400400, "arithmetic"), (0xbfc0f400, 0x0f009000, "arithmetic"),
             (0xbff8fc00, 0x0f00fc00, "arithmetic"))


def class_of(instruction):
    """The same of an instruction, whether it was disassembled or not."""
    if instruction.text.startswith(".byte"):
        word = int.from_bytes(bytes.fromhex(instruction.code), "little")
        for mask, value, kind in OF_HALVES:
            if word & mask == value:
                return kind, 0
    return classify(instruction.text)


def count(dump):
    classes = collections.Counter()
    moved = collections.Counter()
    functions = collections.Counter()
    for address, instruction in dump.instructions.items():
        executions = dump.executions[address]
        functions[instruction.symbol] += executions
        kind, size = class_of(instruction)
        classes[kind] += executions
        moved[kind] += executions * size
    return {
        "instructions": dump.total(),
        "classes": {c: classes[c] for c in CLASSES},
        "bytes_loaded": moved["load"],
        "bytes_stored": moved["store"],
        "functions": dict(functions.most_common()),
    }


# ---- cycle estimates ----------------------------------------------------------------------------
LLVM_VERSIONS = ("22", "21", "20", "19")  # older ones model Neoverse as Cortex-A57


def llvm_tool(name):
    for version in LLVM_VERSIONS:
        path = shutil.which(f"{name}-{version}")
        if path:
            return path
    raise FileNotFoundError(f"{name} of LLVM {LLVM_VERSIONS[-1]} or newer (Debian: llvm-19)")


def assembly_of(runs):
    """Assembly text of each run of code, by one call of llvm-mc."""
    marker = "20 00 20 d4"  # brk #1: never part of a run
    octets = []
    for run in runs:
        for word in run:
            octets.append(" ".join(f"0x{word[i:i + 2]}" for i in range(0, len(word), 2)))
        octets.append(" ".join(f"0x{b}" for b in marker.split()))
    text = subprocess.run([llvm_tool("llvm-mc"), "-disassemble", "-triple=aarch64", "-mattr=+all"],
                          input="\n".join(octets), capture_output=True, text=True,
                          check=True).stdout
    result = [[]]
    for line in text.splitlines():
        if re.match(r"\s*brk\s+#0x1\b", line):
            result.append([])
        elif not line.strip().startswith("."):
            result[-1].append(line)
    return ["\n".join(run) for run in result[:len(runs)]]


def model(dump, cpus, coverage=0.998, iterations=100):
    """-> {cpu: (cycles of the region, [(cycles, run)...])} by llvm-mca.

    The rarest code, together less than 1 - coverage of the instructions, is taken to run at the
    average rate of the rest.
    """
    runs, covered = [], 0
    for run in sorted(dump.runs(), key=lambda r: -r.executions * len(r.instructions)):
        if covered > coverage * dump.total():
            break
        runs.append(run)
        covered += run.executions * len(run.instructions)
    texts = assembly_of([[i.code for i in run.instructions] for run in runs])
    source = "".join(f"# LLVM-MCA-BEGIN run{i}\n{text}\n# LLVM-MCA-END run{i}\n"
                     for i, text in enumerate(texts))
    result = {}
    for cpu in cpus:
        output = subprocess.run(
            [llvm_tool("llvm-mca"), "-mtriple=aarch64-linux-gnu", f"-mcpu={cpu}", "-mattr=+all",
             f"-iterations={iterations}", "-instruction-info=0", "-resource-pressure=0"],
            input=source, capture_output=True, text=True, check=True).stdout
        cycles = [int(c) / iterations for c in re.findall(r"Total Cycles:\s+(\d+)", output)]
        if len(cycles) != len(runs):
            raise RuntimeError(f"llvm-mca modelled {len(cycles)} of {len(runs)} runs for {cpu}")
        parts = sorted(((c * run.executions, run) for c, run in zip(cycles, runs)),
                       key=lambda p: -p[0])
        result[cpu] = (sum(c for c, _ in parts) * dump.total() / covered, parts)
    return result


# ---- command line -------------------------------------------------------------------------------
def demangle(names):
    tool = shutil.which("c++filt")
    if not tool or not names:
        return list(names)
    text = subprocess.run([tool], input="\n".join(names), capture_output=True, text=True,
                          check=True).stdout
    return text.splitlines()


def print_report(dump, functions, cpus):
    """Classes and bytes; the costliest `functions` functions; estimates, with the hottest code."""
    report = count(dump)
    total = report["instructions"]
    print(f"{dump.target}: {total} instructions in {dump.regions} region(s)")
    for name, number in report["classes"].items():
        print(f"  {name:11s} {number:13d}  {100 * number / max(total, 1):5.1f} %")
    print(f"  {'loaded':11s} {report['bytes_loaded']:13d} bytes")
    print(f"  {'stored':11s} {report['bytes_stored']:13d} bytes")
    names = list(report["functions"])[:functions]
    for name, text in zip(names, demangle(names)):
        print(f"  {report['functions'][name]:13d}  {text}")
    for cpu, (cycles, parts) in (model(dump, cpus) if cpus else {}).items():
        print(f"  {cpu}: {cycles / 1e6:.2f} million cycles modelled, "
              f"{total / cycles:.2f} instructions per cycle")
        for part, run in parts[:functions]:
            name = demangle([run.instructions[0].symbol])[0]
            print(f"    {100 * part / cycles:5.1f} %  {len(run.instructions)} instructions x "
                  f"{run.executions} in {part / run.executions:.1f} cycles at {run.address:x} "
                  f"{name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dump")
    parser.add_argument("--functions", type=int, default=0, help="list the N costliest functions")
    parser.add_argument("--model", default="", help="CPUs for llvm-mca, e.g. cortex-a55")
    options = parser.parse_args()
    dump = Dump(options.dump)
    cpus = [c for c in options.model.split(",") if c]
    if cpus and dump.target != "aarch64":
        sys.exit("armcount: cycle estimates are for AArch64 only")
    print_report(dump, options.functions, cpus)


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, RuntimeError) as error:
        sys.exit(f"armcount: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"armcount: {os.path.basename(error.cmd[0])}: {error.stderr}")
