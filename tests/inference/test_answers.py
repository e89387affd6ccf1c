"""Answers: what a child says is opened as data, whatever it says."""

from __future__ import annotations

import json
import sys
import tracemalloc
from typing import Any

import numpy as np
import pytest

from verify_svc.inference.answers import MOST_TOLD_BYTES, NotData, answer_parts, received_answer
from verify_svc.inference.child import Born, Returned
from verify_svc.inference.confinement import Confinement
from verify_svc.media.container import ClipRefused
from verify_svc.media.pictures import PictureError, PictureType

_CHILD = "verify_svc.inference.child"
_PICTURES = "verify_svc.media.pictures"


def told(value: object, *parts: bytes) -> Any:
    """What the service makes of an answer that says this."""
    return received_answer([memoryview(json.dumps(value).encode()), *(memoryview(part) for part in parts)])


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -(1 << 70),
        0.1,
        float("inf"),
        "张三 \ud800",
        b"",
        b"\x00\xff",
        bytearray(b"ab"),
        [1, [2, (3, "4")]],
        {"a": (1.5, None), PictureType.PNG: {1, 2}, 3: frozenset({"b"})},
        PictureType.HEIC,
        Born(Confinement(5, True)),
        Returned([Returned(b"a"), b"b"]),
    ],
    ids=repr,
)
def test_data_comes_as_it_was(value: object) -> None:
    back = received_answer(answer_parts(value))
    assert (type(back), back) == (type(value), value)


@pytest.mark.parametrize("error", [PictureError("a", "b"), ClipRefused("c", "d"), KeyError("e"), OSError(2, "f")])
def test_an_error_comes_with_what_it_says(error: Exception) -> None:
    back = received_answer(answer_parts(error))
    assert (type(back), back.args, vars(back)) == (type(error), error.args, vars(error))


@pytest.mark.parametrize("number", [np.float32(0.1), np.int64(-3), np.bool_(True)], ids=repr)
def test_a_number_of_numpys_keeps_its_width(number: np.generic) -> None:
    back = received_answer(answer_parts((number,)))[0]
    assert (back.dtype, back) == (number.dtype, number)


@pytest.mark.parametrize(
    "value",
    [
        ["record", "subprocess", "Popen", ["tuple"]],
        ["record", _CHILD, "live", 3],
        ["record", _CHILD, "Returned", 1],
        ["record", _CHILD, "Returned", 1, 2, 3],
        ["record", _CHILD, "signal", 1],
        ["record", "verify_svc.settings", "Settings"],
        ["member", _PICTURES, "PictureType", "__class__"],
        ["member", _PICTURES, "PictureError", "args"],
        ["error", "builtins", "SystemExit"],
        ["error", "builtins", "eval", "1"],
        ["error", "verify_svc.inference.pool", "ChildPool"],
        ["bytearray", 1 << 40],
        ["bytes"],
        ["array", "O", 1],
        ["array", "u1", 1 << 40],
        ["number", "O", "00" * 8],
        ["set", ["list"]],
        ["dict", 1],
        [],
        [["list"]],
        ["pickle"],
        {},
        [{}],
    ],
    ids=json.dumps,
)
def test_what_names_anything_else_is_not_opened(value: Any) -> None:
    with pytest.raises(NotData):
        told(value, *([b"a part"] if value and value[0] == "array" else []))


@pytest.mark.parametrize("depth", [2_000, 3_000_000])
def test_what_is_told_far_too_deep_is_not_opened(depth: int) -> None:
    with pytest.raises(NotData):
        received_answer([memoryview(b'["tuple",' * depth + b"1" + b"]" * depth)])


def test_a_part_is_used_once() -> None:
    assert told(["list", ["bytes"], ["bytes"]], b"a", b"b") == [b"a", b"b"]
    with pytest.raises(NotData):
        told(["list", ["bytes"], ["bytes"]], b"a")


def test_keys_made_to_collide_are_not_hashed() -> None:
    alike = [index * sys.hash_info.modulus for index in range(20_000)]
    with pytest.raises(NotData, match="too many keys"):
        told(["set", *alike])
    with pytest.raises(NotData, match="too many keys"):
        told(["list", *[["set", *alike[:1_000]] for _ in range(20)]])


def test_more_than_any_answer_tells_is_not_looked_at() -> None:
    much = memoryview(b"[" + b"[]," * (MOST_TOLD_BYTES // 3) + b"[]]")
    tracemalloc.start()
    try:
        with pytest.raises(NotData, match="too much"):
            received_answer([much])
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_what_is_no_json_is_not_opened() -> None:
    for body in (b"", b"\x80\x05N.", b"nothing", b"9" * 5_000, b"\xff"):
        with pytest.raises(NotData):
            received_answer([memoryview(body)])
