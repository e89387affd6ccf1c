"""Papers that the verification service judges, and pictures taken from it for the filing."""

from __future__ import annotations

from io import BytesIO

import pytest

from portal import papers
from portal.samples import SAMPLES
from tests.portal.conftest import Visitor
from tests.portal.fake_service import JPEG, FakeService

CARD = "legal_card_portrait"
PICTURE = b"\xff\xd8\xff\xe0 a card"


def with_another_person(visitor: Visitor) -> str:
    """A filing whose responsible person is not the legal representative."""
    path = visitor.start()
    visitor.post(f"{path}/entry", action="next", **{**SAMPLES["unit"], "legal_person": "李四"})
    assert visitor.post(f"{path}/open").status_code == 200
    return path


def upload(visitor: Visitor, path: str, kind: str = CARD, content: bytes = PICTURE) -> str:
    return visitor.post(f"{path}/materials/{kind}", file=(BytesIO(content), "card.jpg")).text


def state(page: str, kind: str = CARD) -> str:
    return page.partition(f'data-material="{kind}" data-state="')[2].partition('"')[0]


def test_another_person_needs_the_letter_and_the_legal_representatives_card(visitor: Visitor) -> None:
    page = visitor.get(f"{with_another_person(visitor)}/materials").text
    assert {state(page, kind) for kind in papers.SENT} == {"missing"}
    same = visitor.get(f"{visitor.open()}/materials").text
    assert {state(same, kind) for kind in papers.SENT} == {"not_needed"}


@pytest.mark.parametrize(
    ("result", "reasons", "shown", "words"),
    [
        ("clear", (), "passed", "已读出并与填写一致"),
        ("rejected", ("name_mismatch",), "to_redo", "名称与填写的不一致"),
        ("consider", ("check_inconclusive",), "received", "等待人工核对"),
        ("not_checked", (), "received", "等待人工核对"),
    ],
)
def test_a_paper_is_sent_on_and_shown_as_it_was_judged(
    visitor: Visitor, service: FakeService, result: str, reasons: tuple[str, ...], shown: str, words: str
) -> None:
    path = with_another_person(visitor)
    page = upload(visitor, path)
    assert (state(page), "data-judging" in page) == ("waiting", True)
    assert service.papers["pp_1"]["kind"] == "legal_person_card_portrait"
    assert service.papers["pp_1"]["size"] == len(PICTURE)
    service.judge("pp_1", result, *reasons)
    page = visitor.get(f"{path}/materials").text
    assert (state(page), words in page, "data-judging" in page) == (shown, True, False)


def test_a_letter_goes_by_the_services_word(visitor: Visitor, service: FakeService) -> None:
    upload(visitor, with_another_person(visitor), "authorization")
    assert service.papers["pp_1"]["kind"] == "authorisation_letter"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "没有收到文件"),
        (b"%PDF-1.7", "只收 JPG 或 PNG"),
        (PICTURE + b" too large", "图片超过 2 MB"),
    ],
)
def test_what_the_service_would_not_take_is_said_at_once(
    visitor: Visitor, service: FakeService, monkeypatch: pytest.MonkeyPatch, content: bytes, words: str
) -> None:
    monkeypatch.setattr(papers, "MAX_BYTES", len(PICTURE))
    page = upload(visitor, with_another_person(visitor), content=content)
    assert words in page
    assert service.papers == {}


@pytest.mark.parametrize(
    ("code", "words"), [("file_unreadable", "图片打不开"), ("session_canceled", "核验已结束，不能再上传")]
)
def test_what_the_service_refuses_is_said(visitor: Visitor, service: FakeService, code: str, words: str) -> None:
    path = with_another_person(visitor)
    service.refuse_paper = code
    assert words in upload(visitor, path)


def test_a_service_that_is_away_costs_nothing(visitor: Visitor, service: FakeService) -> None:
    path = with_another_person(visitor)
    service.away = True
    assert "暂时连不上核验服务" in upload(visitor, path)


def test_a_paper_is_taken_back_ready_for_the_filing(visitor: Visitor, service: FakeService) -> None:
    path = with_another_person(visitor)
    upload(visitor, path)
    service.making = 2
    answer = visitor.get(f"{path}/materials/{CARD}")
    assert (answer.status_code, answer.data) == (200, JPEG)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{CARD}.jpg"'


def test_each_page_of_a_form_is_there_to_take(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    service.pages_of_forms = {"verification_form": 2}
    service.move("vs_1", "verified")
    visitor.get(f"{path}/status.json")
    text = visitor.get(f"{path}/materials").text
    assert text.count('data-picture="forms.verification_form"') == 2
    assert "核验单 第 2 页" in text
    second = visitor.get(f"{path}/pictures/forms.verification_form?page=2")
    assert (second.data, 'filename="forms.verification_form-2.jpg"' in second.headers["Content-Disposition"]) == (
        JPEG,
        True,
    )
    assert visitor.get(f"{path}/pictures/forms.verification_form?page=3").status_code == 404


def test_the_verified_pictures_are_there_to_take(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    assert visitor.get(f"{path}/pictures/person_document.portrait").status_code == 404
    service.move("vs_1", "verified")
    visitor.get(f"{path}/status.json")
    assert 'data-picture="person_document.portrait"' in visitor.get(f"{path}/materials").text
    assert visitor.get(f"{path}/pictures/person_document.portrait").data == JPEG
    assert visitor.get(f"{path}/pictures/subject_document.page").status_code == 502
    assert visitor.get(f"{path}/pictures/face.clip").status_code == 404


def test_what_is_to_be_signed_is_given_filled_in_to_be_printed(visitor: Visitor) -> None:
    path = with_another_person(visitor)
    assert f'href="{path}/forms/verification_form.pdf"' in visitor.get(f"{path}/verify").text
    listed = visitor.get(f"{path}/materials").text
    for kind, in_service in (("authorization", "authorisation_letter"), ("security_agreement", "security_agreement")):
        assert f'href="{path}/forms/{kind}.pdf"' in listed
        answer = visitor.get(f"{path}/forms/{kind}.pdf")
        assert (answer.mimetype, answer.data) == ("application/pdf", f"%PDF {in_service}".encode())
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert visitor.get(f"{path}/forms/domain_certificate.pdf").status_code == 404


def test_a_form_that_the_service_has_not_is_no_page_of_ours(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open("individual")
    assert visitor.get(f"{path}/forms/authorization.pdf").status_code == 502
    service.away = True
    assert visitor.get(f"{path}/forms/verification_form.pdf").status_code == 502


def test_nothing_is_to_be_printed_once_the_verification_is_over(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    service.move("vs_1", "verified")
    assert "/forms/" not in visitor.get(f"{path}/verify").text
