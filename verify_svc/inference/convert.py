"""From what a package carries to what is loaded. Each conversion is exact: the same bytes on every machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
_LAID = 16  # channels beside each other, as ONNX Runtime lays them on a processor with AVX-512


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
    network = _Network(parts)
    graph = network.graph
    folded: dict[str, npt.NDArray[np.float32]] = {}
    kept_nodes: list[onnx.NodeProto] = []

    for node in graph.node:
        if node.op_type == "DequantizeLinear":
            quantised, scale, zero_point = (network.weight(name) for name in node.input)
            attributes = {attribute.name: attribute.i for attribute in node.attribute}
            folded[node.output[0]] = _dequantise(
                quantised, scale, zero_point, attributes.get("axis", 1), attributes.get("block_size", 0)
            )
        elif node.op_type == "Reshape" and node.input[0] in folded:
            lengths = [int(length) for length in network.weight(node.input[1])]
            folded[node.output[0]] = folded.pop(node.input[0]).reshape(lengths)
        else:
            kept_nodes.append(node)

    _replace(graph.node, kept_nodes)
    for name, weight in folded.items():
        network.add(name, weight)
    # Weights are listed as inputs and described in value_info by some exporters; neither says anything to a runtime.
    _replace(graph.input, graph.input[:1])
    del graph.value_info[:]
    network.model.ir_version = max(network.model.ir_version, _IR_VERSION_MIN)
    return network.saved()


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
    from onnx import helper

    network = _Network(parts)

    def change(node: onnx.NodeProto, weight: npt.NDArray[Any], bias: npt.NDArray[Any]) -> None:
        for name, values in zip(node.input[1:], (weight, bias), strict=True):
            network.change(name, values)

    for slope in [node for node in network.graph.node if node.op_type == "PRelu"]:
        before, across = network.maker(slope.input[0]), network.only_user(slope)
        after = network.only_user(across) if across is not None else None
        if before is None or across is None or after is None:
            continue
        if {each.op_type for each in (before, across, after)} != {"Conv"}:
            continue
        slopes = network.weight(slope.input[1]).reshape(-1, 1, 1, 1)
        if slopes.size > _NARROW or _groups(across) != slopes.size or network.only_user(before) is None:
            continue
        weight, bias = (network.weight(name) for name in before.input[1:])
        change(before, np.concatenate([weight, -weight]), np.concatenate([bias, -bias]))
        weight, bias = (network.weight(name) for name in across.input[1:])
        change(across, np.concatenate([weight, -slopes * weight]), np.concatenate([bias, np.zeros_like(bias)]))
        _regroup(across, 2 * slopes.size)
        weight, bias = (network.weight(name) for name in after.input[1:])
        change(after, np.concatenate([weight, weight], axis=1), bias)
        slope.CopyFrom(helper.make_node("Relu", slope.input[:1], slope.output, slope.name))
    return network.saved()


def fill_channels(parts: Sequence[bytes]) -> bytes:
    """Fill up with zeros what lies between two convolutions of the one ONNX model of `parts`, where that is `PRelu` and
    depthwise convolutions alone, until its channels are whole sixteens.

    ONNX Runtime lays channels in sixteens, and is slow with a depthwise convolution of any other number of them
    (docs/decisions/0019); the numbers are the same but for rounding. Raises ValueError when there isn't exactly one
    part, or when a weight isn't a constant.
    """
    import numpy as np

    network = _Network(parts)
    for first in [node for node in network.graph.node if node.op_type == "Conv"]:
        channels = len(network.weight(first.input[1]))
        filled = -(-channels // _LAID) * _LAID
        between: list[onnx.NodeProto] = []
        last = network.only_user(first)
        while last is not None and (last.op_type == "PRelu" or 1 < channels == _groups(last)):
            between.append(last)
            last = network.only_user(last)
        if not between or last is None or last.op_type != "Conv" or _groups(first) != 1 or _groups(last) != 1:
            continue
        for node in (first, *between):
            for name in node.input[1:]:
                values = network.weight(name)
                network.change(
                    name, np.concatenate([values, np.zeros((filled - channels, *values.shape[1:]), np.float32)])
                )
            if _groups(node) == channels:
                _regroup(node, filled)
        values = network.weight(last.input[1])
        network.change(last.input[1], np.pad(values, ((0, 0), (0, filled - channels), (0, 0), (0, 0))))
    del network.graph.value_info[:]
    return network.saved()


def take_bytes_in_planes(parts: Sequence[bytes]) -> bytes:
    """Let the one ONNX model of `parts` take its picture as (1, 3, height, width) of 0–255, where it takes
    (1, height, width, 3) of 0–1.

    That it lays its picture out anew, and that the picture is divided before, is dropped; its first convolution's
    weights are divided instead. The numbers are the same but for rounding. Raises ValueError when there isn't exactly
    one part, or when the picture is used otherwise.
    """
    import numpy as np

    network = _Network(parts)
    picture, turn = network.graph.input[0], network.graph.node[0]
    first = network.only_user(turn)
    if turn.op_type != "Transpose" or turn.input[0] != picture.name or first is None or first.op_type != "Conv":
        raise ValueError("the picture isn't laid out anew for one convolution")
    _, height, width, channels = (each.dim_value for each in picture.type.tensor_type.shape.dim)
    for each, length in zip(picture.type.tensor_type.shape.dim, (1, channels, height, width), strict=True):
        each.dim_value = length
    first.input[0] = picture.name
    network.change(first.input[1], network.weight(first.input[1]) / np.float32(255))
    network.graph.node.remove(turn)
    return network.saved()


def split_prelu(parts: Sequence[bytes]) -> bytes:
    """Put two convolutions of one pixel for each `PRelu` of the one ONNX model of `parts`: x + (1 - a) max(-x, 0).

    ONNX Runtime computes a convolution in a fraction of the time, the first with its maximum and the second with its
    sum at once (docs/decisions/0019); the numbers are the same but for rounding. Raises ValueError when there isn't
    exactly one part, or when a slope isn't a constant.
    """
    import numpy as np

    network = _Network(parts)
    kept_nodes: list[onnx.NodeProto] = []
    for node in network.graph.node:
        if node.op_type != "PRelu":
            kept_nodes.append(node)
            continue
        slope = network.weight(node.input[1]).reshape(-1, 1, 1, 1)
        kept_nodes += _split(node, len(slope))
        network.add(f"{node.output[0]}_turn", -np.ones_like(slope))
        network.add(f"{node.output[0]}_rest", 1 - slope)
    _replace(network.graph.node, kept_nodes)
    return network.saved()


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


class _Network:
    """An ONNX model to be changed in place, the one of `parts`."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        import onnx

        self.model = onnx.load_model_from_string(_single(parts))
        self.graph = self.model.graph
        self._weights = {tensor.name: tensor for tensor in self.graph.initializer}
        self._makers = {name: node for node in self.graph.node for name in node.output}
        self._users: dict[str, list[onnx.NodeProto]] = {}
        for node in self.graph.node:
            for name in node.input:
                self._users.setdefault(name, []).append(node)

    def maker(self, name: str) -> onnx.NodeProto | None:
        return self._makers.get(name)

    def only_user(self, node: onnx.NodeProto) -> onnx.NodeProto | None:
        """The node that takes what this one gives, where it is one alone."""
        users = self._users.get(node.output[0], [])
        return users[0] if len(users) == 1 else None

    def weight(self, name: str) -> npt.NDArray[Any]:
        """Raises ValueError where it isn't a constant."""
        from onnx import numpy_helper

        if name not in self._weights:
            raise ValueError(f"{name} isn't a constant of the model")
        return numpy_helper.to_array(self._weights[name])

    def add(self, name: str, values: npt.NDArray[Any]) -> None:
        from onnx import numpy_helper

        self.graph.initializer.append(numpy_helper.from_array(values, name))

    def change(self, name: str, values: npt.NDArray[Any]) -> None:
        from onnx import numpy_helper

        self._weights[name].CopyFrom(numpy_helper.from_array(values, name))

    def saved(self) -> bytes:
        """Its bytes, with those weights alone that a node needs."""
        needed = {name for node in self.graph.node for name in node.input}
        _replace(self.graph.initializer, [tensor for tensor in self.graph.initializer if tensor.name in needed])
        return bytes(self.model.SerializeToString(deterministic=True))


def _groups(node: onnx.NodeProto) -> int:
    return int(next((each.i for each in node.attribute if each.name == "group"), 1))


def _regroup(convolution: onnx.NodeProto, groups: int) -> None:
    next(each for each in convolution.attribute if each.name == "group").i = groups


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
        "fill_channels": fill_channels,
        "fold_block_quantisation": fold_block_quantisation,
        "free_picture_size": free_picture_size,
        "mirror_narrow_slopes": mirror_narrow_slopes,
        "split_prelu": split_prelu,
        "take_bytes_in_planes": take_bytes_in_planes,
    }
)
