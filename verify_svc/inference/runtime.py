"""ONNX Runtime sessions as every room of this house wants them: one thread, quiet, no spinning."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def onnx_session(path: Path) -> Any:
    """A CPU session on one thread. The pool's number of children is what scales; spinning threads burn its cores."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
