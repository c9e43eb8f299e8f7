# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Makes a wheel of what CMake builds (the interface is PEP 517's).

Settings (pip's --config-settings): `build-dir`, a build folder, by default build/python in the
repository's root. One that is configured already is taken as it is; any other is configured for the
library and this package alone. The environment's CMAKE_ARGS are added.
"""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NAME = "winograd_conv"


def _version():
    text = (ROOT / "CMakeLists.txt").read_text()
    return re.search(r"^  VERSION (\S+)$", text, re.MULTILINE).group(1)


def _build(settings, folder):
    build = Path((settings or {}).get("build-dir") or ROOT / "build" / "python")
    if not (build / "CMakeCache.txt").exists():
        options = {
            "CMAKE_BUILD_TYPE": "Release",
            "BUILD_SHARED_LIBS": "OFF",
            "WINOGRAD_BUILD_PYTHON": "ON",
            "WINOGRAD_BUILD_OPENMP": "ON",
            "WINOGRAD_BUILD_TESTS": "OFF",
            "WINOGRAD_BUILD_BENCHMARKS": "OFF",
            "Python_EXECUTABLE": sys.executable,
        }
        _run(
            ["cmake", "-S", ROOT, "-B", build]
            + [f"-D{name}={value}" for name, value in options.items()]
            + shlex.split(os.environ.get("CMAKE_ARGS", ""))
        )
    jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count()))
    _run(["cmake", "--build", build, "--parallel", jobs, "--target", "winograd_python"])
    _run(["cmake", "--install", build, "--component", "winograd_python", "--prefix", folder])


def _run(command):
    subprocess.run([str(word) for word in command], check=True)


def _tag():
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"{python}-{python}-{platform}"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    from wheel.wheelfile import WheelFile

    version, tag = _version(), _tag()
    name = f"{NAME}-{version}-{tag}.whl"
    info = f"{NAME}-{version}.dist-info"
    with tempfile.TemporaryDirectory() as folder:
        _build(config_settings, folder)
        metadata = (
            "Metadata-Version: 2.1\n"
            f"Name: {NAME.replace('_', '-')}\nVersion: {version}\n"
            "Summary: 2-D convolution on CPUs, built on minimal filtering\n"
            "License: Apache-2.0\nRequires-Python: >=3.9\nRequires-Dist: numpy>=1.22\n"
        )
        facts = (
            "Wheel-Version: 1.0\nGenerator: winograd build_backend\n"
            f"Root-Is-Purelib: false\nTag: {tag}\n"
        )
        with WheelFile(os.path.join(wheel_directory, name), "w") as wheel:
            wheel.write_files(folder)
            wheel.writestr(f"{info}/METADATA", metadata)
            wheel.writestr(f"{info}/WHEEL", facts)
            wheel.writestr(f"{info}/LICENSE", (ROOT / "LICENSE").read_text())
    return name


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError("the package is built in a checkout of the whole repository")
