"""Weights that hear: voice activity, and a speech model that scores an expected text. In inference children alone.

The digits are verified, not transcribed: free decoding drops repeated digits and loops on short clips, while the
forced score of the expected digits separates what was said from what was not (`docs/accuracy.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.manifest import weight_path

RATE_HZ = 16_000
VOICE_HOP_S = 512 / RATE_HZ
NOT_HEARD = -20.0
"""The score of digits that the model ended before."""
_SHORTEST_CONTEXT_S = 10.0  # measured: with less silence after the last digit its end is doubted (decision 0020)
_MANDARIN = "零一二三四五六七八九"
_YAO = "幺"  # 'one', as numbers are read out
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_BEFORE = {"zh": "请念数字。"}  # what was said before, as far as the model knows: it expects digits
# A digit that another one is taken for: there the other's share counts more by this factor. Measured (decision 0020):
# 一 passed as 二 in 20 % of places, any other pair in 0.5 %. The service asks for no 二 any more (decision 0030); a
# command may.
_TAKEN_FOR = {"zh": {2: (1, 4.5)}}


@dataclass(frozen=True, slots=True)
class DigitScores:
    """For each place of the expected digits, and last for the end: `places` (n + 1,) natural-log probabilities among
    the ten digits and the end, NaN where the model gave none; `heard` the likeliest symbol at each place given the
    expected ones before it ('0'–'9', or '.' for the end). Of several readings `places` is the mean, `worst` the least
    sure place of each, `heard` the first's."""

    places: NDArray[np.float64] = field(repr=False)
    heard: str
    worst: tuple[float, ...]

    @property
    def readings(self) -> int:
        """How many there were."""
        return len(self.worst)

    @property
    def lowest(self) -> float:
        """The least sure place, of several readings the mean of theirs; `NOT_HEARD` where a digit has no row."""
        return float(np.mean(self.worst))


def pool(scores: Sequence[DigitScores]) -> DigitScores:
    """All readings of the same digits in one; a place has the mean of those that gave it a row."""
    stacked = np.stack([score.places for score in scores])
    weights = np.array([[score.readings] for score in scores]) * np.isfinite(stacked)
    counts = weights.sum(axis=0)
    sums = (weights * np.nan_to_num(stacked)).sum(axis=0)
    mean = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return DigitScores(mean, scores[0].heard, tuple(worst for score in scores for worst in score.worst))


def voice_probabilities(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Silero's probability of speech in every `VOICE_HOP_S` of 16 kHz mono sound."""
    spare = -samples.size % 512
    padded = np.pad(samples.astype(np.float32, copy=False), (0, spare))
    probabilities: NDArray[np.float32] = np.asarray(_voice_model()(padded), dtype=np.float32).reshape(-1)
    return probabilities


def score_digits(samples: NDArray[np.float32], digits: str, language: str, sure: float) -> DigitScores:
    """Score the expected `digits` in 16 kHz mono sound of at most 30 s; `language` is `zh` or `en`.

    They are read as words. Where that leaves the least sure place below `sure`, the same sound is read once more as
    figures: the model's slips differ, and most of the work is done.
    """
    import ctranslate2

    model, tokenizer, extractor = _whisper()
    frames = round(max(_SHORTEST_CONTEXT_S, samples.size / RATE_HZ + 0.5) * 100)
    padded = np.pad(samples, (0, max(0, frames * 160 - samples.size))).astype(np.float32)
    features = np.ascontiguousarray(extractor(padded, padding=0)[None, :, :frames], dtype=np.float32)
    encoded = model.encode(ctranslate2.StorageView.from_array(features))
    words = _read(encoded, digits, language, [_spell(tokenizer, digit, language) for digit in range(10)])
    if words.lowest >= sure:
        return words
    return pool((words, _read(encoded, digits, language, [spell_figure(tokenizer, digit) for digit in range(10)])))


def spell_figure(tokenizer: Any, digit: int) -> list[int]:
    """A figure that stands apart, as digits are said: with a space before it."""
    return [tokenizer.token_to_id(f"Ġ{digit}")]


def _read(encoded: Any, digits: str, language: str, spelled: Sequence[Sequence[int]]) -> DigitScores:
    """One forced decoding of the digits, each spelled by its tokens."""
    model, tokenizer, _ = _whisper()
    marks = ("<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>", "<|notimestamps|>")
    start = [tokenizer.token_to_id(mark) for mark in marks]
    if before := _BEFORE.get(language):
        start[:0] = [tokenizer.token_to_id("<|startofprev|>"), *tokenizer.encode(before, add_special_tokens=False).ids]
    forced = [token for digit in digits for token in spelled[int(digit)]]
    result = model.generate(
        encoded,
        [start + forced],
        beam_size=1,
        # As many rows as digits' tokens and the end, and none after them: each costs 10 ms.
        max_length=max(2 * (len(forced) + 1), len(start) + len(forced)),
        return_logits_vocab=True,
        suppress_blank=False,
        suppress_tokens=None,
    )[0]
    rows = [np.asarray(row, dtype=np.float64) for row in result.logits[0][: len(forced) + 1]]
    # A digit is told by its first token; 幺 is another way to say one.
    symbols = [tokens[0] for tokens in spelled] + [tokenizer.token_to_id("<|endoftext|>")]
    if language == "zh":
        symbols.append(tokenizer.encode(_YAO, add_special_tokens=False).ids[0])
    lengths = [len(spelled[int(digit)]) for digit in digits]
    return _read_rows(rows, digits, lengths, symbols, _TAKEN_FOR.get(language, {}))


def _read_rows(
    rows: Sequence[NDArray[np.float64]],
    digits: str,
    lengths: Sequence[int],
    symbols: Sequence[int],
    taken_for: Mapping[int, tuple[int, float]],
) -> DigitScores:
    """Log-probabilities among the symbols at the row where each digit begins, and at the end."""
    places = np.full(len(digits) + 1, np.nan)
    heard = ""
    at = 0
    for place in range(len(digits) + 1):
        if at >= len(rows):
            break
        values = rows[at][list(symbols)]
        shares = np.exp(values - values.max())
        shares /= shares.sum()
        if shares.size > 11:
            shares[1] += shares[11]
        likeliest = int(np.argmax(shares[:11]))
        heard += "." if likeliest == 10 else str(likeliest)
        expected = int(digits[place]) if place < len(digits) else 10
        other, factor = taken_for.get(expected, (0, 1.0))
        places[place] = np.log(max(float(shares[expected] / (1 + (factor - 1) * shares[other])), 1e-9))
        at += lengths[place] if place < len(digits) else 1
    whole = np.isfinite(places[:-1]).all()
    return DigitScores(places, heard, (float(np.nanmin(places)) if whole else NOT_HEARD,))


def _spell(tokenizer: Any, digit: int, language: str) -> list[int]:
    if language == "zh":
        tokens: list[int] = tokenizer.encode(_MANDARIN[digit], add_special_tokens=False).ids
        return tokens
    return [tokenizer.token_to_id("Ġ" + _ENGLISH[digit])]


@cache
def _whisper() -> tuple[Any, Any, Any]:
    import ctranslate2
    from faster_whisper.feature_extractor import FeatureExtractor
    from tokenizers import Tokenizer

    folder = weight_path("whisper-base")
    model = ctranslate2.models.Whisper(str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1)
    return model, Tokenizer.from_file(str(folder / "tokenizer.json")), FeatureExtractor()


@cache
def _voice_model() -> Any:
    from faster_whisper.vad import get_vad_model

    return get_vad_model()
