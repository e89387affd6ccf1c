"""The pre-audit list and handing in."""

from __future__ import annotations

from io import BytesIO

import pytest

from portal import materials
from portal.samples import SAMPLES
from tests.portal.conftest import Visitor
from tests.portal.fake_service import FakeService

PDF = b"%PDF-1.7 made up"


def upload(visitor: Visitor, path: str, kind: str, content: bytes = PDF, name: str = "paper.pdf") -> int:
    return visitor.post(f"{path}/materials/{kind}", page="preaudit", file=(BytesIO(content), name)).status_code


def test_what_is_missing_comes_first_and_is_counted(visitor: Visitor) -> None:
    path = visitor.open()
    page = visitor.get(f"{path}/preaudit").text
    assert "还差 3 项，就可以提交" in page
    assert page.index('data-material="domain_certificate"') < page.index('data-material="authorization"')


def test_the_papers_page_counts_the_papers_that_it_lists(visitor: Visitor) -> None:
    page = visitor.get(f"{visitor.open()}/materials").text
    assert page.count('data-state="missing"') == 2
    assert "还有 2 项要补" in page
    assert "还有 3 项要补" not in page


def test_another_person_than_the_legal_representative_needs_a_letter(visitor: Visitor) -> None:
    path = visitor.start()
    visitor.post(f"{path}/entry", action="next", **{**SAMPLES["unit"], "legal_person": "李四"})
    visitor.post(f"{path}/open")
    assert 'data-material="authorization" data-state="missing"' in visitor.get(f"{path}/preaudit").text


def test_handing_in_waits_for_everything(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    assert visitor.post(f"{path}/submit").status_code == 409
    assert upload(visitor, path, "domain_certificate") == 200
    assert upload(visitor, path, "security_agreement") == 200
    service.move("vs_1", "verified")
    visitor.get(f"{path}/status.json")
    assert "都齐了，可以提交" in visitor.get(f"{path}/preaudit").text
    assert "已提交，等待初审" in visitor.post(f"{path}/submit").text


def test_a_paper_is_known_by_its_bytes_not_by_its_name(visitor: Visitor) -> None:
    path = visitor.open()
    assert upload(visitor, path, "domain_certificate", b"<svg onload=alert(1)>", "certificate.png") == 422
    assert upload(visitor, path, "domain_certificate", b"", "certificate.png") == 422


def test_a_paper_over_the_limit_is_refused(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(materials, "MAX_PAPER_BYTES", len(PDF) - 1)
    assert upload(visitor, visitor.open(), "domain_certificate") == 422


def test_a_paper_is_given_back_as_a_download(visitor: Visitor) -> None:
    path = visitor.open()
    upload(visitor, path, "domain_certificate")
    answer = visitor.get(f"{path}/materials/domain_certificate")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
