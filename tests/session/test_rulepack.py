"""Rule packs."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import verify_svc
from tests.session.journey import PACK_FILE, base_pack
from verify_svc.session.reasons import Effect
from verify_svc.session.rulepack import PackFault, parse_pack
from verify_svc.session.steps import StepName


@pytest.fixture
def data() -> dict[str, Any]:
    return tomllib.loads(PACK_FILE.read_text(encoding="utf-8"))


def test_the_base_pack_gives_a_unit_every_step_but_the_legal_persons_card() -> None:
    assert set(base_pack().steps["unit"]) == set(StepName) - {StepName.LEGAL_PERSON_DOCUMENT}


def test_every_check_that_the_base_pack_requires_is_known_to_operators() -> None:
    """A check that nobody makes would leave every session to an operator."""
    words = json.loads((Path(verify_svc.__file__).parent / "locales" / "en.json").read_text(encoding="utf-8"))
    required = {check for checks in base_pack().required.values() for check in checks}
    assert required <= set(words["screens"]["console"]["check"])


def test_a_pack_sets_its_own_effects(data: dict[str, Any]) -> None:
    data["effects"] = {"document_blurry": "retry"}
    assert parse_pack(data).effects == {"document_blurry": Effect.RETRY}


def test_a_pack_may_weigh_a_reason_otherwise_in_one_step(data: dict[str, Any]) -> None:
    data["effects"] = {"document_blurry": "retry"}
    data["effects_of_step"] = {"face": {"document_blurry": "review"}}
    pack = parse_pack(data)
    assert pack.effects_in(StepName.FACE) == {"document_blurry": Effect.REVIEW}
    assert pack.effects_in(StepName.FORMS) == {"document_blurry": Effect.RETRY}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("version"),
        lambda data: data["effects"].update(no_such_reason="retry"),
        lambda data: data["effects"].update(document_blurry="refuse"),
        lambda data: data["effects_of_step"].update(no_such_step={}),
        lambda data: data["effects_of_step"].update(face={"no_such_reason": "retry"}),
        lambda data: data["steps"].update(unit=["no_such_step"]),
        lambda data: data["attempts"].pop("lock_min"),
    ],
)
def test_a_spoilt_pack_is_refused_by_name(data: dict[str, Any], spoil: Any) -> None:
    spoil(data)
    with pytest.raises(PackFault, match="base"):
        parse_pack(data)
