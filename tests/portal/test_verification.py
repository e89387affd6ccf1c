"""Opening a session, the hand-off frame, corrections, the result, and what happens when the service is away."""

from __future__ import annotations

from flask import Flask

from portal.samples import SAMPLES
from tests.portal.conftest import Visitor
from tests.portal.fake_service import JPEG, FakeService


def test_opening_shows_the_hand_off_frame_and_lets_no_other_be_framed(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    page = visitor.get(f"{path}/verify")
    assert f'src="{service.url}/handoff/?lang=zh-CN#client-token"' in page.text
    assert f"frame-src {service.url};" in page.headers["Content-Security-Policy"]
    assert service.opened[0]["return_url"].endswith(path)
    assert service.opened[0]["filing"]["kind"] == "new_subject"


def test_opening_twice_opens_one_session(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    visitor.post(f"{path}/open")
    assert len(service.sessions) == 1


def test_a_refusal_of_the_service_stands_at_its_field(visitor: Visitor, service: FakeService) -> None:
    path = visitor.start()
    service.refuse = [{"field": "responsible_person.mobile", "code": "taken", "message": "used by somebody else"}]
    page = visitor.post(f"{path}/open")
    assert page.status_code == 422
    assert '<span data-error="mobile">used by somebody else</span>' in page.text


def test_an_absent_service_loses_nothing(visitor: Visitor, service: FakeService) -> None:
    path = visitor.start()
    service.away = True
    page = visitor.post(f"{path}/open")
    assert page.status_code == 503
    assert "填写的内容已保存" in page.text
    service.away = False
    assert visitor.post(f"{path}/open").status_code == 200


def test_a_correction_reaches_the_service(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    answer = visitor.post(
        f"{path}/entry", action="next", **{**SAMPLES["unit"], "subject_name": "示例市红枫建材有限公司"}
    )
    assert answer.status_code == 200
    assert service.corrected[0]["subject"]["name"] == "示例市红枫建材有限公司"
    assert "filing" not in service.corrected[0]
    assert "示例市红枫建材有限公司" in visitor.get(f"{path}/entry").text


def test_a_correction_that_comes_too_late_is_not_kept(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    service.move("vs_1", "needs_review")
    page = visitor.post(f"{path}/entry", action="next", **{**SAMPLES["unit"], "site_name": "太晚了"})
    assert "现在不能更正" in page.text
    assert "太晚了" not in visitor.get(f"{path}/summary").text


def test_the_result_shows_the_portrait_and_what_was_not_checked(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    service.move("vs_1", "verified", face="passed")
    assert visitor.get(f"{path}/portrait").data == JPEG
    page = visitor.get(f"{path}/report")
    assert 'data-status="verified"' in page.text
    assert 'data-check="forms" data-result="not_checked"' in page.text


def test_what_does_not_apply_is_told_apart_from_what_was_not_checked(visitor: Visitor, service: FakeService) -> None:
    page = visitor.get(f"{visitor.open()}/report")
    assert 'data-check="match" data-result="not_checked"' in page.text
    assert 'data-check="head_turn" data-result="not_applying"' in page.text
    assert 'data-check="head_turn" data-result="not_checked"' not in page.text


def test_the_last_state_is_shown_while_the_service_is_away(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    service.away = True
    page = visitor.get(f"{path}/progress")
    assert page.status_code == 200
    assert 'data-status="requires_input"' in page.text
    assert visitor.get(f"{path}/status.json").get_json()["away"] is True


def test_canceling_ends_the_session(visitor: Visitor, service: FakeService) -> None:
    path = visitor.open()
    assert 'data-status="canceled"' in visitor.post(f"{path}/cancel").text
    assert service.sessions["vs_1"]["status"] == "canceled"


def test_another_visitor_sees_nothing_of_it(visitor: Visitor, portal: Flask) -> None:
    path = visitor.open()
    stranger = Visitor(portal.test_client())
    assert stranger.get(f"{path}/verify").status_code == 404
    assert stranger.get(f"{path}/portrait").status_code == 404


def test_a_form_without_our_token_is_refused(visitor: Visitor, service: FakeService) -> None:
    path = visitor.start()
    visitor.csrf = "guessed"
    assert visitor.post(f"{path}/open").status_code == 403
    assert service.opened == []
