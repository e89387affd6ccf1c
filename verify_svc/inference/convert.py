"""From what a package carries to what is loaded. Each conversion is exact: the same bytes on every machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import onnx

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


def split_prelu(parts: Sequence[bytes]) -> bytes:
    """Put two convolutions of one pixel for each `PRelu` of the one ONNX model of `parts`: ax + (1 - a) max(x, 0).

    ONNX Runtime computes a convolution in a fraction of the time (docs/decisions/0019); the numbers are the same but
    for rounding. Raises ValueError when there isn't exactly one part, or when a slope isn't a constant.
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load_model_from_string(_single(parts))
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    kept_nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type != "PRelu":
            kept_nodes.append(node)
            continue
        if node.input[1] not in constants:
            raise ValueError(f"{node.input[1]} isn't a constant of the model")
        slope = numpy_helper.to_array(constants[node.input[1]]).reshape(-1, 1, 1, 1)
        kept_nodes += _split(node, len(slope), bool(slope.max() <= 1))
        graph.initializer.append(numpy_helper.from_array(slope, f"{node.output[0]}_slope"))
        graph.initializer.append(numpy_helper.from_array(1 - slope, f"{node.output[0]}_rest"))

    needed = {name for node in kept_nodes for name in node.input}
    kept_constants = [tensor for tensor in graph.initializer if tensor.name in needed]
    _replace(graph.node, kept_nodes)
    _replace(graph.initializer, kept_constants)
    return bytes(model.SerializeToString(deterministic=True))


def _split(node: onnx.NodeProto, channels: int, gentle: bool) -> list[onnx.NodeProto]:
    """The nodes instead of a `PRelu`; `gentle`: no slope is above 1."""
    from onnx import helper

    given, answer = node.input[0], node.output[0]
    slope, rest, above, positive = (f"{answer}_{part}" for part in ("slope", "rest", "above", "positive"))

    def each(source: str, factor: str, result: str) -> onnx.NodeProto:
        """Every channel times a factor of its own."""
        return helper.make_node("Conv", [source, factor], [result], result, group=channels, kernel_shape=[1, 1])

    if gentle:  # (1 - a) max(x, 0) is max((1 - a) x, 0): one step with its convolution
        upper = [
            each(given, rest, positive),
            helper.make_node("Relu", [positive], [above], above),
        ]
    else:
        upper = [
            helper.make_node("Relu", [given], [positive], positive),
            each(positive, rest, above),
        ]
    sloped = f"{slope}d"
    return [
        *upper,
        each(given, slope, sloped),
        helper.make_node("Add", [sloped, above], [answer], answer),
    ]


def free_picture_size(parts: Sequence[bytes]) -> bytes:
    """Let the one ONNX model of `parts` take pictures (1, 3, height, width) of any size instead of one.

    Raises ValueError when there isn't exactly one part.
    """
    import onnx

    model = onnx.load_model_from_string(_single(parts))
    for axis, name in ((2, "height"), (3, "width")):
        model.graph.input[0].type.tensor_type.shape.dim[axis].dim_param = name
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    del model.graph.value_info[:]
    return bytes(model.SerializeToString(deterministic=True))


def convert(parts: Sequence[bytes], conversions: Sequence[str]) -> bytes:
    """What these conversions, one after the other, make of the parts; raises KeyError for an unknown one."""
    for name in conversions:
        parts = [CONVERSIONS[name](parts)]
    return _single(parts)


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
    {
        "concatenate": concatenate,
        "fold_block_quantisation": fold_block_quantisation,
        "free_picture_size": free_picture_size,
        "split_prelu": split_prelu,
    }
)
