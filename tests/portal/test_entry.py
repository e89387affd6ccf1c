"""What the form accepts, and which field it blames."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest

from portal import entry
from portal.samples import SAMPLES
from tests.portal.conftest import Visitor
from tests.portal.fake_service import FakeService


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=list(SAMPLES))
def test_samples_have_no_fault(sample: Mapping[str, str]) -> None:
    assert entry.faults(sample) == {}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("subject_name", "", "missing"),
        ("subject_number", "91350100M000100Y4", "too_short"),
        ("subject_number", "91350100M000100Y44", "check_digit"),
        ("subject_number", "91350100I000100Y43", "code_characters"),
        ("person_number", "110105194912310021", "check_digit"),
        ("person_number", "11010519491331002X", "birth_date"),
        ("person_number", "11010529491231002X", "birth_date"),
        ("person_number", "11010519491231002XX", "too_long"),
        ("person_name", "7", "name"),
        ("mobile", "1380000000", "too_short"),
        ("mobile", "23800000000", "mobile"),
        ("email", "zhangsan", "email"),
        ("domains", "example..cn", "domain"),
        ("domains", "", "missing"),
        ("province", "示例省", "missing"),
    ],
)
def test_a_fault_names_its_field(field: str, value: str, code: str) -> None:
    faults = entry.faults({**SAMPLES["unit"], field: value})
    assert {name: fault.code for name, fault in faults.items()} == {field: code}


def test_typing_habits_are_put_right() -> None:
    typed = {
        "person_number": "110105 19491231 002x",
        "mobile": "138 0000 0000",
        "domains": "Example.CN， 示例.cn example.cn",
    }
    tidy = entry.tidy(typed, "unit")
    assert (tidy["person_number"], tidy["mobile"]) == ("11010519491231002X", "13800000000")
    assert tidy["domains"] == "example.cn\n示例.cn"


def test_an_individual_is_not_asked_twice_for_one_person() -> None:
    body = entry.session_request(SAMPLES["individual"], "f1", date(2026, 11, 22), "en", "https://portal.example/f1")
    assert body["responsible_person"]["certificate"] == body["subject"]["certificate"]
    assert body["responsible_person"]["name"] == body["subject"]["name"]
    assert "legal_person" not in body["subject"]


def test_next_with_a_fault_stays_on_the_form_and_says_which(visitor: Visitor, service: FakeService) -> None:
    path = visitor.start()
    page = visitor.post(f"{path}/entry", action="next", **{**SAMPLES["unit"], "subject_number": "91350100M000100Y4"})
    assert page.status_code == 422
    assert "还少 1 位，共 18 位" in page.text
    assert (
        'id="subject_number" name="subject_number" aria-describedby="subject_number-error" aria-invalid="true"'
        in page.text
    )
    assert service.opened == []


@pytest.mark.parametrize("kind", ["unit", "individual"])
def test_what_is_to_be_mended_is_listed_in_the_forms_order(visitor: Visitor, kind: str) -> None:
    path = visitor.start(kind)
    page = visitor.post(f"{path}/entry", action="next", kind=kind).text
    listed = re.findall(r'<li><a href="#(\w+)">', page)
    assert len(listed) > 5
    assert listed == [name for name in re.findall(r'data-field="(\w+)"', page) if name in listed]


def test_a_draft_is_kept_while_typing(visitor: Visitor) -> None:
    path = visitor.start()
    answer = visitor.post(f"{path}/draft", **{**SAMPLES["unit"], "site_name": "另一个名字", "mobile": "138"})
    assert answer.get_json()["faults"] == {"mobile": "还少 8 位，共 11 位"}
    assert "另一个名字" in visitor.get(f"{path}/entry").text


def test_the_form_can_switch_to_an_individual(visitor: Visitor) -> None:
    path = visitor.start()
    page = visitor.post(f"{path}/entry", action="switch", **{**SAMPLES["unit"], "kind": "individual"})
    assert 'data-kind="individual"' in page.text
    assert 'name="person_number"' not in page.text


def test_the_pages_speak_english(visitor: Visitor) -> None:
    visitor.get("/")
    page = visitor.post("/locale", locale="en", back="/")
    assert "New filing" in page.text
    assert '<html lang="en">' in page.text
