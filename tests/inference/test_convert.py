"""A converted model gives the numbers that onnx's reference evaluator gives for the original."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from verify_svc.inference.convert import convert, fold_block_quantisation, free_picture_size, split_prelu


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


@pytest.mark.parametrize("slopes", [(0.25, -0.8, 1.0), (0.25, 1.12, -0.8)], ids=["gentle", "one above 1"])
def test_split_slopes_give_the_same_numbers(slopes: tuple[float, ...]) -> None:
    picture = np.random.default_rng(3).normal(size=(1, 3, 5, 5)).astype(np.float32)
    original = onnx.load_model_from_string(_sloped(*slopes))
    split = onnx.load_model_from_string(split_prelu([_sloped(*slopes)]))

    wanted, given = (
        np.asarray(ReferenceEvaluator(model).run(None, {"picture": picture})) for model in (original, split)
    )

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
