#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""What `conan create` does with a recipe, with the compiler and the libraries of this machine and
without Conan: stand-ins (conan/ beside this file) for what the recipe imports, the methods of the recipe
in Conan's order, then a consumer of the package."""
import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe")
    for name in ("shared", "version", "work", "generator", "cxx", "xsimd", "consumer"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    work = os.path.abspath(arguments.work)
    shutil.rmtree(work, ignore_errors=True)

    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    sys.dont_write_bytecode = True
    path = os.path.join(arguments.recipe, "conanfile.py")
    spec = importlib.util.spec_from_file_location("conanfile", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    recipe = module.WinogradConan()
    recipe.recipe_folder = os.path.abspath(arguments.recipe)
    recipe.export_sources_folder = recipe.source_folder = os.path.join(work, "source")
    recipe.build_folder = os.path.join(work, "build")
    recipe.package_folder = os.path.join(work, "package")
    recipe.options = SimpleNamespace(**recipe.default_options)
    recipe.options.shared = arguments.shared == "True"
    assert recipe.options.shared in recipe.options_allowed("shared")
    recipe.settings = SimpleNamespace(os="Linux", build_type="Release")
    recipe.conf = arguments
    include = SimpleNamespace(includedirs=[arguments.xsimd])
    recipe.dependencies = {"xsimd": SimpleNamespace(cpp_info=include)}

    recipe.set_version()
    assert recipe.version == arguments.version, recipe.version
    recipe.export_sources()
    recipe.layout()
    recipe.requirements()
    assert [one.split("/")[0] for one in recipe.required] == list(recipe.dependencies)
    recipe.generate()
    recipe.build()
    recipe.package()
    recipe.package_info()

    for name in ("LICENSE", "NOTICE"):
        assert os.path.exists(os.path.join(recipe.package_folder, "licenses", name)), name
    for folder in recipe.cpp_info.builddirs:
        assert os.path.isdir(os.path.join(recipe.package_folder, folder)), folder
    consumer = os.path.join(work, "consumer")
    subprocess.run(["cmake", "-S", arguments.consumer, "-B", consumer, "-G", arguments.generator,
                    f"-DCMAKE_CXX_COMPILER={arguments.cxx}",
                    f"-DCMAKE_PREFIX_PATH={recipe.package_folder}"], check=True)
    subprocess.run(["cmake", "--build", consumer], check=True)
    subprocess.run([os.path.join(consumer, "minimal")], check=True)


main()
