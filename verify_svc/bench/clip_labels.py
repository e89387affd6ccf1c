"""The labels of selfie clips: `labels.csv` in a folder of clips, one row a clip. docs/calibration.md describes it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify_svc.bench.faults import ATTACK, FAULTS, GOOD, WORDS, WRONG_DIGITS

_BONA_FIDE, _GENERATED, _ATTACK = "bonafide", "generated", "attack_"
_TRUTHS = frozenset({"", _BONA_FIDE, _GENERATED, "unverified"})
_LANGUAGES = frozenset({"", "zh", "en"})
_MOST_TOLD = 20
_NOBODY_READS = "483026"
"""Asked for where the labels name no challenge."""


class LabelsWrong(ValueError):
    """The labels can't be used; a line for each thing that is wrong."""


@dataclass(frozen=True, slots=True)
class LabelledClip:
    """One clip. `shows` and `free_of` are faults; what is in neither is unknown. `expect` is `pass`, `fault` or
    `unjudged`. `species` is the kind of attack, empty for a living person. `looks` are what a viewer sees of the
    person, for evaluation alone. `challenge` None: no challenge is read in it."""

    path: Path
    file: str
    person: str
    source: str
    what: str
    expect: str
    shows: frozenset[str]
    free_of: frozenset[str]
    words: Mapping[str, str]
    species: str = ""
    looks: frozenset[str] = frozenset()
    challenge: str | None = None
    language: str = "zh"
    reference: Path | None = field(default=None)

    @property
    def bona_fide(self) -> bool:
        """Whether one living person is known to be before the camera."""
        return ATTACK in self.free_of

    def job(self) -> dict[str, Any]:
        """The clip's line of a batch."""
        job: dict[str, Any] = {
            "id": self.file,
            "what": "face",
            "file": str(self.path),
            "digits": self.challenge or _NOBODY_READS,
            "language": self.language,
        }
        return {**job, "reference": str(self.reference)} if self.reference else job


def read_clips(folder: Path) -> list[LabelledClip]:
    """The clips that `labels.csv` in `folder` lists. Raises `LabelsWrong`, telling all that is wrong with it."""
    table = folder / "labels.csv"
    if not table.is_file():
        raise LabelsWrong(f"{table}: no such file")
    with table.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        columns = set(reader.fieldnames or ())
        rows = [{name: value or "" for name, value in row.items() if name is not None} for row in reader]
    missing = [name for name in ("file", "person") if name not in columns]
    if missing:
        raise LabelsWrong(f"{table}: no column {', '.join(missing)}")
    if not columns & {"what", "truth", *WORDS}:
        raise LabelsWrong(
            f"{table}: nothing says what the clips show: a column what, truth, {', '.join(WORDS)} is needed"
        )
    wrong: list[str] = []
    clips = []
    for line, row in enumerate(rows, 2):
        if row.get("kind", "") == "still":
            continue
        problems = list(_problems(folder, row))
        wrong += [f"{table}, line {line}: {problem}" for problem in problems]
        if not problems:
            clips.append(_clip(folder, row))
    if wrong:
        more = [f"and {len(wrong) - _MOST_TOLD} more"] if len(wrong) > _MOST_TOLD else []
        raise LabelsWrong("\n".join([*wrong[:_MOST_TOLD], *more]))
    return clips


def _problems(folder: Path, row: Mapping[str, str]) -> Iterator[str]:
    if not row["file"] or not (folder / row["file"]).is_file():
        yield f"file: {row['file'] or 'empty'}: no such file"
    if not row["person"]:
        yield "person: empty"
    for name in _faults(row):
        if name not in FAULTS:
            yield f"what: {name}: one of {GOOD}, {', '.join(FAULTS)}"
    for column, words in WORDS.items():
        if row.get(column, "") and row[column] not in words:
            yield f"{column}: {row[column]}: one of {', '.join(words)}"
    truth = row.get("truth", "")
    if truth not in _TRUTHS and not truth.startswith(_ATTACK):
        yield f"truth: {truth}: bonafide, attack_… (its kind), generated or unverified"
    if row.get("language", "") not in _LANGUAGES:
        yield f"language: {row['language']}: zh or en"
    if not re.fullmatch("[0-9]{0,12}", row.get("challenge", "")):
        yield f"challenge: {row['challenge']}: digits alone"
    if row.get("reference", "") and not (folder / row["reference"]).is_file():
        yield f"reference: {row['reference']}: no such file"


def _clip(folder: Path, row: Mapping[str, str]) -> LabelledClip:
    faults = _faults(row)
    words = {column: row[column] for column in ("truth", *WORDS) if row.get(column)}
    said = [WORDS[column][word] for column, word in words.items() if column in WORDS]
    shows = frozenset(faults).union(*(word.shows for word in said))
    free_of = frozenset[str]().union(*(word.free_of for word in said))
    truth, species = row.get("truth", ""), _species(row)
    expect = row.get("expect") or ("pass" if row.get("what") == GOOD else "fault" if faults else "unjudged")
    if row.get("what") == GOOD and expect == "pass":
        free_of |= FAULTS.keys() - ({ATTACK} if species else set())
    if not row.get("reference"):
        free_of -= {"other_person"}
    if not row.get("challenge"):
        free_of -= WRONG_DIGITS
    if truth.startswith(_ATTACK):
        shows |= {ATTACK}
    elif truth == _BONA_FIDE:
        free_of |= {ATTACK, "second_face", "face_changed"}
    return LabelledClip(
        path=folder / row["file"],
        file=row["file"],
        person=row["person"],
        source=row.get("repo") or row.get("picture_repo") or row.get("device") or "",
        what=row.get("what", ""),
        expect=expect,
        shows=shows,
        free_of=free_of - shows,
        words=words,
        species=species,
        looks=frozenset(filter(None, re.split(r"[;\s]+", row.get("look", "")))),
        challenge=row.get("challenge") or None,
        language=row.get("language") or ("en" if row.get("voice", "").startswith("en") else "zh"),
        reference=folder / row["reference"] if row.get("reference") else None,
    )


def _faults(row: Mapping[str, str]) -> list[str]:
    return [name for name in re.split(r"[;\s]+", row.get("what", "")) if name and name != GOOD]


def _species(row: Mapping[str, str]) -> str:
    truth = row.get("truth", "")
    if truth.startswith(_ATTACK):
        return truth.removeprefix(_ATTACK).replace("_", " ")
    if truth == _GENERATED:
        return "generated face"
    if row.get("source") == "portrait":
        return "photograph with sound" if row.get("what") == "still" else "animated photograph"
    return ""
