# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""The stubs name what there is, with the arguments that it has; all of it has a docstring."""

import ast
import re
from pathlib import Path

import winograd
from winograd import _winograd

STUBS = ast.parse((Path(winograd.__file__).parent / "_winograd.pyi").read_text())


def public(names):
    return {n for n in names if not n.startswith("_")}


def members(body):
    nodes = {n.name: n for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    return {name: node for name, node in nodes.items() if not name.startswith("_")}


def test_every_name_is_in_both():
    assert set(members(STUBS.body)) == public(dir(_winograd))
    assert public(dir(_winograd)) | {"__version__", "conv2d"} == set(winograd.__all__)


def test_every_member_is_in_both():
    for name, node in members(STUBS.body).items():
        if isinstance(node, ast.ClassDef) and not issubclass(getattr(_winograd, name), Exception):
            there = {n for n in vars(getattr(_winograd, name)) if not n.startswith("_")}
            assert set(members(node.body)) == there, name


def test_arguments_of_plan():
    """Names, order and defaults, from the signature that pybind11 writes above a docstring."""
    plan = members(STUBS.body)["Plan"]
    init = next(n for n in plan.body if getattr(n, "name", "") == "__init__")
    names = [a.arg for a in init.args.args + init.args.kwonlyargs][1:]
    defaults = [ast.literal_eval(d) for d in init.args.defaults + init.args.kw_defaults]
    signature = _winograd.Plan.__init__.__doc__.splitlines()[0]
    given = re.findall(r"(\w+): [\w.]+(?: = ([^,)]+))?", signature)[1:]
    assert [n for n, _ in given] == names
    assert [ast.literal_eval(d) for _, d in given if d] == defaults
    for name in names:
        assert re.search(rf"\b{name}\b", winograd.Plan.__doc__), f"{name} is not documented"


def test_docstrings():
    for name in winograd.__all__:
        assert name == "__version__" or getattr(winograd, name).__doc__, name
    for method in ("run", "reshaped", "info"):
        assert getattr(winograd.Plan, method).__doc__.strip().splitlines()[-1]
