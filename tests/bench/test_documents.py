"""Labelled pictures are scored as their labels say."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from verify_svc.bench.documents import score_documents, siblings, table
from verify_svc.bench.intervals import wilson
from verify_svc.bench.labels import read_items
from verify_svc.certificate.numbers import is_credit_code, is_id_number, is_organisation_code

NUMBER = "11010519491231002X"
COLUMNS = ("file", "kind", "number", "name", "problems", "origin")
ROWS = [
    ("good.jpg", "idcard_portrait", NUMBER, "林知夏", "", "synthetic"),
    ("dark.jpg", "idcard_portrait", NUMBER, "林知夏", "dark", "synthetic"),
    ("side.jpg", "idcard_emblem", "", "", "wrong_side (asked idcard_portrait)", "synthetic"),
    ("logo.jpg", "none:logo", "", "", "", "real"),
    ("photo.jpg", "business_licence", "91110000600037341L", "", "photo;small", "real"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with (tmp_path / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(ROWS)
    return tmp_path


def answer(job: dict[str, Any], **changes: Any) -> dict[str, Any]:
    fields = {"number": {"value": NUMBER}, "name": {"value": "林知夏"}}
    if job["file"].endswith("photo.jpg"):
        fields["number"]["value"] = "91110000600037341L"
    wrong = job.get("number") not in (None, fields["number"]["value"])
    result = (
        {"result": "rejected", "reasons": ["certificate_number_mismatch"]}
        if wrong
        else {
            "result": "clear",
            "reasons": [],
        }
    )
    return {"id": job["id"], **result, "properties": {"fields": fields}, **changes}


def perfect(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        job = json.loads(line)
        name = Path(job["file"]).name
        if name == "dark.jpg":
            yield answer(job, reasons=["document_too_dark"])
        elif name == "side.jpg":
            yield answer(job, result="rejected", reasons=["document_wrong_side"], properties={})
        elif name == "logo.jpg":
            yield answer(job, result="rejected", reasons=["document_not_found"], properties={})
        else:
            yield answer(job)


def test_what_is_judged_as_labelled_is_right(folder: Path) -> None:
    scores = score_documents(folder, perfect)
    assert [score.outcome for score in scores] == ["right"] * len(ROWS)
    assert sum(score.wrong_accepted for score in scores) == 0


def test_an_accepted_sibling_is_told(folder: Path) -> None:
    def careless(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        return (answer(json.loads(line), result="clear", reasons=[]) for line in lines)

    good = next(score for score in score_documents(folder, careless) if score.item.file == "good.jpg")
    assert good.wrong_accepted == 1
    assert "wrong number accepted" in good.missed


def test_a_refused_good_picture_and_an_unnamed_fault_are_missed(folder: Path) -> None:
    def strict(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        return (answer(json.loads(line), result="rejected", reasons=["document_blurry"]) for line in lines)

    missed = {score.item.file: score.missed for score in score_documents(folder, strict)}
    assert missed["good.jpg"] == "refused: document_blurry"
    assert missed["dark.jpg"] == "said document_blurry"
    assert "refused" in table(score_documents(folder, strict))


def test_what_describes_a_found_picture_is_no_fault(folder: Path) -> None:
    photo = next(item for item in read_items(folder) if item.file == "photo.jpg")
    assert (photo.fault, photo.legible) == ("", True)


def test_siblings_differ_and_hold_together() -> None:
    for number, holds in ((NUMBER, is_id_number), ("91110000600037341L", is_credit_code)):
        others = list(siblings(number))
        assert len(others) > 100
        assert all(other != number and holds(other) for other in others)


def test_siblings_of_a_number_without_a_check_digit_are_all_that_differ_in_one_character() -> None:
    others = list(siblings("H10199402", "mainland_travel_permit"))
    assert len(others) == len(set(others)) == 25 + 8 * 9
    assert all(sum(one != other for one, other in zip(sibling, "H10199402", strict=True)) == 1 for sibling in others)
    assert "L898902C8" in siblings("L898902C3", "passport")


def test_siblings_of_an_organisation_code_hold_together() -> None:
    others = list(siblings("D2143569-X", "organisation_code_certificate"))
    assert others
    assert all(is_organisation_code(other) and other != "D2143569-X" for other in others)


def test_a_field_that_was_not_read_as_drawn_is_counted_and_named(folder: Path) -> None:
    truth = [{"file": "good.jpg", "fields": {"sex": "女", "nation": "汉", "address": "南京市示例区"}}]
    (folder / "synthetic_truth.json").write_text(json.dumps(truth), "utf-8")

    def one_wrong(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        for line in lines:
            given = answer(json.loads(line))
            given["properties"]["fields"] |= {"sex": {"value": "女"}, "nationality": {"value": "又"}}
            yield given

    good = score_documents(folder, one_wrong)[0]
    assert dict(good.fields) == {"number": True, "name": True, "sex": True, "nationality": False, "address": False}
    assert good.missed == "not exact: nationality, address"


def test_a_term_that_has_ended_is_no_fault_of_the_picture(folder: Path) -> None:
    def ended(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        for line in lines:
            yield answer(json.loads(line), result="rejected", reasons=["document_expired"])

    assert score_documents(folder, ended)[0].outcome == "right"


def test_an_interval_holds_the_share() -> None:
    for count in range(21):
        low, high = wilson(count, 20)
        assert low <= count / 20 <= high
