"""The manifest's rules, on a manifest of two small weights."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from verify_svc.inference.manifest import (
    WEIGHTS_DIR_VARIABLE,
    Weight,
    WeightsError,
    inspect_weights,
    manifest,
    read_manifest,
    verify_weights,
    weight_path,
)

_CONTENT = {"one.bin": b"one", "two/a.bin": b"first", "two/b.bin": b"second"}


@pytest.fixture
def weights(tmp_path: Path) -> Mapping[str, Weight]:
    lines = ["[carrier.box]", 'ecosystem = "pypi"', 'package = "box"', 'version = "1"', "size_bytes = 1"]
    for name, paths in (("one", ["one.bin"]), ("two", ["two/a.bin", "two/b.bin"])):
        lines += ["[[weight]]", f'name = "{name}"', 'version = "1"', 'licence = "MIT"', 'used_for = "tests"']
        for path in paths:
            sha256 = hashlib.sha256(_CONTENT[path]).hexdigest()
            lines += ["[[weight.file]]", f'path = "{path}"', f"size_bytes = {len(_CONTENT[path])}"]
            lines += [f'sha256 = "{sha256}"', "[[weight.file.part]]", 'carrier = "box"', 'path = "p"']
            lines += [f'sha256 = "{sha256}"']
    source = tmp_path / "MANIFEST.toml"
    source.write_text("\n".join(lines))
    return read_manifest(source)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "weights"
    for path, content in _CONTENT.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def test_right_files_pass(folder: Path, weights: Mapping[str, Weight]) -> None:
    verify_weights(folder, weights)


def test_missing_file_is_named_with_its_mending(folder: Path, weights: Mapping[str, Weight]) -> None:
    (folder / "two/a.bin").unlink()

    with pytest.raises(WeightsError, match=r"two/a\.bin: missing[^$]*verify-svc models fetch"):
        verify_weights(folder, weights)


def test_file_of_the_right_size_with_wrong_content_is_named(folder: Path, weights: Mapping[str, Weight]) -> None:
    (folder / "one.bin").write_bytes(b"0ne")

    with pytest.raises(WeightsError, match=r"one\.bin: wrong"):
        verify_weights(folder, weights)


def test_every_fault_is_named_at_once(folder: Path, weights: Mapping[str, Weight]) -> None:
    (folder / "one.bin").unlink()
    (folder / "two/b.bin").write_bytes(b"")

    assert [state.state for state in inspect_weights(folder, weights)] == ["missing", "right", "wrong"]


def test_weight_of_several_files_is_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(WEIGHTS_DIR_VARIABLE, str(tmp_path))

    assert weight_path("yunet") == tmp_path / "face_detection_yunet_2023mar.onnx"
    assert weight_path("PP-OCRv6_small_rec") == tmp_path / "PP-OCRv6_small_rec"


def test_unknown_weight_is_refused() -> None:
    with pytest.raises(KeyError):
        weight_path("no-such-weight")


def test_carrier_that_is_not_declared_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "MANIFEST.toml"
    source.write_text(
        "[carrier]\n[[weight]]\nname='w'\nversion='1'\nlicence='MIT'\nused_for='x'\n"
        "[[weight.file]]\npath='w'\nsize_bytes=1\nsha256=''\n[[weight.file.part]]\ncarrier='none'\npath='p'\nsha256=''"
    )

    with pytest.raises(KeyError):
        read_manifest(source)


@pytest.mark.weights
def test_files_of_the_project_are_right() -> None:
    assert {state.state for state in inspect_weights(weights=manifest())} == {"right"}
