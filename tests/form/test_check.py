"""Whole photographs of forms through the real weights: what is read, compared and named."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.specimens.forms import Filled, draw_form
from tests.specimens.papers import SERIF, Sheet, some_unit
from tests.specimens.photographs import Shot, photograph
from verify_svc.certificate.kinds import FormKind
from verify_svc.form.check import FormPicture, FormWanted, check_form
from verify_svc.inference.engines import Engines
from verify_svc.session.forms import FormEntry
from verify_svc.session.report import Report

pytestmark = pytest.mark.weights
TAKEN = Shot(seed=14)
FORM = Filled(seed=3)
LATER = dt.date(2026, 11, 21)
LETTER = replace(FORM, kind="commitment_letter", seed=4, look=1, pen="blue", over=True)
ALONE = replace(FORM, unit=None, seed=6, look=2, date_print=True)


def checked(
    engines: Engines, filled: Filled, shot: Shot = TAKEN, asked: str = "", other: FormEntry | None = None
) -> Report:
    """The form judged as whoever filled it in would have entered it, or against another entry."""
    kind = FormKind(asked or filled.kind)
    wanted = FormWanted(kind, filled.unit is not None, other or entered(filled))
    return check_form(engines, [FormPicture(photograph(draw_form(filled), shot))], wanted)


def entered(filled: Filled) -> FormEntry:
    """What was entered by whoever filled in that form."""
    owner, person = filled.unit or filled.person, filled.person
    return FormEntry(
        unit=filled.unit is not None,
        name=owner.name,
        number=owner.number,
        person=person.name,
        person_number=person.number,
        domains=(filled.domain,),
        first_day=filled.day,
        last_day=filled.day,
    )


def test_a_seal_over_the_signature_is_found_as_both(engines: Engines) -> None:
    """A name along the ring that the pen crosses may be an operator's to read; nothing is refused."""
    report = checked(engines, LETTER)
    assert report.result != "rejected"
    by_check = {finding.check: finding.outcome for finding in report.findings}
    assert {by_check[check] for check in ("signature", "seal", "date")} == {"pass"}


@pytest.mark.parametrize("filled", [FORM, ALONE], ids=["unit", "individual"])
def test_a_good_form_is_clear(engines: Engines, filled: Filled) -> None:
    report = checked(engines, filled)
    assert (report.result, report.reasons) == ("clear", ())
    fields = report.properties["fields"]
    assert fields["date"]["value"] == filled.day.isoformat()
    assert filled.unit is None or fields["seal"]["value"] == filled.unit.name


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("no_seal", "form_seal_missing"),
        ("other_seal", "form_seal_mismatch"),
        ("no_signature", "form_signature_missing"),
        ("printed_signature", "form_signature_missing"),
        ("stamped_signature", "form_signature_missing"),
        ("no_date", "form_date_missing"),
    ],
)
def test_what_is_missing_is_named_alone_with_the_place_where_it_belongs(
    engines: Engines, fault: str, reason: str
) -> None:
    report = checked(engines, replace(FORM, fault=fault))
    assert (report.result, report.reasons) == ("rejected", (reason,))
    place = "seal" if "seal" in fault else "date" if "date" in fault else "signature"
    assert len(report.properties["fields"][place]["box"]) == 4


@pytest.mark.parametrize("words", ["第 1 页 共 3 页", "1/3", "Page 1 of 3"])
def test_a_page_that_says_it_is_one_of_several_lacks_the_others(engines: Engines, words: str) -> None:
    sheet = Sheet(210, 297, 7, (255, 255, 255))
    sheet.image.paste(draw_form(FORM).resize(sheet.image.size))
    sheet.text(105, 281, words, 3.6, SERIF, centre=True)
    picture = photograph(sheet.image, TAKEN)
    report = check_form(engines, [FormPicture(picture)], FormWanted(FormKind.VERIFICATION, True, entered(FORM)))
    assert (report.result, report.reasons) == ("rejected", ("form_incomplete",))
    (complete,) = (finding for finding in report.findings if finding.check == "complete")
    assert complete.pages == (2, 3)


def test_a_form_that_lies_on_its_side_is_read(engines: Engines) -> None:
    assert checked(engines, FORM, Shot(seed=14, turn_deg=90)).reasons == ()


def test_another_form_is_named(engines: Engines) -> None:
    report = checked(engines, LETTER, asked="verification_form")
    assert report.reasons == ("form_wrong_template",)


def test_what_differs_from_the_entry_is_named(engines: Engines) -> None:
    other = replace(
        entered(FORM), name=some_unit(8).name, person_number="320199199003074321", first_day=LATER, last_day=LATER
    )
    told = {"form_name_mismatch", "form_seal_mismatch", "form_number_mismatch", "form_date_out_of_range"}
    assert set(checked(engines, FORM, other=other).reasons) == told


def test_a_copy_is_told_and_its_grey_seal_counts(engines: Engines) -> None:
    report = checked(engines, FORM, Shot("copy", seed=14))
    assert "document_photocopy" in report.reasons
    assert "form_seal_missing" not in report.reasons


def test_a_form_that_can_not_be_read_says_so(engines: Engines) -> None:
    report = checked(engines, FORM, Shot("blurred"))
    assert report.result == "rejected"
    assert "form_unreadable" in report.reasons


def test_bytes_that_are_no_picture_are_unreadable(engines: Engines) -> None:
    report = check_form(engines, [FormPicture(b"GIF89a")], FormWanted(FormKind.VERIFICATION))
    assert (report.result, report.reasons) == ("unreadable", ("file_type_not_allowed",))
