"""How the digits are spelled for the speech model."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from verify_svc.inference.manifest import weight_path
from verify_svc.inference.speech import spell_figure


@pytest.mark.weights
def test_figures_are_spelled_as_the_model_writes_them_one_by_one() -> None:
    tokenizer = Tokenizer.from_file(str(weight_path("whisper-base") / "tokenizer.json"))
    spelled = [token for digit in range(10) for token in spell_figure(tokenizer, digit)]
    assert spelled == tokenizer.encode(" 0 1 2 3 4 5 6 7 8 9", add_special_tokens=False).ids
