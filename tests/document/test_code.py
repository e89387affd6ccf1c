"""A licence's QR code confirms the number or casts a doubt on it; it never gives it."""

from __future__ import annotations

import pytest

from tests.specimens.papers import Unit, business_licence, some_unit
from tests.specimens.photographs import Shot, photograph
from verify_svc.document.code import CodesFound, judge_code
from verify_svc.document.photo import Wanted, prepare
from verify_svc.session.finding import Outcome

NUMBER, OTHER = Unit().number, some_unit(3).number
SAYS = {
    "address": "http://www.example.cn/index.html?uniscid={}",
    "parameter": 'https://www.example.cn/ebl?parm={{"ss":"oiEYl0RUxOMp4zwAFS8j","ei":"{}","d":"2024-07-18"}}',
    "text": "企业信用代码:{}名称:南京青梧示例科技有限公司\n法定代表人:林知夏",
}


STRAIGHT = Shot()


def found(says: str, shot: Shot = STRAIGHT) -> CodesFound:
    return prepare(photograph(business_licence(Unit(), coded=says), shot), wanted=Wanted(coded=True)).codes


@pytest.mark.parametrize("form", SAYS)
def test_the_number_is_found_in_addresses_and_texts(form: str) -> None:
    assert found(SAYS[form].format(NUMBER)) == CodesFound(1, (NUMBER,))


@pytest.mark.parametrize(
    "says", ["http://www.example.cn/wap!qr.dhtml?id=a1a1a1a02f953828012f9645ad3070ce", NUMBER[:-1]]
)
def test_a_code_that_says_no_number_is_counted_alone(says: str) -> None:
    assert found(says) == CodesFound(1)


@pytest.mark.parametrize("shot", [Shot(turn_deg=90), Shot(turn_deg=180, lean_deg=8.0), Shot(long_side_px=1500)])
def test_the_code_is_read_however_the_picture_was_taken(shot: Shot) -> None:
    assert found(SAYS["address"].format(NUMBER), shot).numbers == (NUMBER,)


def test_no_code_is_looked_for_unless_asked() -> None:
    assert prepare(photograph(business_licence(Unit()))).codes == CodesFound()


@pytest.mark.parametrize("numbers", [(NUMBER,), (OTHER, NUMBER)])
def test_a_code_with_the_number_confirms_it(numbers: tuple[str, ...]) -> None:
    assert judge_code(NUMBER, CodesFound(2, numbers)).outcome is Outcome.PASS


def test_a_code_with_another_number_is_a_suspicion() -> None:
    assert judge_code(NUMBER, CodesFound(1, (OTHER,))).reasons == ("document_tampering_suspected",)


@pytest.mark.parametrize("codes", [CodesFound(), CodesFound(1)])
def test_no_code_and_one_without_a_number_are_no_fault(codes: CodesFound) -> None:
    assert judge_code(NUMBER, codes).outcome is Outcome.NOT_CHECKED


def test_an_older_number_is_not_compared() -> None:
    assert judge_code("110108000000016", CodesFound(1, (OTHER,))).outcome is Outcome.NOT_CHECKED


def test_what_a_code_says_hides_itself() -> None:
    assert NUMBER not in repr(CodesFound(1, (NUMBER,)))
