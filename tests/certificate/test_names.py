"""Names are compared as people write them."""

from __future__ import annotations

import pytest

from verify_svc.certificate.names import same_name, simplify


@pytest.mark.parametrize(
    ("read", "entered"),
    [
        ("南京示例（中国）有限公司", "南京示例(中国)有限公司"),
        ("买买提·艾力", "买买提•艾力"),
        ("買買提·艾力", "买买提·艾力"),
        ("林 知夏", "林知夏"),
        ("SAMPLE Co", "sample co"),
    ],
)
def test_the_same_name_however_it_is_written(read: str, entered: str) -> None:
    assert same_name(read, entered)


@pytest.mark.parametrize(("read", "entered"), [("林知夏", "林知秋"), ("林知夏", "林知"), ("陈", "阵")])
def test_other_names_are_other_names(read: str, entered: str) -> None:
    assert not same_name(read, entered)


def test_characters_with_two_simplified_forms_stay() -> None:
    assert simplify("乾隆") == "乾隆"
