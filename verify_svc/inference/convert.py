"""From what a package carries to what is loaded. Each conversion is exact: the same bytes on every machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from verify_svc.inference.lite import in_task, onnx_of_lite

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import onnx

# The lowest IR version in which initializers need not be graph inputs too.
_IR_VERSION_MIN = 4
_NARROW = 8  # channels; measured: at 16 and more both signs beside each other cost what they save


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

    constant = partial(_constant, constants)

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

    _replace(graph.node, kept_nodes)
    _drop_unused(graph)
    graph.initializer.extend(numpy_helper.from_array(weight, name) for name, weight in folded.items())
    # Weights are listed as inputs and described in value_info by some exporters; neither says anything to a runtime.
    _replace(graph.input, graph.input[:1])
    del graph.value_info[:]
    model.ir_version = max(model.ir_version, _IR_VERSION_MIN)
    return bytes(model.SerializeToString(deterministic=True))


def face_landmarks_of_task(parts: Sequence[bytes]) -> bytes:
    """Take the network of the face's points out of the one task of MediaPipe's of `parts`, as an ONNX model.

    ONNX Runtime computes it in four fifths of LiteRT's time, once the next two have changed it too
    (docs/decisions/0019). Raises ValueError when there isn't exactly one part, or when the network is another one.
    """
    network = in_task(_single(parts), "face_landmarks_detector.tflite")
    return bytes(onnx_of_lite(network).SerializeToString(deterministic=True))


def mirror_narrow_slopes(parts: Sequence[bytes]) -> bytes:
    """Put both signs of a channel beside each other instead of each narrow `PRelu` of the one ONNX model of `parts`.

    ONNX Runtime lays channels in sixteens, so that eight of them take no less time than max(x, 0) and max(-x, 0) of
    each; the depthwise convolution behind them is told the slopes, and the one behind that adds both up. The numbers
    are the same but for rounding. Raises ValueError when there isn't exactly one part, or when a weight isn't a
    constant.
    """
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load_model_from_string(_single(parts))
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    makers = {name: node for node in graph.node for name in node.output}
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)

    constant = partial(_constant, constants)

    def only_user(node: onnx.NodeProto) -> onnx.NodeProto | None:
        after = users.get(node.output[0], [])
        return after[0] if len(after) == 1 and after[0].op_type == "Conv" else None

    def change(node: onnx.NodeProto, weight: npt.NDArray[Any], bias: npt.NDArray[Any]) -> None:
        for name, values in ((node.input[1], weight), (node.input[2], bias)):
            constants[name].CopyFrom(numpy_helper.from_array(values, name))

    for slope in [node for node in graph.node if node.op_type == "PRelu"]:
        before, across = makers.get(slope.input[0]), only_user(slope)
        after = only_user(across) if across is not None else None
        if before is None or before.op_type != "Conv" or across is None or after is None:
            continue
        slopes = constant(slope.input[1]).reshape(-1, 1, 1, 1)
        group = next(each for each in across.attribute if each.name == "group")
        if slopes.size > _NARROW or group.i != slopes.size or len(users[slope.input[0]]) > 1:
            continue
        weight, bias = (constant(name) for name in before.input[1:])
        change(before, np.concatenate([weight, -weight]), np.concatenate([bias, -bias]))
        weight, bias = (constant(name) for name in across.input[1:])
        change(across, np.concatenate([weight, -slopes * weight]), np.concatenate([bias, np.zeros_like(bias)]))
        group.i *= 2
        weight, bias = (constant(name) for name in after.input[1:])
        change(after, np.concatenate([weight, weight], axis=1), bias)
        slope.CopyFrom(helper.make_node("Relu", slope.input[:1], slope.output, slope.name))
    _drop_unused(graph)
    return bytes(model.SerializeToString(deterministic=True))


def split_prelu(parts: Sequence[bytes]) -> bytes:
    """Put two convolutions of one pixel for each `PRelu` of the one ONNX model of `parts`: x + (1 - a) max(-x, 0).

    ONNX Runtime computes a convolution in a fraction of the time, the first with its maximum and the second with its
    sum at once (docs/decisions/0019); the numbers are the same but for rounding. Raises ValueError when there isn't
    exactly one part, or when a slope isn't a constant.
    """
    import numpy as np
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
        slope = _constant(constants, node.input[1]).reshape(-1, 1, 1, 1)
        kept_nodes += _split(node, len(slope))
        graph.initializer.append(numpy_helper.from_array(-np.ones_like(slope), f"{node.output[0]}_turn"))
        graph.initializer.append(numpy_helper.from_array(1 - slope, f"{node.output[0]}_rest"))
    _replace(graph.node, kept_nodes)
    _drop_unused(graph)
    return bytes(model.SerializeToString(deterministic=True))


def _split(node: onnx.NodeProto, channels: int) -> list[onnx.NodeProto]:
    """The nodes instead of a `PRelu`."""
    from onnx import helper

    given, answer = node.input[0], node.output[0]
    turned, below, added = (f"{answer}_{part}" for part in ("turned", "below", "added"))

    def each(source: str, factor: str, result: str) -> onnx.NodeProto:
        """Every channel times a factor of its own."""
        return helper.make_node("Conv", [source, factor], [result], result, group=channels, kernel_shape=[1, 1])

    return [
        each(given, f"{answer}_turn", turned),
        helper.make_node("Relu", [turned], [below], below),
        each(below, f"{answer}_rest", added),
        helper.make_node("Add", [added, given], [answer], answer),
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


def _constant(constants: Mapping[str, onnx.TensorProto], name: str) -> npt.NDArray[Any]:
    from onnx import numpy_helper

    if name not in constants:
        raise ValueError(f"{name} isn't a constant of the model")
    return numpy_helper.to_array(constants[name])


def _drop_unused(graph: onnx.GraphProto) -> None:
    """Keep those weights alone that a node needs."""
    needed = {name for node in graph.node for name in node.input}
    _replace(graph.initializer, [tensor for tensor in graph.initializer if tensor.name in needed])


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
        "face_landmarks_of_task": face_landmarks_of_task,
        "fold_block_quantisation": fold_block_quantisation,
        "free_picture_size": free_picture_size,
        "mirror_narrow_slopes": mirror_narrow_slopes,
        "split_prelu": split_prelu,
    }
)
