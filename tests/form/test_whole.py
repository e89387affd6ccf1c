"""Several pages judged as one form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.document.test_judge import GOOD
from tests.form.test_judge import DOMAIN, FORM, NAME, NOTHING, SEEN
from verify_svc.certificate.kinds import FormKind
from verify_svc.document.judge import judge_photo
from verify_svc.document.reader import FieldRead
from verify_svc.form.code import FormCode
from verify_svc.form.judge import judge_form
from verify_svc.form.numbering import PageNumber
from verify_svc.form.reading import FormReading
from verify_svc.form.whole import FormWhole, joined, over_pages
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.report import Report, judge_report

MORE = FieldRead("shili.cn", (0.99,) * 8, DOMAIN.quad)
FIRST = replace(
    FORM,
    fields={"name": NAME, "domains": DOMAIN},
    seals=(),
    seal_place=None,
    signature=None,
    ink=None,
    date_place=None,
    date=None,
    date_ink=None,
    phrases=frozenset(),
    number=PageNumber(1, 2),
)
SECOND = replace(FORM, kind=None, fields={"domains": MORE}, number=PageNumber(2, 2))


def whole(*pages: FormReading) -> FormWhole:
    return joined(pages, FormKind.VERIFICATION)


def judged(*pages: FormReading) -> Report:
    return judge_report(judge_form(whole(*pages), SEEN, FormKind.VERIFICATION, True))


def complete(report: Report) -> Finding:
    return next(finding for finding in report.findings if finding.check == "complete")


@pytest.mark.parametrize("pages", [(FIRST, SECOND), (SECOND, FIRST)], ids=["in order", "turned round"])
def test_each_page_adds_what_it_holds(pages: tuple[FormReading, ...]) -> None:
    report = judged(*pages)
    assert (report.result, report.reasons) == ("clear", ())
    form = whole(*pages)
    assert set(form.reading.fields["domains"].value.split()) == {"example.com", "shili.cn"}
    places = {name: pages[at] for name, at in form.places.items()}
    assert places["name"] is FIRST
    assert (places["signature"], places["seal"], places["date"]) == (SECOND, SECOND, SECOND)


@pytest.mark.parametrize(("page", "missing"), [(FIRST, (2,)), (SECOND, (1,))])
def test_a_page_that_comes_alone_names_the_missing_one(page: FormReading, missing: tuple[int, ...]) -> None:
    report = judged(replace(page, kind=FormKind.VERIFICATION))
    assert report.reasons == ("form_incomplete",)
    assert (complete(report).outcome, complete(report).pages) == ("fail", missing)


def test_what_may_stand_on_a_missing_page_is_not_held_against_the_form() -> None:
    outcomes = {finding.check: finding.outcome for finding in judged(FIRST).findings}
    assert [outcomes[check] for check in ("signature", "seal", "date")] == ["not_checked"] * 3


def test_what_is_wrong_on_a_page_that_came_is_told_beside_the_missing_one() -> None:
    unsealed = replace(SECOND, kind=FormKind.VERIFICATION, seals=())
    assert judged(unsealed).reasons == ("form_incomplete", "form_seal_missing")


def test_a_number_that_may_be_misread_asks_an_operator() -> None:
    doubtful = replace(FORM, number=PageNumber(1, 2, 0.5))
    assert judged(doubtful).reasons == ("check_inconclusive",)
    assert judged(FIRST, replace(SECOND, number=None)).reasons == ("check_inconclusive",)


def test_a_page_that_can_not_be_read_is_named() -> None:
    report = judged(FIRST, replace(SECOND, mean_score=0.3))
    (legible,) = (finding for finding in report.findings if finding.check == "legible")
    assert (legible.reasons, legible.pages) == (("form_unreadable",), (2,))


def test_a_page_of_another_form_among_them_asks_an_operator() -> None:
    report = judged(FIRST, SECOND, replace(FORM, kind=FormKind.COMMITMENT))
    assert report.result == "consider"


PRINT = FormCode("vs_1", FormKind.VERIFICATION, 1, (1, 2), page=1, pages=2)
LATER = replace(PRINT, page=2)


@pytest.mark.parametrize(
    "code",
    [
        replace(LATER, session_id="vs_2"),
        replace(LATER, version=2),
        replace(LATER, kind=FormKind.COMMITMENT),
        replace(LATER, page=3, pages=3),
    ],
    ids=["another session's", "another version's", "another form's", "of a print of more pages"],
)
def test_pages_of_two_prints_ask_an_operator(code: FormCode) -> None:
    second = replace(SECOND, code=code)
    report = judged(replace(FIRST, code=PRINT), second)
    template = next(finding for finding in report.findings if finding.check == "template")
    # The page that is signed says which print the form is.
    assert (template.outcome, template.reasons, template.pages) == ("inconclusive", ("check_inconclusive",), (1,))


@pytest.mark.parametrize("codes", [(PRINT, LATER), (PRINT, None), (None, LATER)], ids=["both", "the first", "the last"])
def test_pages_of_one_print_belong_together(codes: tuple[FormCode | None, FormCode | None]) -> None:
    first, second = (replace(page, code=code) for page, code in zip((FIRST, SECOND), codes, strict=True))
    assert judged(first, second).result == "clear"


def test_a_page_that_is_there_twice_with_other_names_asks_an_operator() -> None:
    other = replace(FIRST, fields={"name": FieldRead("上海白露样品贸易有限公司", (0.99,) * 12, NAME.quad)})
    for pages, named in (((FIRST, other, SECOND), (1, 2)), ((other, SECOND, FIRST), (1, 3))):
        template = next(finding for finding in judged(*pages).findings if finding.check == "template")
        assert (template.outcome, template.pages) == ("inconclusive", named)


def test_a_page_that_is_there_twice_says_the_same_as_far_as_it_is_surely_read() -> None:
    misread = FieldRead("南京青梧示列科技有限公司", (0.99,) * 6 + (0.4,) + (0.99,) * 5, NAME.quad)
    for again in (FIRST, replace(FIRST, fields={"name": misread}), replace(FIRST, fields={})):
        assert judged(FIRST, again, SECOND).result == "clear"


def test_a_photographs_faults_name_their_pages() -> None:
    blurred = replace(SEEN, measures=replace(GOOD, sharpness=0.01))
    found = over_pages([judge_photo(SEEN), judge_photo(blurred), judge_photo(blurred)], (1, 2, 3))
    sharpness = next(finding for finding in found if finding.check == "sharpness")
    assert (sharpness.outcome, sharpness.reasons, sharpness.pages) == ("fail", ("document_blurry",), (2, 3))
    assert all(not finding.pages for finding in found if finding.outcome is Outcome.PASS)


def test_pages_are_called_by_the_numbers_that_they_bear() -> None:
    third = replace(SECOND, number=PageNumber(3, 3), mean_score=0.3)
    report = judged(replace(FIRST, number=PageNumber(1, 3)), third)
    found = {finding.check: finding.pages for finding in report.findings if finding.outcome is Outcome.FAIL}
    assert found == {"legible": (3,), "complete": (2,)}


def test_two_photographs_of_one_page_are_called_by_their_places() -> None:
    report = judged(SECOND, FIRST, replace(FIRST, mean_score=0.3))
    (legible,) = (finding for finding in report.findings if finding.check == "legible")
    assert legible.pages == (3,)


def test_what_is_not_signed_names_the_page_to_sign() -> None:
    unsigned = replace(SECOND, ink=NOTHING, seals=())
    for pages in ((FIRST, unsigned), (unsigned, FIRST)):
        found = {finding.check: finding.pages for finding in judged(*pages).findings if finding.reasons}
        assert found == {"signature": (2,), "seal": (2,)}


def test_the_last_page_by_number_is_the_one_that_is_signed() -> None:
    copy = replace(SECOND, number=PageNumber(1, 2))
    assert whole(SECOND, copy).places["signature"] == 0


def test_one_page_alone_names_none() -> None:
    blurred = replace(SEEN, measures=replace(GOOD, sharpness=0.01))
    assert all(not finding.pages for finding in over_pages([judge_photo(blurred)], (1,)))
