# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Which arrays are taken as they are, which are copied, which are refused; and memory of others."""

import sys
import types
import warnings

import numpy as np
import pytest
import winograd
from conftest import close, naive


@pytest.fixture
def x(rng):
    return rng.standard_normal((2, 6, 10, 12), dtype=np.float32)


@pytest.fixture
def w(rng):
    return rng.standard_normal((8, 6, 3, 3), dtype=np.float32)


def views(x):
    """Arrays equal to x, and whether one is copied when the plan is for x."""
    reversed_rows = np.ascontiguousarray(x[:, :, ::-1])[:, :, ::-1]
    wide = np.zeros((2, 6, 10, 24), np.float32)
    wide[..., ::2] = x
    channels_last = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    unaligned = np.zeros(x.nbytes + 1, np.uint8)[1:].view(np.float32).reshape(x.shape)
    unaligned[...] = x
    read_only = x.copy()
    read_only.flags.writeable = False
    return {
        "the same": (x, False),
        "read-only": (read_only, False),
        "part of the batch axis": (np.concatenate([x, x])[:2], False),
        "reversed": (reversed_rows, True),
        "every other column": (wide[..., ::2], True),
        "channels last": (channels_last, True),
        "unaligned": (unaligned, True),
        "broadcast": (np.broadcast_to(x[:1, :1, :1], x.shape), True),
    }


def test_strides(x, w):
    plan = winograd.Plan(x, w, padding=1)
    for name, (view, copied) in views(x).items():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            y = plan.run(view)
        assert [c.category for c in caught] == [winograd.CopyWarning] * copied, name
        assert all(c.filename == __file__ for c in caught), name
        close(y, naive(view, w, padding=(1, 1, 1, 1)))


def test_channels_last_is_taken_as_it_is(x, w):
    channels_last = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    plan = winograd.Plan(channels_last, w, padding=1)
    assert (plan.layout, plan.memory_layout) == ("nchw", "nhwc")
    y = plan.run(channels_last)  # a copy would be a warning, and that an error
    assert y.transpose(0, 2, 3, 1).flags.c_contiguous
    close(y, naive(x, w, padding=(1, 1, 1, 1)))
    # The reverse: indexed [N, H, W, C], channels outermost in memory.
    planes = x.transpose(0, 2, 3, 1)
    plan = winograd.Plan(planes, w, padding=1, layout="nhwc")
    assert (plan.layout, plan.memory_layout) == ("nhwc", "nchw")
    close(plan.run(planes).transpose(0, 3, 1, 2), y.astype(np.float64))


def test_conv2d_warns_where_it_was_called(x, w):
    with pytest.warns(winograd.CopyWarning) as caught:
        winograd.conv2d(x[:, :, ::-1], w)
    assert caught[0].filename == __file__


def test_weights_in_any_order(x, w):
    expected = winograd.conv2d(x, w)
    strange = np.zeros((8, 6, 6, 6), np.float32)
    strange[:, :, ::2, ::2] = w
    hwio_memory = np.ascontiguousarray(w.transpose(2, 3, 1, 0)).transpose(3, 2, 0, 1)
    for same in (strange[:, :, ::2, ::2], hwio_memory):
        np.testing.assert_array_equal(winograd.conv2d(x, same), expected)
    for hwio in (w.transpose(2, 3, 1, 0), np.ascontiguousarray(w.transpose(2, 3, 1, 0))):
        np.testing.assert_array_equal(winograd.conv2d(x, hwio, weight_layout="hwio"), expected)


def test_out(x, w):
    plan = winograd.Plan(x, w, padding=1, residual=True, activation="relu")
    out = np.full(plan.output_shape, 2, np.float32)
    expected = plan.run(x, residual=out)
    assert plan.run(x, out=out, residual=out) is out
    np.testing.assert_array_equal(out, expected)


def test_out_is_checked(x, w):
    plan = winograd.Plan(x, w, padding=(1, 1))
    good = np.zeros(plan.output_shape, np.float32)
    read_only = good.copy()
    read_only.flags.writeable = False
    for bad in (read_only, good[:, :, ::-1], good[:1], np.concatenate([good, good], 3)[..., :12]):
        with pytest.raises(winograd.InvalidArgumentError, match="out"):
            plan.run(x, out=bad)
    square = winograd.Plan((1, 4, 8, 8), np.zeros((4, 4, 3, 3), np.float32), padding=1)
    image = np.zeros((1, 4, 8, 8), np.float32)
    with pytest.raises(winograd.InvalidArgumentError, match="overlap"):
        square.run(image, out=image)


class Exporter:
    """An array of another library: nothing but DLPack."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, stream=None):
        return self.array.__dlpack__()


def test_dlpack_in_and_out_without_a_copy(x, w):
    plan = winograd.Plan(Exporter(x), w, padding=1)
    expected = plan.run(x)
    out = Exporter(np.zeros(plan.output_shape, np.float32))
    assert plan.run(Exporter(x), out=out) is out
    np.testing.assert_array_equal(out.array, expected)
    assert np.shares_memory(np.from_dlpack(expected), expected)
    with pytest.warns(winograd.CopyWarning):
        plan.run(Exporter(x[:, :, ::-1]))


def test_result_is_of_the_library_of_x(x, w, monkeypatch):
    library = types.ModuleType("library")
    library.from_dlpack = lambda array: Exporter(array)
    library.Tensor = type("Tensor", (Exporter,), {"__module__": "library.core"})
    monkeypatch.setitem(sys.modules, "library", library)
    y = winograd.conv2d(library.Tensor(x), w)
    assert isinstance(y, Exporter)
    np.testing.assert_array_equal(y.array, winograd.conv2d(x, w))


def test_memory_is_given_back(x, w):
    plan = winograd.Plan(x, w)
    kept = x.copy()
    before = sys.getrefcount(kept)
    for _ in range(3):
        plan.run(Exporter(kept))
        plan.run(kept)
    assert sys.getrefcount(kept) == before
