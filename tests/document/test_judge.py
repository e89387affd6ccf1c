"""Findings on what was seen; the rules about numbers, names, faults and validity."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.specimens.papers import Person
from verify_svc.bench.documents import siblings
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.check import DocumentWanted, judge
from verify_svc.document.judge import Seen
from verify_svc.document.photo import PhotoMeasures
from verify_svc.session.finding import not_applying
from verify_svc.session.report import Report, judge_report

PERSON = Person()
GOOD = PhotoMeasures(sharpness=0.26, light=235.0, contrast=200.0, burnt_share=0.0, chroma=22.0, grid=2.0, middle=215.0)
CARD = Seen(
    wanted=CertificateKind.ID_CARD_PORTRAIT,
    kind=CertificateKind.ID_CARD_PORTRAIT,
    number="sure",
    values={"number": PERSON.number, "name": PERSON.name, "sex": PERSON.sex, "birth_date": PERSON.born.isoformat()},
    scores={"number": 0.99, "name": 0.99, "sex": 0.99, "birth_date": 0.99},
    measures=GOOD,
    page_found=True,
    page_px=1600.0,
    page_aspect=1.58,
    page_ends_at_border=False,
    text_ends_at_border=False,
    skew_deg=2.0,
    keystone=1.02,
    text_px=60.0,
    line_count=13,
    mean_score=0.97,
)
EMBLEM = replace(
    CARD,
    wanted=CertificateKind.ID_CARD_EMBLEM,
    kind=CertificateKind.ID_CARD_EMBLEM,
    number="missing",
    values={"valid_from": "2021-04-09", "valid_until": "2041-04-09"},
    scores={"valid_from": 0.99, "valid_until": 0.99},
)


def report(seen: Seen, *, number: str | None = None, name: str | None = None, today: dt.date | None = None) -> Report:
    wanted = DocumentWanted(CertificateKind(seen.wanted), number, name, today)
    return judge_report(judge(seen, wanted))


def test_a_good_card_that_agrees_with_the_entry_is_clear() -> None:
    given = report(CARD, number=PERSON.number, name=PERSON.name)
    assert (given.result, given.reasons) == ("clear", ())


def test_what_was_not_entered_does_not_apply() -> None:
    by_check = {finding.check: finding for finding in report(CARD).findings}
    assert all(by_check[check] == not_applying(check) for check in ("number_agrees", "name_agrees"))


def test_no_sibling_of_the_number_is_accepted() -> None:
    others = list(siblings(PERSON.number))
    assert len(others) > 100
    for other in others:
        assert "certificate_number_mismatch" in report(CARD, number=other).reasons


def test_an_unsure_number_neither_passes_nor_accuses() -> None:
    given = report(replace(CARD, number="unsure"), number=PERSON.number)
    assert given.result == "rejected"
    assert given.reasons == ("document_unreadable",)


def test_a_number_printed_with_a_wrong_check_digit_is_named() -> None:
    assert report(replace(CARD, number="invalid")).reasons == ("id_number_check_digit_invalid",)


def test_another_name_is_a_mismatch() -> None:
    assert report(CARD, name="沈望舒").reasons == ("name_mismatch",)


@pytest.mark.parametrize("score", [0.3, 0.89])
def test_a_doubtful_name_goes_to_an_operator(score: float) -> None:
    doubtful = replace(CARD, scores={**CARD.scores, "name": score})
    given = report(doubtful, name="林知秋")
    assert (given.result, given.reasons) == ("consider", ("check_inconclusive",))


def test_a_name_that_lost_a_character_goes_to_an_operator() -> None:
    lost = replace(CARD, values={**CARD.values, "name": "南京青梧示例科技有公司"})
    assert report(lost, name="南京青梧示例科技有限公司").result == "consider"


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"birth_date": "1991-03-07"}, "birth_date_inconsistent"), ({"sex": "男"}, "sex_inconsistent")],
)
def test_print_that_disagrees_with_the_number_goes_to_an_operator(values: dict[str, str], reason: str) -> None:
    given = report(replace(CARD, values={**CARD.values, **values}))
    assert (given.result, given.reasons) == ("consider", (reason,))


@pytest.mark.parametrize(("printed", "outcome"), [(PERSON.born.isoformat(), "clear"), ("1991-03-07", "not_checked")])
def test_a_doubtful_birth_date_may_agree_but_not_disagree(printed: str, outcome: str) -> None:
    values, scores = {**CARD.values, "birth_date": printed}, {**CARD.scores, "birth_date": 0.53}
    given = report(replace(CARD, values=values, scores=scores))
    assert given.as_tree()["breakdown"]["birth_date_agrees"]["result"] == outcome


@pytest.mark.parametrize(
    ("measures", "reason"),
    [
        (replace(GOOD, sharpness=0.08), "document_blurry"),
        (replace(GOOD, light=40.0), "document_too_dark"),
        (replace(GOOD, light=253.0, contrast=40.0), "document_too_bright"),
    ],
)
def test_a_cosmetic_fault_is_advice_when_the_fields_were_read(measures: PhotoMeasures, reason: str) -> None:
    given = report(replace(CARD, measures=measures))
    assert (given.result, given.reasons) == ("clear", (reason,))


@pytest.mark.parametrize(
    ("measures", "reason"),
    [
        (replace(GOOD, chroma=7.2), "document_photocopy"),
        (replace(GOOD, grid=5.0), "document_recaptured_screen"),
    ],
)
def test_a_copy_and_a_screen_are_refused_whatever_was_read(measures: PhotoMeasures, reason: str) -> None:
    given = report(replace(CARD, measures=measures))
    assert (given.result, given.reasons) == ("rejected", (reason,))


def test_in_the_dark_nothing_is_called_a_copy() -> None:
    assert "document_photocopy" not in report(replace(CARD, measures=replace(GOOD, light=40.0, chroma=2.0))).reasons
    assert "document_photocopy" not in report(replace(CARD, measures=replace(GOOD, light=95.0, chroma=8.0))).reasons


def test_a_reflection_is_blamed_only_when_something_was_not_read() -> None:
    shiny = replace(CARD, measures=replace(GOOD, burnt_share=0.05))
    assert report(shiny).reasons == ()
    hidden = replace(shiny, number="missing", values={"name": PERSON.name})
    assert report(hidden).reasons == ("document_glare", "document_unreadable")
    scanned = replace(hidden, measures=replace(GOOD, burnt_share=0.3, middle=252.0))  # white paper all over
    assert report(scanned).reasons == ("document_unreadable",)


def test_a_page_that_leaves_the_picture_with_its_number_is_cut_off() -> None:
    cut = replace(CARD, page_ends_at_border=True, number="missing", values={"name": PERSON.name})
    assert "document_cut_off" in report(cut).reasons


def test_a_card_cut_beyond_its_text_is_seen_by_its_shape() -> None:
    cut = replace(CARD, page_ends_at_border=True, page_aspect=1.3)
    assert report(cut).reasons == ("document_cut_off",)


def test_a_whole_card_that_touches_the_border_is_not_cut_off() -> None:
    assert report(replace(CARD, page_ends_at_border=True)).reasons == ()


def test_a_part_without_colour_is_cut_off_and_no_copy() -> None:
    cut = replace(CARD, page_ends_at_border=True, page_aspect=1.2, measures=replace(GOOD, chroma=4.0))
    assert report(cut).reasons == ("document_cut_off",)


@pytest.mark.parametrize(
    "values",
    [
        {"valid_from": "2021-04-09", "valid_until": "2044-04-09"},
        {"valid_from": "2974-02-04", "valid_until": "2218-07-04"},
    ],
)
def test_a_validity_that_no_card_has_was_misread(values: dict[str, str]) -> None:
    assert "document_unreadable" in report(replace(EMBLEM, values=values), today=dt.date(2030, 1, 1)).reasons


def test_the_other_side_and_another_kind_are_named() -> None:
    assert report(replace(CARD, kind=CertificateKind.ID_CARD_EMBLEM)).reasons == ("document_wrong_side",)
    assert report(replace(CARD, kind=CertificateKind.BUSINESS_LICENCE)).reasons == ("document_wrong_kind",)


def test_a_sharp_picture_without_a_certificate_holds_none() -> None:
    assert report(replace(CARD, kind=None)).reasons == ("document_not_found",)


def test_a_blurred_page_of_no_known_kind_is_unreadable_not_absent() -> None:
    blurred = replace(CARD, kind=None, measures=replace(GOOD, sharpness=0.06), mean_score=0.4)
    assert report(blurred).reasons == ("document_blurry", "document_unreadable")


@pytest.mark.parametrize(
    ("today", "reasons"),
    [
        (dt.date(2030, 1, 1), ()),
        (dt.date(2041, 1, 9), ()),
        (dt.date(2041, 1, 10), ("document_expires_soon",)),
        (dt.date(2041, 4, 10), ("document_expired",)),
        (dt.date(2021, 4, 8), ("document_not_yet_valid",)),
    ],
)
def test_a_card_is_valid_today_and_for_three_months(today: dt.date, reasons: tuple[str, ...]) -> None:
    assert report(EMBLEM, today=today).reasons == reasons


def test_a_card_valid_long_term_never_expires() -> None:
    endless = replace(EMBLEM, values={**EMBLEM.values, "valid_until": "long_term"})
    assert report(endless, today=dt.date(2090, 1, 1)).reasons == ()


def test_a_validity_that_was_not_read_asks_for_another_picture() -> None:
    given = report(replace(EMBLEM, values={"valid_from": "2021-04-09"}), today=dt.date(2030, 1, 1))
    assert given.reasons == ("document_unreadable",)
