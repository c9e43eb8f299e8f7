# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""The wheel that pip makes: complete, and good for importing. WINOGRAD_BUILD_FOLDER names a build."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
BUILD = os.environ.get("WINOGRAD_BUILD_FOLDER")


@pytest.mark.skipif(not BUILD, reason="WINOGRAD_BUILD_FOLDER is not set")
def test_wheel(tmp_path):
    spec = importlib.util.spec_from_file_location("build_backend", HERE / "build_backend.py")
    backend = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(backend)
    name = backend.build_wheel(str(tmp_path), {"build-dir": BUILD})
    with zipfile.ZipFile(tmp_path / name) as wheel:
        names = wheel.namelist()
        wheel.extractall(tmp_path / "site")
    assert {"winograd/__init__.py", "winograd/_winograd.pyi", "winograd/py.typed"} <= set(names)
    assert any(n.startswith("winograd/_winograd.") and n.endswith(".so") for n in names)
    assert any(n.endswith(".dist-info/RECORD") for n in names)
    code = "import winograd, sys; print(winograd.__file__, winograd.__version__)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    output = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    ).stdout
    file, version = output.split()
    assert file.startswith(str(tmp_path)) and name.startswith(f"winograd_conv-{version}-")
