"""Networks as every room of this house runs them, on ONNX Runtime and LiteRT: one thread, quiet, no spinning."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BY_DOUBLING, _USUAL = 0, -1  # how ONNX Runtime's memory grows


def onnx_session(path: Path) -> Any:
    """A CPU session on one thread. The pool's number of children is what scales; spinning threads burn its cores."""
    import onnxruntime

    _share_memory()
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def _share_memory() -> None:
    """Let all sessions of this process take turns in one memory: each with its own keeps the most that it ever took."""
    import onnxruntime

    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    growth = onnxruntime.OrtArenaCfg(0, _BY_DOUBLING, _USUAL, _USUAL)
    onnxruntime.create_and_register_allocator(memory, growth)


def planes(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A picture (height, width, 3) as most networks of ONNX Runtime's take it: (1, 3, height, width)."""
    import cv2

    answer = np.empty((1, 3, *picture.shape[:2]), np.float32)
    for place, plane in enumerate(cv2.split(picture)):  # numpy alone takes ten times as long
        answer[0, place] = plane
    return answer


@cache
def giving_back() -> Any:
    """Options of a run after which this memory is given back to the kernel, but for what holds weights: for a network
    that takes much of it and is asked seldom."""
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


class LiteNetwork:
    """A network in TFLite's format, with one input, on one thread."""

    def __init__(self, content: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter

        with _native_silence():
            self._interpreter: Any = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [output["index"] for output in self._interpreter.get_output_details()]

    def __call__(self, picture: NDArray[np.float32] | NDArray[np.uint8]) -> list[NDArray[Any]]:
        """The network's outputs, each with its first axis of one, for this input, in the network's own numbers."""
        self._interpreter.set_tensor(self._input, picture)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(output) for output in self._outputs]


@contextmanager
def _native_silence() -> Iterator[None]:
    """What native code writes to the standard error is dropped meanwhile: LiteRT greets each network."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
