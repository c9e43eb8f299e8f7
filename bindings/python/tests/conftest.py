# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def naive(x, w, bias=None, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1), groups=1):
    """The formula, in float64: x [N, C, H, W], w [K, C / groups, kh, kw]."""
    x, w = x.astype(np.float64), w.astype(np.float64)
    top, left, bottom, right = padding
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    n, c, h, width = x.shape
    k, depth, kh, kw = w.shape
    oh = (h - (kh - 1) * dilation[0] - 1) // stride[0] + 1
    ow = (width - (kw - 1) * dilation[1] - 1) // stride[1] + 1
    y = np.zeros((n, k, oh, ow))
    for g in range(groups):
        outs = slice(g * k // groups, (g + 1) * k // groups)
        ins = slice(g * depth, (g + 1) * depth)
        for i in range(kh):
            for j in range(kw):
                rows = slice(i * dilation[0], i * dilation[0] + (oh - 1) * stride[0] + 1, stride[0])
                cols = slice(j * dilation[1], j * dilation[1] + (ow - 1) * stride[1] + 1, stride[1])
                y[:, outs] += np.einsum("nchw,kc->nkhw", x[:, ins, rows, cols], w[outs, :, i, j])
    return y if bias is None else y + bias.astype(np.float64)[None, :, None, None]


def close(actual, expected):
    """Within what fp32 may lose: a hundred-thousandth of the largest value."""
    assert actual.dtype == np.float32 and actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-5 * np.abs(expected).max())
