"""Findings that a kind's layout decides: which number, which term, what agrees."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from stdnum.cn import uscc

from tests.document.test_judge import CARD, GOOD, PERSON, report
from tests.specimens.papers import Person
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.judge import Seen


def of_kind(kind: CertificateKind, values: dict[str, str], number: str = "sure") -> Seen:
    scores = dict.fromkeys(values, 0.99)
    return replace(CARD, wanted=kind, kind=kind, number=number, values=values, scores=scores)


@pytest.mark.parametrize(("grid", "refused"), [(5.4, False), (6.1, True)])
def test_the_rules_of_a_table_are_no_screen(grid: float, refused: bool) -> None:
    values = {"number": PERSON.number, "name": PERSON.name}
    page = replace(of_kind(CertificateKind.HOUSEHOLD_REGISTER, values), measures=replace(GOOD, grid=grid))
    assert ("document_recaptured_screen" in report(page).reasons) is refused


@pytest.mark.parametrize(
    ("kind", "good", "other"),
    [
        (CertificateKind.BUSINESS_LICENCE, "9132", "1232"),
        (CertificateKind.INSTITUTION, "1232", "9132"),
        (CertificateKind.SOCIAL_ORGANISATION, "5132", "5232"),
        (CertificateKind.PRIVATE_NON_ENTERPRISE, "5232", "5132"),
        (CertificateKind.LAW_FIRM, "3132", "9132"),
    ],
)
def test_a_credit_code_of_another_kind_of_unit_goes_to_an_operator(
    kind: CertificateKind, good: str, other: str
) -> None:
    for begins, reasons in ((good, ()), (other, ("credit_code_kind_inconsistent",))):
        body = f"{begins}0199MJ5010133"
        number = body + str(uscc.calc_check_digit(body + "0"))
        given = report(of_kind(kind, {"number": number, "name": "示例"}))
        assert given.reasons == reasons
        assert given.result == ("consider" if reasons else "clear")


def test_a_province_that_does_not_exist_goes_to_an_operator() -> None:
    stranger = Person(county="990199")
    values = {"number": stranger.number, "name": stranger.name}
    assert report(of_kind(CertificateKind.ID_CARD_PORTRAIT, values)).reasons == ("id_number_province_unknown",)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (CertificateKind.ID_CARD_PORTRAIT, "id_number_check_digit_invalid"),
        (CertificateKind.INSTITUTION, "credit_code_check_digit_invalid"),
        (CertificateKind.ORGANISATION_CODE, "organization_code_check_digit_invalid"),
        (CertificateKind.PASSPORT, "mrz_check_digit_invalid"),
        (CertificateKind.HOUSEHOLD_REGISTER, "id_number_check_digit_invalid"),
    ],
)
def test_each_kind_of_number_that_is_printed_wrong_has_its_reason(kind: CertificateKind, reason: str) -> None:
    assert reason in report(of_kind(kind, {"number": "X", "name": "示例"}, "invalid")).reasons


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (CertificateKind.PASSPORT, {"number": "L898902C3", "name": "ERIKSSON ANNA"}),
        (CertificateKind.MAINLAND_TRAVEL_PERMIT, {"number": "H10199402", "name": "林知夏"}),
        (CertificateKind.RESIDENCE_PERMIT_EMBLEM, {"valid_from": "2022-01-05"}),
    ],
)
def test_a_persons_certificate_must_be_valid_for_some_months_more(
    kind: CertificateKind, fields: dict[str, str]
) -> None:
    seen = of_kind(kind, {**fields, "valid_until": "2027-01-05"})
    assert report(seen, today=dt.date(2026, 11, 22)).reasons == ("document_expires_soon",)
    assert report(seen, today=dt.date(2027, 1, 6)).reasons == ("document_expired",)
    assert report(seen, today=dt.date(2026, 10, 1)).reasons == ()


@pytest.mark.parametrize(
    ("kind", "start", "end", "possible"),
    [
        (CertificateKind.RESIDENCE_PERMIT_EMBLEM, "2023-04-09", "2028-04-09", True),
        (CertificateKind.RESIDENCE_PERMIT_EMBLEM, "2023-04-09", "2033-04-09", False),
        (CertificateKind.TEMPORARY_ID_CARD, "2026-11-30", "2027-02-28", True),
        (CertificateKind.TEMPORARY_ID_CARD, "2026-10-09", "2027-10-09", False),
    ],
)
def test_a_term_that_the_kind_can_not_have_is_read_again(
    kind: CertificateKind, start: str, end: str, possible: bool
) -> None:
    seen = of_kind(kind, {"number": PERSON.number, "name": "示例", "valid_from": start, "valid_until": end})
    assert ("document_unreadable" in report(seen).reasons) is not possible
