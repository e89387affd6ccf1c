"""`verify-svc models`, as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verify_svc.cli import main
from verify_svc.inference.manifest import WEIGHTS_DIR_VARIABLE, manifest


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(WEIGHTS_DIR_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("empty")
def test_verify_says_what_is_missing_and_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "verify"]) == 1

    output = capsys.readouterr()
    assert "missing  face_detection_yunet_2023mar.onnx" in output.out
    assert "verify-svc models fetch" in output.err


@pytest.mark.usefixtures("empty")
def test_verify_as_json_lists_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "verify", "--json"]) == 1

    answer = json.loads(capsys.readouterr().out)
    assert answer["right"] is False
    assert {file["state"] for file in answer["files"]} == {"missing"}


def test_list_as_json_has_every_weight(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list", "--json"]) == 0

    assert [weight["name"] for weight in json.loads(capsys.readouterr().out)["weights"]] == list(manifest())


def test_fetch_from_a_folder_without_the_files_says_which_and_exits_1(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "fetch", "--from", str(empty / "nothing")]) == 1

    assert "face_landmarker.task is missing" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["models"], ["no-such-command"], ["models", "verify", "--wrong"]])
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
