#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""A model in ONNX Runtime, without winograd's plug-in and with it: docs/onnxruntime.md

Needs the Python package onnxruntime, 1.23 or later (1.30 was tried), and NumPy.

    python3 provider.py libwinograd_onnxruntime.so net.onnx
"""

import sys
import time

import numpy as np
import onnxruntime


def session_with_plugin(plugin, model, options=None):
    """A session that runs convolutions in the plug-in; options as in docs/onnxruntime.md."""
    onnxruntime.register_execution_provider_library("winograd", plugin)
    devices = [d for d in onnxruntime.get_ep_devices() if d.ep_name == "WinogradExecutionProvider"]
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    settings.add_provider_for_devices(devices, options or {})
    return onnxruntime.InferenceSession(model, sess_options=settings)


def session_alone(model):
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])


def milliseconds(session, feeds, runs=10):
    session.run(None, feeds)
    start = time.process_time()
    for _ in range(runs):
        session.run(None, feeds)
    return (time.process_time() - start) / runs * 1e3


def main():
    plugin, model = sys.argv[1:]
    alone, ours = session_alone(model), session_with_plugin(plugin, model)
    generator = np.random.default_rng(1)
    feeds = {
        i.name: generator.random([d if isinstance(d, int) else 1 for d in i.shape], np.float32)
        for i in alone.get_inputs()
    }
    for a, b in zip(alone.run(None, feeds), ours.run(None, feeds)):
        print(f"largest difference {np.abs(a - b).max():.2g} of {np.abs(a).max():.2g}")
    print(f"{milliseconds(alone, feeds):.2f} ms alone, {milliseconds(ours, feeds):.2f} ms with it")


if __name__ == "__main__":
    main()
