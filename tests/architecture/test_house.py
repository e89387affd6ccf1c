"""Rules of the house that no linter holds."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from verify_svc import cli
from verify_svc.inference.convert import CONVERSIONS
from verify_svc.inference.manifest import CARDS_DIR, Weight, manifest

_ROOT = Path(__file__).parents[2]
_LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FREE_LICENCES = {"Apache-2.0", "MIT"}
_CARD_HEADINGS = ("What", "Source", "Licence", "Training data", "Used for", "Measured beforehand", "Limits")
_VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
_HEAVY = ("cv2", "ai_edge_litert", "onnxruntime", "paddleocr", "ctranslate2", "dbos", "flask", "sqlalchemy")


def test_cards_and_weights_are_the_same_set() -> None:
    assert {path.stem for path in CARDS_DIR.glob("*.md")} == set(manifest())


@pytest.mark.parametrize("weight", manifest().values(), ids=list(manifest()))
def test_card_says_all_that_it_must(weight: Weight) -> None:
    card = weight.card_path.read_text(encoding="utf-8")

    assert card.startswith(f"# {weight.name}\n")
    assert re.findall(r"^- \*\*([^*]+):\*\* ", card, re.MULTILINE) == list(_CARD_HEADINGS)
    assert f"**Licence:** {weight.licence}." in card
    for part in (part for file in weight.files for part in file.parts):
        assert part.carrier.version in card


@pytest.mark.parametrize("weight", manifest().values(), ids=list(manifest()))
def test_manifest_pins_every_file_and_part(weight: Weight) -> None:
    assert weight.licence in _FREE_LICENCES
    for file in weight.files:
        assert _SHA256.fullmatch(file.sha256)
        assert set(file.conversions) <= set(CONVERSIONS)
        assert all(_SHA256.fullmatch(part.sha256) for part in file.parts)
        if not file.conversions:
            assert [part.sha256 for part in file.parts] == [file.sha256]
        if len(weight.files) > 1:
            assert file.path.startswith(f"{weight.name}/")


@pytest.mark.parametrize("name", _LOCKS)
def test_lock_pins_by_hash_and_names_no_address(name: str) -> None:
    lock = (_ROOT / name).read_text(encoding="utf-8")

    assert "://" not in lock
    assert "index-url" not in lock
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_runtime_lock_is_part_of_the_dev_lock() -> None:
    pins = [
        {line.split(" ")[0] for line in (_ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line}
        for name in _LOCKS[:2]
    ]
    assert pins[0] <= pins[1]


def test_direct_dependencies_are_pinned() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *chain.from_iterable(project["dependency-groups"].values())]

    assert [requirement for requirement in wanted if "==" not in requirement] == []


def test_each_command_has_its_module_and_each_module_its_command() -> None:
    folder = Path(cli.__file__).parent / "commands"
    modules = {path.stem for path in folder.glob("*.py") if "def configure(" in path.read_text(encoding="utf-8")}
    # `check_face` holds what `check` does for `face`.
    parts = {name for name in modules if name.partition("_")[0] in cli.COMMANDS and "_" in name}

    assert modules - parts == set(cli.COMMANDS)


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; from verify_svc import cli\n"
        "try: cli.main(['--help'])\nexcept SystemExit: pass\n"
        f"print('loaded:', [name for name in {_HEAVY!r} if name in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert output.splitlines()[-1] == "loaded: []"


def test_no_module_has_a_vague_name() -> None:
    modules = [path for room in ("verify_svc", "portal") for path in (_ROOT / room).rglob("*.py")]

    assert [path for path in modules if path.stem in _VAGUE_NAMES or path.parent.name in _VAGUE_NAMES] == []


def test_only_settings_and_the_weights_folder_read_the_environment() -> None:
    allowed = {
        "verify_svc/settings.py",
        "verify_svc/inference/manifest.py",  # spawned children inherit that of the environment alone
        "verify_svc/inference/processes.py",  # hands on to children what is no secret
        "verify_svc/inference/fetch.py",  # hands it on to pip and npm
        "verify_svc/commands/models.py",  # weights are fetched before there are settings
    }
    readers = {
        path.relative_to(_ROOT).as_posix()
        for path in (_ROOT / "verify_svc").rglob("*.py")
        if re.search(r"os\.environ(\.get|\[[^\]]+\](?! ?=[^=])| \|)|os\.getenv", path.read_text(encoding="utf-8"))
    }
    assert readers <= allowed


def test_readme_names_the_two_commands() -> None:
    readme = (_ROOT / "README.md").read_text(encoding="utf-8")

    assert "make run" in readme
    assert "make test" in readme
