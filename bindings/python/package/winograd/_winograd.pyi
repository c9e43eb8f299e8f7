# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
import os
from typing import Any, Literal, Protocol, Sequence, Tuple, TypedDict, TypeVar, Union

from numpy import float32
from numpy.typing import NDArray

class _DLPack(Protocol):
    def __dlpack__(self) -> Any: ...

Array = Union[NDArray[float32], _DLPack]
_Out = TypeVar("_Out", bound=Array)
Pair = Union[int, Sequence[int]]
Padding = Union[int, Sequence[int], Literal["valid", "same"]]
Layout = Literal["nchw", "nhwc"]
WeightLayout = Literal["oihw", "hwio"]
Activation = Union[
    None,
    Literal["none", "relu", "relu6", "leaky_relu", "sigmoid", "tanh", "silu"],
    Literal["hard_sigmoid", "hard_swish", "mish", "gelu_tanh", "prelu"],
    Tuple[Literal["leaky_relu"], float],
    Tuple[Literal["clamp"], float, float],
]
Algorithm = Literal["automatic", "direct", "winograd_f2", "winograd_f3", "winograd_f4", "winograd_f6"]
Accuracy = Literal["strict", "standard", "relaxed"]

__version__: str

class Error(Exception): ...
class InvalidArgumentError(Error, ValueError): ...
class UnsupportedError(Error, NotImplementedError): ...
class WorkspaceError(Error, ValueError): ...
class BadPackedDataError(Error, ValueError): ...
class OutOfMemoryError(Error, MemoryError): ...
class CopyWarning(UserWarning): ...

class _Info(TypedDict):
    version: str
    isas: list[str]
    threads: int

def info() -> _Info: ...

class PackedWeights:
    @staticmethod
    def load(path: Union[str, os.PathLike[str]]) -> PackedWeights: ...
    def save(self, path: Union[str, os.PathLike[str]]) -> None: ...
    @staticmethod
    def from_bytes(data: Union[bytes, bytearray, memoryview]) -> PackedWeights: ...
    def to_bytes(self) -> bytes: ...
    @property
    def algorithm(self) -> str: ...
    @property
    def isa(self) -> str: ...
    @property
    def shape(self) -> Tuple[int, int, int, int]: ...
    @property
    def groups(self) -> int: ...
    @property
    def size_bytes(self) -> int: ...

class PlanInfo:
    @property
    def algorithm(self) -> str: ...
    @property
    def isa(self) -> str: ...
    @property
    def kernel(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def memory_layout(self) -> Layout: ...
    @property
    def expected_rms_error(self) -> float: ...
    @property
    def packed_bytes(self) -> int: ...
    @property
    def workspace_bytes(self) -> int: ...
    @property
    def threads(self) -> int: ...

class Plan:
    def __init__(
        self,
        x: Union[Array, Tuple[int, int, int, int], list[int]],
        w: Union[Array, PackedWeights],
        bias: Union[Array, None] = None,
        *,
        stride: Pair = 1,
        padding: Padding = 0,
        dilation: Pair = 1,
        groups: int = 1,
        layout: Layout = "nchw",
        weight_layout: WeightLayout = "oihw",
        activation: Activation = None,
        residual: bool = False,
        output_scale: Union[Array, None] = None,
        output_shift: Union[Array, None] = None,
        prelu_slopes: Union[Array, None] = None,
        algorithm: Algorithm = "automatic",
        accuracy: Accuracy = "standard",
        max_isa: str = "best",
        workspace_limit_bytes: int = 0,
        packed_limit_bytes: int = 0,
        flush_subnormal_weights: bool = False,
        threads: int = 1,
    ) -> None: ...
    def run(self, x: Array, out: Union[Array, None] = None, residual: Union[Array, None] = None) -> Any: ...
    def _run_from(
        self, stack_level: int, x: Array, out: Union[Array, None], residual: Union[Array, None]
    ) -> Any: ...
    def _seconds_per_run(self, x: Array, out: Array, calls: int) -> float: ...
    def reshaped(
        self,
        *,
        batch: Union[int, None] = None,
        height: Union[int, None] = None,
        width: Union[int, None] = None,
    ) -> Plan: ...
    def info(self) -> PlanInfo: ...
    @property
    def weights(self) -> PackedWeights: ...
    @property
    def input_shape(self) -> Tuple[int, int, int, int]: ...
    @property
    def output_shape(self) -> Tuple[int, int, int, int]: ...
    @property
    def layout(self) -> Layout: ...
    @property
    def memory_layout(self) -> Layout: ...
