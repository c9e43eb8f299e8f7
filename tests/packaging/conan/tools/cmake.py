# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Stand-in for conan.tools.cmake."""
import subprocess


def cmake_layout(conanfile):
    pass


class CMakeDeps:
    def __init__(self, conanfile):
        pass

    def generate(self):
        pass


class CMakeToolchain:
    def __init__(self, conanfile):
        self.conanfile = conanfile
        self.cache_variables = {}

    def generate(self):
        self.conanfile.cache_variables = self.cache_variables


class CMake:
    def __init__(self, conanfile):
        self.conanfile = conanfile

    def configure(self):
        one = self.conanfile
        variables = {"CMAKE_BUILD_TYPE": one.settings.build_type,
                     "CMAKE_CXX_FLAGS_RELEASE": "-O1 -DNDEBUG",
                     "CMAKE_CXX_COMPILER": one.conf.cxx,
                     "CMAKE_INSTALL_PREFIX": one.package_folder,
                     "CMAKE_INSTALL_LIBDIR": "lib",
                     "BUILD_SHARED_LIBS": one.options.shared,
                     "WINOGRAD_KERNEL_SETS": "scalar", **one.cache_variables}
        subprocess.run(["cmake", "-S", one.source_folder, "-B", one.build_folder,
                        "-G", one.conf.generator,
                        *(f"-D{name}={value}" for name, value in variables.items())], check=True)

    def build(self):
        subprocess.run(["cmake", "--build", self.conanfile.build_folder], check=True)

    def install(self):
        subprocess.run(["cmake", "--install", self.conanfile.build_folder], check=True)
