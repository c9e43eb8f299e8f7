# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""2-D convolution in fp32 on CPUs, by minimal filtering (Winograd) where that pays.

    import numpy as np, winograd
    y = winograd.conv2d(x, w, bias, padding=1, activation="relu")  # x: [N, C, H, W], float32

For repeated use make a Plan: it transforms the weights once.

    plan = winograd.Plan(x, w, bias, padding=1, activation="relu")
    y = plan.run(x)
    print(plan.info())
"""

from ._winograd import (
    BadPackedDataError,
    CopyWarning,
    Error,
    InvalidArgumentError,
    OutOfMemoryError,
    PackedWeights,
    Plan,
    PlanInfo,
    UnsupportedError,
    WorkspaceError,
    __version__,
    info,
)

__all__ = [
    "BadPackedDataError",
    "CopyWarning",
    "Error",
    "InvalidArgumentError",
    "OutOfMemoryError",
    "PackedWeights",
    "Plan",
    "PlanInfo",
    "UnsupportedError",
    "WorkspaceError",
    "__version__",
    "conv2d",
    "info",
]


def conv2d(x, w, bias=None, *, residual=None, out=None, **options):
    """One convolution: makes a Plan, runs it, and throws it away.

    x, w, bias and options (stride, padding, dilation, groups, layout, weight_layout, activation,
    output_scale, output_shift, algorithm, accuracy, max_isa, threads, ...) are those of Plan; out
    and residual those of Plan.run. The transformation of the weights often takes longer than the
    convolution, so for repeated use make a Plan.

    Returns an array of shape [N, K, H', W'] ([N, H', W', K] for layout='nhwc'). Raises what Plan
    and Plan.run do.
    """
    plan = Plan(x, w, bias, residual=residual is not None, **options)
    return plan._run_from(2, x, out, residual)
