"""From what a package carries to what is loaded. Each conversion is exact: the same bytes on every machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# The lowest IR version in which initializers need not be graph inputs too.
_IR_VERSION_MIN = 4


def concatenate(parts: Sequence[bytes]) -> bytes:
    """Join files that were split to fit a package's size limit.

    >>> concatenate([b"ab", b"c"])
    b'abc'
    """
    return b"".join(parts)


def fold_block_quantisation(parts: Sequence[bytes]) -> bytes:
    """Turn the one ONNX model of `parts`, int8 in blocks, into the float32 model that every runtime loads.

    The weights of the packaged YuNet and SFace are int8 with a scale and zero point for each block along one axis.
    OpenCV 4.10 has no such operator. Each `DequantizeLinear` and the
    `Reshape` behind it are replaced by their result; onnx's reference evaluator gives the same numbers (difference 0).

    The picture is the graph's first input. Raises ValueError when there isn't exactly one part, or when a scale, a
    zero point or a shape isn't a constant.
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load_model_from_string(_single(parts))
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    folded: dict[str, npt.NDArray[np.float32]] = {}
    kept_nodes: list[onnx.NodeProto] = []

    def constant(name: str) -> npt.NDArray[Any]:
        if name not in constants:
            raise ValueError(f"{name} isn't a constant of the model")
        return numpy_helper.to_array(constants[name])

    for node in graph.node:
        if node.op_type == "DequantizeLinear":
            quantised, scale, zero_point = (constant(name) for name in node.input)
            attributes = {attribute.name: attribute.i for attribute in node.attribute}
            folded[node.output[0]] = _dequantise(
                quantised, scale, zero_point, attributes.get("axis", 1), attributes.get("block_size", 0)
            )
        elif node.op_type == "Reshape" and node.input[0] in folded:
            lengths = [int(length) for length in constant(node.input[1])]
            folded[node.output[0]] = folded.pop(node.input[0]).reshape(lengths)
        else:
            kept_nodes.append(node)

    needed = {name for node in kept_nodes for name in node.input}
    kept_constants = [tensor for tensor in graph.initializer if tensor.name in needed]
    _replace(graph.node, kept_nodes)
    _replace(graph.initializer, kept_constants)
    graph.initializer.extend(numpy_helper.from_array(weight, name) for name, weight in folded.items())
    # Weights are listed as inputs and described in value_info by some exporters; neither says anything to a runtime.
    _replace(graph.input, graph.input[:1])
    del graph.value_info[:]
    model.ir_version = max(model.ir_version, _IR_VERSION_MIN)
    return bytes(model.SerializeToString(deterministic=True))


def _replace(field: Any, kept: Sequence[Any]) -> None:
    """Let the repeated protobuf `field` hold `kept` alone, which are some of its own messages."""
    copies = [type(message).FromString(message.SerializeToString(deterministic=True)) for message in kept]
    del field[:]
    field.extend(copies)


def _dequantise(
    quantised: npt.NDArray[Any],
    scale: npt.NDArray[Any],
    zero_point: npt.NDArray[Any],
    axis: int,
    block_size: int,
) -> npt.NDArray[np.float32]:
    """(int32 q - zero point) x scale, both repeated over their block along `axis` and cut to the weight's length."""
    import numpy as np

    if block_size:
        length = quantised.shape[axis]
        scale, zero_point = (
            np.repeat(values, block_size, axis=axis).take(range(length), axis=axis) for values in (scale, zero_point)
        )
    elif scale.ndim == 1:
        along = [1] * quantised.ndim
        along[axis] = -1
        scale, zero_point = scale.reshape(along), zero_point.reshape(along)
    centred = quantised.astype(np.int32) - zero_point.astype(np.int32)
    return centred.astype(np.float32) * scale.astype(np.float32)


def _single(parts: Sequence[bytes]) -> bytes:
    if len(parts) != 1:
        raise ValueError(f"one part expected, {len(parts)} given")
    return parts[0]


CONVERSIONS: Mapping[str, Callable[[Sequence[bytes]], bytes]] = MappingProxyType(
    {"none": _single, "concatenate": concatenate, "fold_block_quantisation": fold_block_quantisation}
)
