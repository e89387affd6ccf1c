"""A form that the service printed is read by its code, and its code alone vouches for nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from tests.form.test_printing import LONG, with_domains
from tests.specimens.forms import Filled, draw_form
from tests.specimens.papers import Unit
from tests.specimens.photographs import Shot, photograph
from tests.specimens.printed import DOTS, draw_pages, draw_printed, entered
from verify_svc.certificate.kinds import FormKind
from verify_svc.form.check import FormPicture, FormWanted, check_form
from verify_svc.form.code import find_code
from verify_svc.form.printed import read_printed
from verify_svc.inference.engines import Engines
from verify_svc.inference.text import Picture, Quad, TextRead
from verify_svc.session.forms import entry_of
from verify_svc.session.report import Report

FILLED = Filled(day=dt.date(2026, 11, 22), seed=5)


def judged(engines: Engines, picture: bytes, kind: FormKind, filled: Filled = FILLED) -> Report:
    entry = entry_of(entered(filled), filled.day, filled.day)
    return check_form(engines, [FormPicture(picture)], FormWanted(kind, filled.unit is not None, entry))


@pytest.mark.weights
@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270])
def test_it_is_read_whichever_way_up_it_was_photographed(engines: Engines, turn_deg: int) -> None:
    picture = photograph(draw_printed(FILLED), Shot(seed=4, lean_deg=3, turn_deg=turn_deg, long_side_px=2600))
    report = judged(engines, picture, FormKind.VERIFICATION)
    assert (report.result, report.reasons) == ("clear", ())


@pytest.mark.weights
def test_names_and_domains_over_two_lines_are_read_whole(engines: Engines) -> None:
    filled = replace(FILLED, unit=Unit(name=LONG.subject.name))
    picture = photograph(draw_printed(filled, LONG), Shot(seed=6, lean_deg=1))
    fields = judged(engines, picture, FormKind.VERIFICATION, filled).properties["fields"]
    assert fields["name"]["value"] == LONG.subject.name
    assert set(fields["domains"]["value"].split()) == set(LONG.site.domains)
    assert fields["person_numbers"]["value"] == "110101199003070011"


@pytest.mark.weights
def test_a_form_with_twenty_domains_fits_one_page_set_smaller_and_is_clear(engines: Engines) -> None:
    expected = replace(entered(FILLED), site=with_domains(20).site)
    page = draw_printed(FILLED, expected)
    found = find_code(np.ascontiguousarray(np.asarray(page)[:, :, ::-1]))
    assert found is not None
    assert found[0].small
    picture = photograph(page, Shot(seed=9, lean_deg=2))
    wanted = FormWanted(FormKind.VERIFICATION, True, entry_of(expected, FILLED.day, FILLED.day))
    report = check_form(engines, [FormPicture(picture)], wanted)
    assert (report.result, report.reasons) == ("clear", ())


@pytest.mark.weights
def test_a_form_of_two_pages_is_clear_with_both_and_lacks_the_other_with_one(engines: Engines) -> None:
    expected = replace(entered(FILLED), site=with_domains(40).site)
    pages = [
        FormPicture(photograph(page, Shot(seed=at, lean_deg=2, turn_deg=at * 90)))
        for at, page in enumerate(draw_pages(FILLED, expected))
    ]
    wanted = FormWanted(FormKind.VERIFICATION, True, entry_of(expected, FILLED.day, FILLED.day))
    for sent in (pages, pages[::-1]):
        report = check_form(engines, sent, wanted)
        assert (report.result, report.reasons) == ("clear", ())
        fields = report.properties["fields"]
        assert set(fields["domains"]["value"].split()) == set(expected.site.domains)
        assert fields["signature"]["page"] == sent.index(pages[1]) + 1
        assert [page["number"]["pages"] for page in report.properties["pages"]] == [2, 2]
    for at, page in enumerate(pages):
        report = check_form(engines, [page], wanted)
        assert report.result == "rejected"
        assert "form_incomplete" in report.reasons
        assert not {"form_seal_missing", "form_signature_missing", "form_date_missing"} & set(report.reasons)
        (complete,) = (finding for finding in report.findings if finding.check == "complete")
        assert complete.pages == (2 - at,)


@pytest.mark.weights
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("no_seal", "form_seal_missing"),
        ("no_signature", "form_signature_missing"),
        ("no_date", "form_date_missing"),
        ("stamped_signature", "form_signature_missing"),
    ],
)
def test_what_it_lacks_is_named(engines: Engines, fault: str, reason: str) -> None:
    filled = replace(FILLED, fault=fault)
    report = judged(engines, photograph(draw_printed(filled), Shot(seed=7)), FormKind.VERIFICATION, filled)
    assert reason in report.reasons


@pytest.mark.weights
def test_a_code_on_another_form_leaves_that_form_what_it_is(engines: Engines) -> None:
    other = draw_form(replace(FILLED, kind="commitment_letter"))
    box = (160 * DOTS, 8 * DOTS, 196 * DOTS, 38 * DOTS)
    other.paste(draw_printed(FILLED).crop(box), box[:2])
    report = judged(engines, photograph(other, Shot(seed=8)), FormKind.VERIFICATION)
    assert report.properties["code"]["kind"] == FormKind.VERIFICATION
    assert report.properties["kind"] == FormKind.COMMITMENT
    assert "form_wrong_template" in report.reasons


class NoLines:
    """A reader for which the page is blank."""

    def find_lines(self, picture: Picture, side_px: int) -> list[Quad]:
        return []

    def read_line(self, crop: Picture) -> TextRead:
        raise AssertionError("nothing is to be read")

    skim_line = read_line

    def turn_of(self, picture: Picture) -> tuple[float, float, float, float]:
        raise AssertionError("the code says which way up the page is")


@pytest.mark.parametrize("change", ["none", "version", "rows", "no rows", "elsewhere", "askew"])
def test_a_page_that_is_not_as_its_code_says_is_not_read_by_it(change: str) -> None:
    page = np.ascontiguousarray(np.asarray(draw_printed(FILLED))[:, :, ::-1])
    found = find_code(page)
    assert found is not None
    code, quad = found
    if change == "version":
        code = replace(code, version=99)
    elif change in ("rows", "no rows"):
        code = replace(code, lines=(1, 1, 1) if change == "rows" else ())
    elif change == "elsewhere":
        quad = quad + np.array([-60 * DOTS, 90 * DOTS], np.float32)
    elif change == "askew":
        quad = quad + np.array([[0, 0], [0, 40], [0, 40], [0, 0]], np.float32)
    assert read_printed(NoLines(), page, code, quad) is None
