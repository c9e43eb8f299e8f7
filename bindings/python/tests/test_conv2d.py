# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Results against NumPy, for every argument that changes them."""

import numpy as np
import pytest
import winograd
from conftest import close, naive


def data(rng, x_shape, w_shape):
    x = rng.standard_normal(x_shape, dtype=np.float32)
    w = rng.standard_normal(w_shape, dtype=np.float32)
    return x, w, rng.standard_normal(w_shape[0], dtype=np.float32)


@pytest.mark.parametrize(
    "x_shape, w_shape, options, padding",
    [
        ((2, 5, 9, 11), (7, 5, 3, 3), dict(padding=1), (1, 1, 1, 1)),
        ((1, 5, 9, 11), (7, 5, 3, 5), dict(padding="same"), (1, 2, 1, 2)),
        ((1, 5, 9, 11), (7, 5, 3, 3), dict(padding="valid"), (0, 0, 0, 0)),
        ((1, 5, 9, 11), (7, 5, 3, 3), dict(padding=(0, 2)), (0, 2, 0, 2)),
        ((1, 5, 9, 11), (7, 5, 3, 3), dict(padding=(0, 1, 2, 3)), (0, 1, 2, 3)),
        ((1, 5, 9, 11), (7, 5, 3, 3), dict(stride=(2, 1), padding=1), (1, 1, 1, 1)),
        ((1, 5, 9, 11), (7, 5, 3, 3), dict(dilation=(1, 2)), (0, 0, 0, 0)),
        ((1, 6, 9, 11), (9, 2, 3, 3), dict(groups=3, stride=2), (0, 0, 0, 0)),
        ((1, 6, 9, 11), (6, 1, 3, 3), dict(groups=6, padding=1), (1, 1, 1, 1)),
    ],
)
def test_geometry(rng, x_shape, w_shape, options, padding):
    x, w, bias = data(rng, x_shape, w_shape)

    def pair(name):
        value = options.get(name, 1)
        return value if isinstance(value, tuple) else (value, value)

    expected = naive(
        x, w, bias, pair("stride"), padding, pair("dilation"), options.get("groups", 1)
    )
    close(winograd.conv2d(x, w, bias, **options), expected)
    # The same, indexed the other way.
    options.update(layout="nhwc", weight_layout="hwio")
    x, w = np.ascontiguousarray(x.transpose(0, 2, 3, 1)), np.ascontiguousarray(w.transpose(2, 3, 1, 0))
    close(winograd.conv2d(x, w, bias, **options), expected.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("algorithm", ["direct", "winograd_f2", "winograd_f3", "winograd_f4", "winograd_f6"])
def test_algorithms(rng, algorithm):
    x, w, bias = data(rng, (1, 8, 13, 12), (16, 8, 3, 3))
    plan = winograd.Plan(x, w, bias, padding=1, algorithm=algorithm)
    assert plan.info().algorithm == algorithm
    close(plan.run(x), naive(x, w, bias, padding=(1, 1, 1, 1)))


@pytest.mark.parametrize(
    "activation, function",
    [
        (None, lambda y: y),
        ("none", lambda y: y),
        ("relu", lambda y: np.maximum(y, 0)),
        ("relu6", lambda y: np.clip(y, 0, 6)),
        ("leaky_relu", lambda y: np.where(y >= 0, y, np.float64(np.float32(0.01)) * y)),
        (("leaky_relu", 0.25), lambda y: np.where(y >= 0, y, 0.25 * y)),
        (("clamp", -0.5, 1.5), lambda y: np.clip(y, -0.5, 1.5)),
        ("sigmoid", lambda y: 1 / (1 + np.exp(-y))),
        ("tanh", np.tanh),
        ("silu", lambda y: y / (1 + np.exp(-y))),
    ],
)
def test_epilogue(rng, activation, function):
    x, w, bias = data(rng, (1, 8, 9, 12), (16, 8, 3, 3))
    scale, shift = rng.standard_normal((2, 16), dtype=np.float32)
    residual = rng.standard_normal((1, 16, 9, 12), dtype=np.float32)
    expected = naive(x, w, bias, padding=(1, 1, 1, 1)) * scale[:, None, None] + shift[:, None, None]
    y = winograd.conv2d(x, w, bias, padding=1, activation=activation, residual=residual,
                        output_scale=scale, output_shift=shift)
    close(y, function(expected + residual))


def test_prelu(rng):
    x, w, bias = data(rng, (1, 8, 9, 12), (16, 8, 3, 3))
    slopes = rng.uniform(0, 1, 16).astype(np.float32)
    linear = naive(x, w, bias)
    expected = np.where(linear >= 0, linear, slopes[:, None, None] * linear)
    plan = winograd.Plan(x, w, bias, activation="prelu", prelu_slopes=slopes)
    close(plan.run(x), expected)
    packed = winograd.Plan(x, plan.weights, activation="prelu", prelu_slopes=slopes)
    np.testing.assert_array_equal(packed.run(x), plan.run(x))


def test_threads_change_no_bit(rng):
    x, w, bias = data(rng, (3, 16, 33, 31), (32, 16, 3, 3))
    one = winograd.conv2d(x, w, bias, padding=1)
    for threads in (2, 3, 0):
        np.testing.assert_array_equal(winograd.conv2d(x, w, bias, padding=1, threads=threads), one)


def test_empty_batch(rng):
    x, w, _ = data(rng, (0, 4, 8, 8), (8, 4, 3, 3))
    assert winograd.conv2d(x, w).shape == (0, 8, 6, 6)


def test_pytorch(rng):
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(rng.standard_normal((2, 16, 20, 24), dtype=np.float32))
    conv = torch.nn.Conv2d(16, 32, 3, padding=1)
    norm = torch.nn.BatchNorm2d(32).eval()
    with torch.no_grad():
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2)
        expected = torch.relu(norm(conv(x))).numpy()
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        shift = norm.bias - norm.running_mean * scale
        for memory in (torch.contiguous_format, torch.channels_last):
            y = winograd.conv2d(
                x.contiguous(memory_format=memory), conv.weight.detach(), conv.bias.detach(),
                padding=1, activation="relu", output_scale=scale, output_shift=shift)
            assert isinstance(y, torch.Tensor) and y.is_contiguous(memory_format=memory)
            close(y.numpy(), expected)
