# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Stand-in for Conan 2: as much of it as the recipe uses. See conan_create.py."""
from types import SimpleNamespace


class CppInfo(SimpleNamespace):
    def __init__(self):
        super().__init__(builddirs=[], libs=[], defines=[], system_libs=[], properties={})

    def set_property(self, name, value):
        self.properties[name] = value


class ConanFile:
    def __init__(self):
        self.required = []
        self.cpp_info = CppInfo()

    def requires(self, reference, visible=True):
        assert isinstance(visible, bool)
        self.required.append(reference)

    def options_allowed(self, name):
        return type(self).options[name]
