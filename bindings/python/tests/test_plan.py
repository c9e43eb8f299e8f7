# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Plans, packed weights, errors, threads."""

import os
import pickle
import sys
import threading
import time

import numpy as np
import pytest
import winograd


@pytest.fixture
def x(rng):
    return rng.standard_normal((1, 8, 12, 12), dtype=np.float32)


@pytest.fixture
def w(rng):
    return rng.standard_normal((16, 8, 3, 3), dtype=np.float32)


def test_info(x, w):
    plan = winograd.Plan(x.shape, w, padding=1, threads=2)
    info = plan.info()
    assert info.algorithm in info.kernel and info.isa in winograd.info()["isas"]
    assert info.reason and 0 < info.expected_rms_error < 1e-4
    assert info.packed_bytes >= w.nbytes and info.workspace_bytes > 0 and info.threads == 2
    assert info.memory_layout == "nchw"
    assert "PlanInfo(" in repr(info) and "winograd.Plan" in repr(plan)
    assert plan.input_shape == x.shape and plan.output_shape == (1, 16, 12, 12)
    assert winograd.info()["version"] == winograd.__version__


def test_reshaped_shares_weights(x, w):
    plan = winograd.Plan(x, w, padding=1)
    larger = plan.reshaped(batch=3, width=20)
    assert larger.input_shape == (3, 8, 12, 20)
    big = np.concatenate([np.pad(x, ((0, 0), (0, 0), (0, 0), (0, 8)))] * 3)
    np.testing.assert_array_equal(larger.run(big)[0, :, :, :8], larger.run(big)[2, :, :, :8])
    assert larger.weights.to_bytes() == plan.weights.to_bytes()


def test_packed_weights(x, w, tmp_path):
    bias = np.arange(16, dtype=np.float32)
    plan = winograd.Plan(x, w, bias, padding=1)
    path = tmp_path / "layer.packed"
    plan.weights.save(path)
    for packed in (
        winograd.PackedWeights.load(path),
        winograd.PackedWeights.load(str(path)),
        pickle.loads(pickle.dumps(plan.weights)),
    ):
        assert packed.shape == w.shape and packed.groups == 1
        assert packed.algorithm == plan.info().algorithm and packed.isa == plan.info().isa
        assert packed.size_bytes == plan.info().packed_bytes
        again = winograd.Plan(x, packed, padding=1)
        np.testing.assert_array_equal(again.run(x), plan.run(x))
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    with pytest.raises(winograd.BadPackedDataError, match="checksum"):
        winograd.PackedWeights.from_bytes(damaged)
    with pytest.raises(winograd.BadPackedDataError):
        winograd.PackedWeights.from_bytes(b"")
    with pytest.raises(FileNotFoundError):
        winograd.PackedWeights.load(tmp_path / "none")


def test_packed_weights_of_groups(rng):
    x = rng.standard_normal((1, 6, 8, 8), dtype=np.float32)
    w = rng.standard_normal((6, 2, 3, 3), dtype=np.float32)
    plan = winograd.Plan(x, w, groups=3)
    assert plan.weights.shape == w.shape and plan.weights.groups == 3
    np.testing.assert_array_equal(winograd.Plan(x, plan.weights).run(x), plan.run(x))


def test_errors(x, w):
    cases = [
        (winograd.InvalidArgumentError, dict(activation="softplus"), "activation is 'softplus', must be"),
        (winograd.InvalidArgumentError, dict(activation="clamp"), "bounds"),
        (winograd.InvalidArgumentError, dict(activation=("relu", 1)), "numbers"),
        (winograd.InvalidArgumentError, dict(activation="prelu"), "prelu_slopes"),
        (winograd.InvalidArgumentError, dict(algorithm="fft"), "'winograd_f4'"),
        (winograd.InvalidArgumentError, dict(layout="chwn"), "layout"),
        (winograd.InvalidArgumentError, dict(weight_layout="ohwi"), "weight_layout"),
        (winograd.InvalidArgumentError, dict(padding=(1, 2, 3)), "padding has 3 numbers"),
        (winograd.InvalidArgumentError, dict(padding="full"), "padding"),
        (winograd.InvalidArgumentError, dict(padding="same", stride=2), "stride 1"),
        (winograd.InvalidArgumentError, dict(stride=(1, 1, 1)), "stride has 3"),
        (winograd.InvalidArgumentError, dict(stride=0), "stride"),
        (winograd.InvalidArgumentError, dict(threads=-1), "threads"),
        (winograd.InvalidArgumentError, dict(bias=np.zeros(3, np.float32)), "bias has 3 elements"),
        (winograd.InvalidArgumentError, dict(groups=2), "input channels a group"),
        (winograd.UnsupportedError, dict(algorithm="winograd_f4", stride=3), "stride"),
        (winograd.WorkspaceError, dict(workspace_limit_bytes=1), "at least"),
        (TypeError, dict(stride=1.5), "no integer"),
        (TypeError, dict(activation=3), "activation"),
        (TypeError, dict(nonsense=1), "nonsense"),
        (OverflowError, dict(stride=1 << 70), ""),
    ]
    for kind, arguments, text in cases:
        with pytest.raises(kind, match=text):
            winograd.Plan(x, w, **arguments)
    for kind, base in [
        (winograd.InvalidArgumentError, ValueError),
        (winograd.UnsupportedError, NotImplementedError),
        (winograd.BadPackedDataError, ValueError),
        (winograd.WorkspaceError, ValueError),
        (winograd.OutOfMemoryError, MemoryError),
    ]:
        assert issubclass(kind, winograd.Error) and issubclass(kind, base)


def test_arrays_of_another_kind(x, w):
    plan = winograd.Plan(x, w)
    with pytest.raises(TypeError, match="float64, must be float32"):
        plan.run(x.astype(np.float64))
    with pytest.raises(TypeError, match="w is a list"):
        winograd.Plan(x, w.tolist())
    with pytest.raises(winograd.InvalidArgumentError, match="x has 3 axes"):
        plan.run(x[0])
    with pytest.raises(winograd.InvalidArgumentError, match="x has shape"):
        plan.run(x[:, :4])
    with pytest.raises(winograd.InvalidArgumentError, match="residual"):
        plan.run(x, residual=plan.run(x))


def test_packed_weights_have_their_bias(x, w):
    packed = winograd.Plan(x, w).weights
    with pytest.raises(winograd.InvalidArgumentError, match="bias"):
        winograd.Plan(x, packed, np.zeros(16, np.float32))


def test_gil_is_released(rng):
    """While one thread convolves, another counts."""
    x = rng.standard_normal((1, 32, 128, 128), dtype=np.float32)
    plan = winograd.Plan(x, rng.standard_normal((32, 32, 3, 3), dtype=np.float32), padding=1)
    out, stop, counted = plan.run(x), threading.Event(), []

    def count():
        while not stop.is_set():
            counted.append(None)
            time.sleep(1e-4)

    thread = threading.Thread(target=count)
    between = []
    # So long that nobody is ever asked to hand over the GIL: it must be given away.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(100)
    try:
        thread.start()
        for _ in range(20):
            before = len(counted)
            plan.run(x, out)
            between.append(len(counted) - before)
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(interval)
    assert sum(n > 0 for n in between) >= 5


def test_threads_share_a_plan(x, w):
    plan = winograd.Plan(x, w, padding=1)
    expected, results = plan.run(x), [None] * 8

    def run(i):
        results[i] = [plan.run(x) for _ in range(20)]

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(results))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        for y in result:
            np.testing.assert_array_equal(y, expected)


def test_forked_child(rng):
    """OpenMP's threads are the parent's alone; the child must not wait for them."""
    x = rng.standard_normal((1, 32, 40, 40), dtype=np.float32)
    plan = winograd.Plan(x, rng.standard_normal((32, 32, 3, 3), dtype=np.float32), threads=2)
    expected = plan.run(x)
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(plan.run(x), expected) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
