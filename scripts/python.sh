#!/usr/bin/env bash
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing, builds the Python package into a virtual environment, runs its tests,
# measures what a call costs, and draws error against speed. docs/python.md
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/scripts/install-deps.sh" build python

environment=$root/build/python-environment
python=$environment/bin/python3
# Debian's NumPy and pybind11 are seen from within, so that nothing is downloaded.
/usr/bin/python3 -m venv --system-site-packages "$environment"
echo "Building (build/python) ..." >&2
"$python" -m pip install --quiet --no-build-isolation --no-deps --no-index "$root/bindings/python"

cd "$root/bindings/python"
"$python" -m pytest -q -p no:cacheprovider
"$python" bench/call_overhead.py
"$python" examples/error_against_speed.py "$root/build/error_against_speed.png"
echo "The picture: build/error_against_speed.png. To use the package: . build/python-environment/bin/activate"
