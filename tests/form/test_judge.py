"""What was read on a form to findings: signed by hand or not, sealed, dated, whole, an original."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.document.test_judge import CARD, GOOD
from verify_svc.certificate.kinds import FormKind
from verify_svc.document.reader import FieldRead
from verify_svc.form.fields import box
from verify_svc.form.ink import InkMeasures
from verify_svc.form.judge import judge_form
from verify_svc.form.reading import FormReading, SealRead
from verify_svc.form.whole import joined
from verify_svc.session.report import judge_report

QUAD = box(0, 0, 10, 10)
WRITTEN = InkMeasures(amount=1.4, tall=1.7, off=0.0, blue=2.0, axial=0.25, framed=False, hidden=0.0)
NOTHING = replace(WRITTEN, amount=0.0, tall=0.0, axial=0.0)
NAME = FieldRead("南京青梧示例科技有限公司", (0.99,) * 12, QUAD)
DOMAIN = FieldRead("example.com", (0.99,) * 11, QUAD)
RED = SealRead(QUAD, red=True, cover=0.98, name=NAME)
FORM = FormReading(
    kind=FormKind.VERIFICATION,
    turn_deg=0,
    fields={"name": NAME, "domains": DOMAIN},
    seals=(RED,),
    seal_place=QUAD,
    signature=QUAD,
    ink=WRITTEN,
    date_place=QUAD,
    date=FieldRead("2026-11-22", (0.99,) * 8, QUAD),
    date_ink=WRITTEN,
    date_words=0,
    phrases=frozenset({0}),
    line_count=24,
    mean_score=0.97,
    text_height_px=30.0,
    line_quads=(np.asarray(QUAD),),
)
SEEN = replace(CARD, wanted=FormKind.VERIFICATION, kind=FormKind.VERIFICATION)


def reasons(reading: FormReading, *, unit: bool = True, chroma: float = 22.0) -> tuple[str, ...]:
    seen = replace(SEEN, kind=reading.kind, measures=replace(GOOD, chroma=chroma))
    whole = joined([reading], FormKind.VERIFICATION)
    return judge_report(judge_form(whole, seen, FormKind.VERIFICATION, unit)).reasons


def test_a_form_that_is_signed_sealed_and_dated_has_nothing_against_it() -> None:
    assert reasons(FORM) == ()


def test_another_form_is_the_wrong_template() -> None:
    assert reasons(replace(FORM, kind=FormKind.COMMITMENT)) == ("form_wrong_template",)


def test_an_unknown_page_that_reads_well_is_the_wrong_template() -> None:
    assert reasons(replace(FORM, kind=None)) == ("form_wrong_template",)


def test_a_page_that_can_not_be_read_may_be_anything() -> None:
    assert reasons(replace(FORM, kind=None, mean_score=0.3)) == ("form_unreadable",)


@pytest.mark.parametrize(
    ("ink", "told"),
    [
        (WRITTEN, ()),
        (replace(WRITTEN, tall=1.0, blue=55.0, amount=0.4), ()),
        (NOTHING, ("form_signature_missing",)),
        (replace(WRITTEN, tall=1.0, axial=0.25, amount=0.5), ("form_signature_missing",)),
        (replace(WRITTEN, axial=0.55), ("form_signature_missing",)),
        (replace(WRITTEN, framed=True), ("form_signature_missing",)),
        (replace(WRITTEN, tall=1.0, off=0.3, axial=0.25, amount=0.5), ("check_inconclusive",)),
        (replace(WRITTEN, axial=0.42), ("check_inconclusive",)),
        (replace(NOTHING, hidden=0.6), ("check_inconclusive",)),
    ],
    ids=["pen", "small, blue", "none", "print", "large print", "stamp", "small, black", "doubtful", "under a seal"],
)
def test_only_a_pen_signs(ink: InkMeasures, told: tuple[str, ...]) -> None:
    assert reasons(replace(FORM, ink=ink)) == told


def test_a_missing_seal_is_told_of_a_units_form_alone() -> None:
    unsealed = replace(FORM, seals=())
    assert reasons(unsealed) == ("form_seal_missing",)
    assert reasons(unsealed, unit=False) == ()


def test_a_grey_seal_is_a_seal_and_a_page_without_colours_is_a_copy() -> None:
    grey = replace(FORM, seals=(replace(RED, red=False),))
    assert reasons(grey, chroma=30.0) == ()
    assert reasons(grey, chroma=3.0) == ("document_photocopy",)
    assert reasons(replace(FORM, seals=()), unit=False, chroma=3.0) == ()


def test_an_empty_place_for_the_date_is_told_and_one_that_can_not_be_read_goes_to_an_operator() -> None:
    undated = replace(FORM, date=None, date_ink=NOTHING)
    assert reasons(undated) == ("form_date_missing",)
    words_alone = replace(undated, date_ink=replace(WRITTEN, amount=0.8), date_words=3)
    assert reasons(words_alone) == ("form_date_missing",)
    assert reasons(replace(undated, date_ink=WRITTEN)) == ("check_inconclusive",)


def test_a_form_without_its_foot_is_not_complete() -> None:
    cut = replace(FORM, signature=None, ink=None)
    assert "form_incomplete" in reasons(cut)
    assert "form_incomplete" in reasons(replace(FORM, phrases=frozenset()))
    assert "form_incomplete" not in reasons(replace(FORM, phrases=frozenset(), mean_score=0.7))


def test_a_name_that_was_not_read_goes_to_an_operator() -> None:
    assert reasons(replace(FORM, fields={"domains": DOMAIN})) == ("check_inconclusive",)
