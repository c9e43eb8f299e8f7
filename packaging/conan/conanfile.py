# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""A recipe for Conan 2, which builds the sources that it lies in: conan create packaging/conan"""
import os
import re

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load


class WinogradConan(ConanFile):
    name = "winograd"
    license = "Apache-2.0 AND BSD-3-Clause"
    description = "Convolution kernels for CPUs, built on minimal filtering"
    topics = ("convolution", "winograd", "neural-networks", "simd")
    package_type = "library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"shared": [True, False], "fPIC": [True, False], "openmp": [True, False]}
    default_options = {"shared": False, "fPIC": True, "openmp": False}
    implements = ["auto_shared_fpic"]

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "..", "..", "CMakeLists.txt"))
        self.version = re.search(r"^  VERSION ([0-9.]+)$", text, re.MULTILINE).group(1)

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..")
        for pattern in ("CMakeLists.txt", "LICENSE", "NOTICE", "cmake/*", "include/*", "kernels/*",
                        "src/*"):
            copy(self, pattern, src=root, dst=self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        # Headers, of which nothing is left to whoever uses the library.
        self.requires("xsimd/[>=8.1 <14]", visible=False)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["WINOGRAD_BUILD_TESTS"] = False
        toolchain.cache_variables["WINOGRAD_BUILD_BENCHMARKS"] = False
        toolchain.cache_variables["WINOGRAD_BUILD_OPENCV"] = False
        toolchain.cache_variables["WINOGRAD_BUILD_OPENMP"] = bool(self.options.openmp)
        toolchain.cache_variables["WINOGRAD_INSTALL"] = True
        toolchain.cache_variables["WINOGRAD_XSIMD_INCLUDE_DIR"] = (
            self.dependencies["xsimd"].cpp_info.includedirs[0])
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        for notice in ("LICENSE", "NOTICE"):
            copy(self, notice, src=self.source_folder,
                 dst=os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        # The package files that CMake installs know more than Conan could write.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "winograd")]
        self.cpp_info.libs = ["winograd"]
        if self.options.shared:
            self.cpp_info.defines = ["WINOGRAD_SHARED"]
        elif self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["m"]
