"""The peoples of GB/T 3304."""

from __future__ import annotations

from verify_svc.certificate.peoples import PEOPLES


def test_all_peoples_are_there_by_the_names_that_cards_print() -> None:
    assert len(PEOPLES) == 56
    assert {"汉", "蒙古", "维吾尔", "柯尔克孜", "乌孜别克", "基诺"} <= PEOPLES
    assert not any(name.endswith("族") for name in PEOPLES)
