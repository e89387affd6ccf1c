"""Weights that hear: voice activity, and a speech model that scores an expected text. In inference children alone.

The digits are verified, not transcribed: free decoding drops repeated digits and loops on short clips, while the
forced score of the expected digits separates what was said from what was not (`docs/accuracy.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
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
_SHORTEST_CONTEXT_S = 10.0
_MANDARIN = "零一二三四五六七八九"
_YAO = "幺"  # 'one', as numbers are read out
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class DigitScores:
    """For each place of the expected digits, and last for the end: `places` (n + 1,) natural-log probabilities among
    the ten digits and the end, NaN where the model gave none; `heard` the likeliest symbol at each place given the
    expected ones before it ('0'–'9', or '.' for the end). Of several hearings `places` is the mean, `worst` the least
    sure place of each."""

    places: NDArray[np.float64] = field(repr=False)
    heard: str
    worst: tuple[float, ...] = ()

    @property
    def hearings(self) -> int:
        """How many there were."""
        return max(1, len(self.worst))

    @property
    def lowest(self) -> float:
        """The least sure place, of several hearings the mean of theirs; `NOT_HEARD` where a digit has no row."""
        if self.worst:
            return float(np.mean(self.worst))
        return float(np.nanmin(self.places)) if np.isfinite(self.places[:-1]).all() else NOT_HEARD


def voice_probabilities(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Silero's probability of speech in every `VOICE_HOP_S` of 16 kHz mono sound."""
    spare = -samples.size % 512
    padded = np.pad(samples.astype(np.float32, copy=False), (0, spare))
    probabilities: NDArray[np.float32] = np.asarray(_voice_model()(padded), dtype=np.float32).reshape(-1)
    return probabilities


def score_digits(samples: NDArray[np.float32], digits: str, language: str) -> DigitScores:
    """Score the expected `digits` in 16 kHz mono sound of at most 30 s; `language` is `zh` or `en`."""
    import ctranslate2

    model, tokenizer, extractor = _whisper()
    spelled = [_spell(tokenizer, digit, language) for digit in range(10)]
    marks = ("<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>", "<|notimestamps|>")
    start = [tokenizer.token_to_id(mark) for mark in marks]
    forced = [token for digit in digits for token in spelled[int(digit)]]
    frames = round(max(_SHORTEST_CONTEXT_S, samples.size / RATE_HZ + 0.5) * 100)
    padded = np.pad(samples, (0, max(0, frames * 160 - samples.size))).astype(np.float32)
    features = np.ascontiguousarray(extractor(padded, padding=0)[None, :, :frames], dtype=np.float32)
    result = model.generate(
        ctranslate2.StorageView.from_array(features),
        [start + forced],
        beam_size=1,
        # Room past the digits: the row that tells of the end comes only when decoding goes on.
        max_length=len(start) + len(forced) + 6,
        return_logits_vocab=True,
        suppress_blank=False,
        suppress_tokens=None,
    )[0]
    rows = [np.asarray(row, dtype=np.float64) for row in result.logits[0][: len(forced) + 1]]
    # A digit is told by its first token; 幺 is another way to say one.
    symbols = [tokens[0] for tokens in spelled] + [tokenizer.token_to_id("<|endoftext|>")]
    if language == "zh":
        symbols.append(tokenizer.encode(_YAO, add_special_tokens=False).ids[0])
    return _read_rows(rows, digits, [len(spelled[int(digit)]) for digit in digits], symbols)


def _read_rows(
    rows: Sequence[NDArray[np.float64]], digits: str, lengths: Sequence[int], symbols: Sequence[int]
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
        places[place] = np.log(max(float(shares[expected]), 1e-9))
        at += lengths[place] if place < len(digits) else 1
    return DigitScores(places, heard)


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
