# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Stand-in for conan.tools.files."""
import fnmatch
import os
import shutil


def load(conanfile, path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def copy(conanfile, pattern, src, dst):
    """Keeps the folders; a pattern matches whole paths, as Conan's does."""
    found = 0
    for folder, _, names in os.walk(src):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), src)
            if path.split(os.sep)[0] in ("build", ".git") or not fnmatch.fnmatch(path, pattern):
                continue
            os.makedirs(os.path.dirname(os.path.join(dst, path)), exist_ok=True)
            shutil.copy2(os.path.join(src, path), os.path.join(dst, path))
            found += 1
    assert found, pattern
