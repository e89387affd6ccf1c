"""Checks that name one thing by several limits, as a whole: all of those limits fit on half of the people and tried on
the other half."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from verify_svc.bench.agreement import Judged
from verify_svc.bench.halves import Errors, Value, fit_limit, halves
from verify_svc.bench.measures import Measure


@dataclass(frozen=True, slots=True)
class Whole:
    """A check by several of its limits: what today's do, and those fit on either half to the other half, added."""

    check: str
    measures: tuple[Measure, ...]
    today: Errors
    others: Errors


def judge_together(judged: Sequence[Judged], fitted: Sequence[tuple[Measure, Sequence[Value]]]) -> Iterator[Whole]:
    """`fitted`: the measures of which enough clips are labelled, with their values."""
    for check in dict.fromkeys(measure.check for measure, _ in fitted):
        of_check = [(measure, values) for measure, values in fitted if measure.check == check]
        measures = tuple(measure for measure, _ in of_check)
        if len(measures) < 2:
            continue
        clips = [one for one in judged if _is_bad(one, measures) or all(measure.is_good(one) for measure in measures)]
        clips = [one for one in clips if any(measure.of(one) is not None for measure in measures)]
        people = (one.clip.person for one in clips)
        first, second = halves(people, (one.clip.person for one in clips if _is_bad(one, measures)))
        others = Errors(0, 0, 0, 0)
        for half, rest in ((first, second), (second, first)):
            limits = [_fit(measure, values, half) for measure, values in of_check]
            others += _errors([one for one in clips if one.clip.person in rest], measures, limits)
        yield Whole(check, measures, _errors(clips, measures, [measure.limit for measure in measures]), others)


def _fit(measure: Measure, values: Sequence[Value], people: Collection[str]) -> float:
    known = [value for value in values if value.person in people]
    return fit_limit(known, measure.below, measure.most_wrong) if known else measure.limit


def _is_bad(one: Judged, measures: Sequence[Measure]) -> bool:
    return any(measure.is_bad(one) for measure in measures)


def _errors(clips: Sequence[Judged], measures: Sequence[Measure], limits: Sequence[float]) -> Errors:
    named = [any(_named(one, *pair) for pair in zip(measures, limits, strict=True)) for one in clips]
    bad = [_is_bad(one, measures) for one in clips]
    wrong = sum(said and not is_bad for said, is_bad in zip(named, bad, strict=True))
    missed = sum(is_bad and not said for said, is_bad in zip(named, bad, strict=True))
    return Errors(wrong, bad.count(False), missed, sum(bad))


def _named(one: Judged, measure: Measure, limit: float) -> bool:
    value = measure.of(one)
    return value is not None and measure.named(value, limit)
