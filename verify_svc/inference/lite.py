"""A network in TFLite's format → ONNX, as far as MediaPipe's face landmarks need it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import onnx

_OPSET, _IR_VERSION = 13, 8
_ROWS_LAST = (0, 3, 1, 2)  # TFLite's (1, height, width, channels) as ONNX's (1, channels, height, width)
_ROWS_FIRST = (0, 2, 3, 1)


def in_task(task: bytes, name: str) -> bytes:
    """One of the networks in a task of MediaPipe's, which is an archive. KeyError where it has none of that name."""
    with ZipFile(BytesIO(task)) as archive:
        return archive.read(name)


def onnx_of_lite(network: bytes) -> onnx.ModelProto:
    """The network as an ONNX model, its 16-bit weights as 32-bit ones: the same numbers but for rounding.

    Its picture stays (1, height, width, channels), its answers as they are. ValueError where it does what isn't
    written here.
    """
    return _Translation(network).model()


class _Translation:
    """Of one network, step by step."""

    def __init__(self, network: bytes) -> None:
        from ai_edge_litert import schema_py_generated as schema

        self._schema: Any = schema
        self._network: Any = schema.ModelT.InitFromPackedBuf(network, 0)
        (self._graph,) = self._network.subgraphs
        self._widened: dict[int, npt.NDArray[np.float32]] = {}
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        from onnx import TensorProto, helper

        (picture,) = self._graph.inputs
        self._node("Transpose", [self._name_of(picture)], _inner(picture), perm=_ROWS_LAST)
        for step in self._graph.operators:
            self._translate(step)
        answers = []
        for index in self._graph.outputs:
            shape, name = self._shape_of(index), self._name_of(index)
            if len(shape) == 4:
                self._node("Transpose", [_inner(index)], name, perm=_ROWS_FIRST)
            else:
                self._node("Identity", [_inner(index)], name)
            answers.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        given = helper.make_tensor_value_info(self._name_of(picture), TensorProto.FLOAT, self._shape_of(picture))
        graph = helper.make_graph(self._nodes, "network", [given], answers, self._weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)

    def _translate(self, step: Any) -> None:
        kinds = self._schema.BuiltinOperator
        code = self._network.operatorCodes[step.opcodeIndex]
        kind = max(code.builtinCode, code.deprecatedBuiltinCode)
        first, answer, options = step.inputs[0], step.outputs[0], step.builtinOptions
        if getattr(options, "fusedActivationFunction", 0):
            raise ValueError("a step with an activation of its own")
        if kind == kinds.DEQUANTIZE:
            self._widened[answer] = self._constant(first).astype("float32")
        elif kind in (kinds.CONV_2D, kinds.DEPTHWISE_CONV_2D):
            self._convolve(step, kind == kinds.DEPTHWISE_CONV_2D)
        elif kind == kinds.MAX_POOL_2D:
            size, strides = (options.filterHeight, options.filterWidth), (options.strideH, options.strideW)
            pads = self._pads(step, size, strides)
            self._node("MaxPool", [_inner(first)], _inner(answer), kernel_shape=size, strides=strides, pads=pads)
        elif kind == kinds.PRELU:
            slopes = self._constant(step.inputs[1]).reshape(-1, 1, 1)
            self._node("PRelu", [_inner(first), self._weight(f"{answer}_slopes", slopes)], _inner(answer))
        elif kind == kinds.ADD:
            self._node("Add", [_inner(index) for index in step.inputs], _inner(answer))
        elif kind == kinds.PAD:
            self._add_empty_channels(step)
        elif kind == kinds.LOGISTIC:
            self._node("Sigmoid", [_inner(first)], _inner(answer))
        elif kind == kinds.RESHAPE:
            self._reshape(step)
        else:
            raise ValueError(f"step {kind} isn't known")

    def _convolve(self, step: Any, depthwise: bool) -> None:
        first, answer, options = step.inputs[0], step.outputs[0], step.builtinOptions
        # (1, height, width, channels) and (filters, height, width, channels)
        weight = self._constant(step.inputs[1]).transpose((3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
        channels = self._shape_of(first)[3]
        if (options.dilationHFactor, options.dilationWFactor) != (1, 1) or (depthwise and len(weight) != channels):
            raise ValueError("a convolution with holes, or of several filters a channel")
        size, strides = weight.shape[2:], (options.strideH, options.strideW)
        given = [
            _inner(first),
            self._weight(f"{answer}_weight", weight),
            self._weight(f"{answer}_bias", self._constant(step.inputs[2])),
        ]
        pads, group = self._pads(step, size, strides), channels if depthwise else 1
        self._node("Conv", given, _inner(answer), kernel_shape=size, strides=strides, pads=pads, group=group)

    def _pads(self, step: Any, size: Sequence[int], strides: Sequence[int]) -> tuple[int, ...]:
        """Rows and columns added before, then behind: half each where the size is kept, the odd one behind."""
        if step.builtinOptions.padding == self._schema.Padding.VALID:
            return (0, 0, 0, 0)
        given, wanted = self._shape_of(step.inputs[0])[1:3], self._shape_of(step.outputs[0])[1:3]
        missing = [
            max(0, (after - 1) * stride + side - before)
            for before, after, side, stride in zip(given, wanted, size, strides, strict=True)
        ]
        return (*(each // 2 for each in missing), *(each - each // 2 for each in missing))

    def _add_empty_channels(self, step: Any) -> None:
        """Channels of zeros behind the others, by a convolution: ONNX Runtime keeps its own layout over it."""
        import numpy as np

        before, after = self._shape_of(step.inputs[0]), self._shape_of(step.outputs[0])
        added = self._constant(step.inputs[1])
        if added[:3].any() or added[3, 0]:
            raise ValueError("rows, columns or channels in front are added")
        weight = np.eye(after[3], before[3], dtype=np.float32)[:, :, None, None]
        given = [_inner(step.inputs[0]), self._weight(f"{step.outputs[0]}_kept", weight)]
        self._node("Conv", given, _inner(step.outputs[0]), kernel_shape=(1, 1))

    def _reshape(self, step: Any) -> None:
        import numpy as np

        before, after = self._shape_of(step.inputs[0]), self._shape_of(step.outputs[0])
        if before[1:3] != [1, 1]:
            raise ValueError("more than one pixel is laid out anew")
        lengths = self._weight(f"{step.outputs[0]}_shape", np.array(after, np.int64))
        self._node("Reshape", [_inner(step.inputs[0]), lengths], _inner(step.outputs[0]))

    def _node(self, kind: str, given: Sequence[str], answer: str, **how: Any) -> None:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, given, [answer], answer, **how))

    def _weight(self, name: str, values: npt.NDArray[Any]) -> str:
        from onnx import numpy_helper

        self._weights.append(numpy_helper.from_array(values, name))
        return name

    def _constant(self, index: int) -> npt.NDArray[Any]:
        import numpy as np

        if index in self._widened:
            return self._widened[index]
        tensor, types = self._graph.tensors[index], self._schema.TensorType
        data = self._network.buffers[tensor.buffer].data
        kinds = {types.FLOAT16: np.float16, types.FLOAT32: np.float32, types.INT32: np.int32}
        if data is None or tensor.type not in kinds:
            raise ValueError(f"{self._name_of(index)} isn't a constant of the network")
        return np.frombuffer(bytes(data), kinds[tensor.type]).reshape(tensor.shape)

    def _shape_of(self, index: int) -> list[int]:
        return [int(length) for length in self._graph.tensors[index].shape]

    def _name_of(self, index: int) -> str:
        return str(self._graph.tensors[index].name.decode())


def _inner(index: int) -> str:
    """A tensor between two steps, its channels before its rows."""
    return f"inner_{index}"
