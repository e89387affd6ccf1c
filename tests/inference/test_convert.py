"""A converted model gives the numbers that onnx's reference evaluator gives for the original."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from verify_svc.inference.convert import (
    convert,
    fill_channels,
    fold_block_quantisation,
    free_picture_size,
    mirror_narrow_slopes,
    split_prelu,
    take_bytes_in_planes,
)


def _quantised_convolution(block_size: int) -> bytes:
    """A convolution whose 3 x 2 x 3 x 3 weight is stored as 3 x 18, int8 in blocks of `block_size` along axis 1."""
    rng = np.random.default_rng(1)
    blocks = -(-18 // block_size)
    constants = [
        numpy_helper.from_array(rng.integers(-128, 128, (3, 18), dtype=np.int8), "weight_quantised"),
        numpy_helper.from_array(rng.uniform(0.01, 0.1, (3, blocks)).astype(np.float32), "scale"),
        numpy_helper.from_array(rng.integers(-5, 5, (3, blocks), dtype=np.int8), "zero_point"),
        numpy_helper.from_array(np.array([3, 2, 3, 3], np.int64), "shape"),
    ]
    nodes = [
        helper.make_node(
            "DequantizeLinear", ["weight_quantised", "scale", "zero_point"], ["flat"], axis=1, block_size=block_size
        ),
        helper.make_node("Reshape", ["flat", "shape"], ["weight"]),
        helper.make_node("Conv", ["picture", "weight"], ["answer"]),
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 2, 5, 5])
    weight = helper.make_tensor_value_info("weight", TensorProto.FLOAT, [3, 2, 3, 3])
    answer = helper.make_tensor_value_info("answer", TensorProto.FLOAT, [1, 3, 3, 3])
    graph = helper.make_graph(nodes, "blocks", [picture, weight], [answer], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return bytes(model.SerializeToString())


@pytest.mark.parametrize("block_size", [6, 8, 18], ids=["even", "last block cut", "one block"])
def test_folded_model_gives_the_same_numbers(block_size: int) -> None:
    original = onnx.load_model_from_string(_quantised_convolution(block_size))
    del original.graph.input[1:]
    folded = onnx.load_model_from_string(fold_block_quantisation([_quantised_convolution(block_size)]))
    picture = np.random.default_rng(2).normal(size=(1, 2, 5, 5)).astype(np.float32)

    (wanted,) = ReferenceEvaluator(original).run(None, {"picture": picture})
    (given,) = ReferenceEvaluator(folded).run(None, {"picture": picture})

    np.testing.assert_array_equal(given, wanted)


def test_folded_model_takes_the_picture_alone_and_holds_no_quantised_tensor() -> None:
    graph = onnx.load_model_from_string(fold_block_quantisation([_quantised_convolution(6)])).graph

    assert [value.name for value in graph.input] == ["picture"]
    assert [node.op_type for node in graph.node] == ["Conv"]
    assert [tensor.name for tensor in graph.initializer] == ["weight"]


def test_scale_that_is_no_constant_is_refused() -> None:
    model = onnx.load_model_from_string(_quantised_convolution(6))
    model.graph.node[0].input[1] = "picture"

    with pytest.raises(ValueError, match="picture isn't a constant"):
        fold_block_quantisation([model.SerializeToString()])


def test_two_models_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="one part expected, 2 given"):
        fold_block_quantisation([b"", b""])


def _sloped(*slopes: float) -> bytes:
    """A `PRelu` with one slope a channel."""
    constants = [numpy_helper.from_array(np.array(slopes, np.float32).reshape(-1, 1, 1), "slopes")]
    shape = [1, len(slopes), 5, 5]
    graph = helper.make_graph(
        [helper.make_node("PRelu", ["picture", "slopes"], ["answer"])],
        "sloped",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("answer", TensorProto.FLOAT, shape)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return bytes(model.SerializeToString())


def test_split_slopes_give_the_same_numbers() -> None:
    slopes = (0.25, 1.12, -0.8, 1.0)
    picture = np.random.default_rng(3).normal(size=(1, 4, 5, 5)).astype(np.float32)
    split = onnx.load_model_from_string(split_prelu([_sloped(*slopes)]))

    wanted, given = _both(_sloped(*slopes), split.SerializeToString(), picture)

    assert {node.op_type for node in split.graph.node} == {"Conv", "Relu", "Add"}
    np.testing.assert_allclose(given, wanted, atol=1e-6)


def test_a_slope_that_is_no_constant_is_refused() -> None:
    model = onnx.load_model_from_string(_sloped(0.25))
    model.graph.node[0].input[1] = "picture"

    with pytest.raises(ValueError, match="picture isn't a constant"):
        split_prelu([model.SerializeToString()])


def test_a_freed_model_takes_pictures_of_another_size() -> None:
    freed = onnx.load_model_from_string(
        convert([_quantised_convolution(6)], ("fold_block_quantisation", "free_picture_size"))
    )

    (answer,) = ReferenceEvaluator(freed).run(None, {"picture": np.zeros((1, 2, 9, 7), np.float32)})

    assert np.asarray(answer).shape == (1, 3, 7, 5)
    assert free_picture_size([freed.SerializeToString(deterministic=True)]) == freed.SerializeToString(
        deterministic=True
    )


def _narrowing(channels: int) -> bytes:
    """A convolution of one pixel, a `PRelu`, a depthwise convolution and one of one pixel: a bottleneck."""
    rng = np.random.default_rng(4)
    shapes = {
        "first": (channels, 4, 1, 1),
        "first_bias": (channels,),
        "slopes": (channels, 1, 1),
        "across": (channels, 1, 3, 3),
        "across_bias": (channels,),
        "last": (4, channels, 1, 1),
        "last_bias": (4,),
    }
    constants = [
        numpy_helper.from_array(rng.normal(size=shape).astype(np.float32), name) for name, shape in shapes.items()
    ]
    nodes = [
        helper.make_node("Conv", ["picture", "first", "first_bias"], ["narrow"], kernel_shape=[1, 1]),
        helper.make_node("PRelu", ["narrow", "slopes"], ["bent"]),
        helper.make_node("Conv", ["bent", "across", "across_bias"], ["seen"], kernel_shape=[3, 3], group=channels),
        helper.make_node("Conv", ["seen", "last", "last_bias"], ["answer"], kernel_shape=[1, 1]),
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 4, 6, 6])
    answer = helper.make_tensor_value_info("answer", TensorProto.FLOAT, [1, 4, 4, 4])
    graph = helper.make_graph(nodes, "narrowing", [picture], [answer], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return bytes(model.SerializeToString())


def _both(original: bytes, changed: bytes, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What both models make of the picture."""
    return _answer(original, picture), _answer(changed, picture)


def _answer(model: bytes, picture: np.ndarray) -> np.ndarray:
    (answer,) = ReferenceEvaluator(onnx.load_model_from_string(model)).run(None, {"picture": picture})
    return np.asarray(answer)


def test_both_signs_beside_each_other_give_the_same_numbers() -> None:
    picture = np.random.default_rng(5).normal(size=(1, 4, 6, 6)).astype(np.float32)
    mirrored = mirror_narrow_slopes([_narrowing(8)])

    wanted, given = _both(_narrowing(8), mirrored, picture)

    nodes = onnx.load_model_from_string(mirrored).graph.node
    assert [node.op_type for node in nodes] == ["Conv", "Relu", "Conv", "Conv"]
    np.testing.assert_allclose(given, wanted, atol=1e-5)


@pytest.mark.parametrize("how", ["wide", "seen twice"])
def test_slopes_of_a_wide_layer_and_what_is_seen_twice_stay(how: str) -> None:
    model = onnx.load_model_from_string(_narrowing(9 if how == "wide" else 8))
    if how == "seen twice":
        model.graph.node.append(helper.make_node("Relu", ["bent"], ["beside"]))

    nodes = onnx.load_model_from_string(mirror_narrow_slopes([model.SerializeToString()])).graph.node

    assert "PRelu" in [node.op_type for node in nodes]


def test_a_weight_of_a_narrow_layer_that_is_no_constant_is_refused() -> None:
    model = onnx.load_model_from_string(_narrowing(8))
    model.graph.node[1].input[1] = "picture"

    with pytest.raises(ValueError, match="picture isn't a constant"):
        mirror_narrow_slopes([model.SerializeToString()])


@pytest.mark.parametrize("channels", [5, 16, 23])
def test_channels_filled_up_to_sixteens_give_the_same_numbers(channels: int) -> None:
    picture = np.random.default_rng(6).normal(size=(1, 4, 6, 6)).astype(np.float32)
    filled = fill_channels([_narrowing(channels)])

    wanted, given = _both(_narrowing(channels), filled, picture)

    shapes = {tensor.name: tensor.dims[0] for tensor in onnx.load_model_from_string(filled).graph.initializer}
    assert {shapes[name] % 16 for name in ("first", "first_bias", "slopes", "across", "across_bias")} == {0}
    assert shapes["last"] == 4
    np.testing.assert_allclose(given, wanted, atol=1e-5)


@pytest.mark.parametrize("name", ["bent", "seen"])
def test_channels_that_something_else_takes_too_are_not_filled_up(name: str) -> None:
    model = onnx.load_model_from_string(_narrowing(5))
    model.graph.node.append(helper.make_node("Relu", [name], ["beside"]))
    before = model.SerializeToString(deterministic=True)

    assert fill_channels([before]) == before


def _of_a_picture_of_shares() -> onnx.ModelProto:
    """A picture (1, height, width, 3) of 0-1, laid out anew for a convolution."""
    weight = np.random.default_rng(7).normal(size=(4, 3, 3, 3)).astype(np.float32)
    nodes = [
        helper.make_node("Transpose", ["picture"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "weight"], ["answer"], pads=[1, 1, 1, 1]),
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 6, 5, 3])
    answer = helper.make_tensor_value_info("answer", TensorProto.FLOAT, [1, 4, 6, 5])
    constants = [numpy_helper.from_array(weight, "weight")]
    graph = helper.make_graph(nodes, "picture", [picture], [answer], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def test_a_picture_of_bytes_in_planes_gives_the_numbers_of_one_of_shares() -> None:
    original = _of_a_picture_of_shares().SerializeToString()
    seen = np.random.default_rng(8).integers(0, 256, (1, 6, 5, 3)).astype(np.float32)

    wanted = _answer(original, seen / 255)
    given = _answer(take_bytes_in_planes([original]), seen.transpose(0, 3, 1, 2))

    np.testing.assert_allclose(given, wanted, atol=1e-5)


def test_a_picture_that_is_used_otherwise_keeps_its_shape() -> None:
    model = _of_a_picture_of_shares()
    model.graph.node.append(helper.make_node("Relu", ["planes"], ["beside"]))

    with pytest.raises(ValueError, match="laid out anew for one convolution"):
        take_bytes_in_planes([model.SerializeToString()])
