"""The right form, and legible."""

from __future__ import annotations

from dataclasses import replace

from tests.document.test_judge import CARD, GOOD
from verify_svc.certificate.kinds import FormKind
from verify_svc.document.judge import Seen
from verify_svc.form.check import judge
from verify_svc.session.report import judge_report

FORM = replace(
    CARD,
    wanted=FormKind.VERIFICATION,
    kind=FormKind.VERIFICATION,
    number="missing",
    values={},
    scores={},
    line_count=26,
)


def reasons(seen: Seen) -> tuple[str, ...]:
    return judge_report(judge(seen)).reasons


def test_the_right_form_is_clear_but_for_what_is_not_checked() -> None:
    report = judge_report(judge(FORM))
    assert (report.result, report.reasons) == ("clear", ())
    outcomes = {finding.check: finding.outcome for finding in report.findings}
    assert {check for check, outcome in outcomes.items() if outcome == "not_checked"} == {"signature", "seal", "date"}


def test_required_signature_seal_and_date_wait_for_an_operator() -> None:
    report = judge_report(judge(FORM), required=("signature", "seal", "date"))
    assert (report.result, report.reasons) == ("consider", ("check_inconclusive",))


def test_another_form_is_the_wrong_template() -> None:
    assert reasons(replace(FORM, kind=FormKind.COMMITMENT)) == ("form_wrong_template",)


def test_an_unknown_page_that_reads_well_is_the_wrong_template() -> None:
    assert reasons(replace(FORM, kind=None)) == ("form_wrong_template",)


def test_a_page_that_can_not_be_read_may_be_anything() -> None:
    blurred = replace(FORM, kind=None, mean_score=0.3, measures=replace(GOOD, sharpness=0.08))
    assert reasons(blurred) == ("document_blurry", "form_unreadable")


def test_a_form_without_colour_is_no_copy_for_that() -> None:
    assert reasons(replace(FORM, measures=replace(GOOD, chroma=1.0))) == ()
