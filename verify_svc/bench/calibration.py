"""What an installation's own labelled clips say of the checks' limits: tables, pictures, and limits proposed.

Every clip is measured once. A limit is fit on half of the people and tried on the others (`halves`); nothing in the
service changes by it.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from verify_svc.bench import chart
from verify_svc.bench.agreement import TABLES, Judged
from verify_svc.bench.halves import Errors, Fit, Value, errors, fit, too_few
from verify_svc.bench.intervals import share
from verify_svc.bench.measures import MEASURES, Measure
from verify_svc.bench.together import judge_together

_PAGE = """# Calibration

{clips} clips of {people} people, each judged once as `verify-svc check face` judges it. The labels are described in the
documentation (`docs/calibration.md`). Shares are given with their 95 % intervals. Nothing was changed by this.
"""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """One measure over the labelled clips, and what today's limit does. `fit` is None where the clips are too few:
    `why_not` says it."""

    measure: Measure
    values: tuple[Value, ...]
    today: Errors
    fit: Fit | None
    why_not: str = ""

    def values_of(self, bad: bool) -> list[float]:
        """The figures of the good or the bad clips."""
        return [value.value for value in self.values if value.bad is bad]


def calibrate(judged: Sequence[Judged], measures: Sequence[Measure] = MEASURES) -> list[Calibrated]:
    """Fit a limit for every measure of which good or bad clips are there."""
    done = []
    for measure in measures:
        values = tuple(_values(measure, judged))
        if values:
            why_not = too_few(values)
            fitted = None if why_not else fit(values, measure.below, measure.most_wrong)
            done.append(Calibrated(measure, values, errors(values, measure.limit, measure.below), fitted, why_not))
    return done


def limits_table(calibrated: Sequence[Calibrated]) -> Iterator[str]:
    """Today's limits and those fit by halves, with what each does, as Markdown."""
    yield (
        "| measure | today's limit | good refused | bad missed | limits fit on either half | good refused on the other "
        "| bad missed on the other | proposed |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for one in calibrated:
        measure = one.measure
        side = "under" if measure.below else "over"
        fitted = "– | – | –"
        if one.fit is not None:
            halves = " and ".join(f"{limit:.3g}" for limit in one.fit.on_halves)
            fitted = f"{halves} | {_errors(one.fit.others)}"
        head = f"| {measure.check}: {measure.words} | {side} {measure.limit:.3g}"
        yield f"{head} | {_errors(one.today)} | {fitted} | {proposal(one)} |"


def together_table(judged: Sequence[Judged], calibrated: Sequence[Calibrated]) -> Iterator[str]:
    """The checks that several fitted limits make, as Markdown; nothing where there is none."""
    fitted = [(one.measure, one.values) for one in calibrated if one.fit is not None]
    wholes = list(judge_together(judged, fitted))
    if wholes:
        yield (
            "| check, by all of these at once | good refused | bad missed | fit on either half: good refused on the "
            "other | bad missed on the other |"
        )
        yield "|---|---|---|---|---|"
    for whole in wholes:
        names = ", ".join(measure.name for measure in whole.measures)
        yield f"| {whole.check}: {names} | {_errors(whole.today)} | {_errors(whole.others)} |"


def proposal(one: Calibrated) -> str:
    """The limit to try, in words: fit on all people, where its kind did better on people it wasn't fit on."""
    if one.fit is None:
        return f"none, {one.why_not}"
    return f"{one.fit.limit:.3g}" if one.fit.others.cost < one.today.cost else "keep today's"


def section(judged: Sequence[Judged], calibrated: Sequence[Calibrated], pictures: Sequence[Path], beside: Path) -> str:
    """The limits as a section of a page in the folder `beside`, with links to the pictures."""
    links = (f"[{path.stem}]({os.path.relpath(path, beside)})" for path in pictures)
    tables = [*limits_table(calibrated), "", *together_table(judged, calibrated)]
    return "\n".join(["## Limits by halves", "", *tables, "", f"Pictures: {', '.join(links)}."])


def write(folder: Path, judged: Sequence[Judged], calibrated: Sequence[Calibrated]) -> list[Path]:
    """Write `calibration.md`, `limits.csv`, `values.csv` and the pictures; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = draw(folder, calibrated)
    page, limits, values = (folder / name for name in ("calibration.md", "limits.csv", "values.csv"))
    people = len({one.clip.person for one in judged})
    parts = [
        _PAGE.format(clips=len(judged), people=people),
        *(f"Not judged: {one.clip.file}: {one.answer['error']}." for one in judged if "error" in one.answer),
        "## Limits\n",
        *limits_table(calibrated),
        "",
        *together_table(judged, calibrated),
        *(f"\n![{path.stem}]({path.name})" for path in pictures),
    ]
    for title, rows in TABLES:
        parts += [f"\n## {title}\n", *rows(judged)]
    page.write_text("\n".join(parts) + "\n", encoding="utf-8")
    with limits.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["measure", "check", "figure", "bad_side", "today", "first_half", "second_half", "proposed"])
        for one in calibrated:
            measure, side = one.measure, "below" if one.measure.below else "above"
            halves = one.fit.on_halves if one.fit else ("", "")
            writer.writerow([measure.key, measure.check, measure.name, side, measure.limit, *halves, proposal(one)])
    with values.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["file", "person", "measure", "label", "value"])
        for clip in judged:
            for measure in MEASURES:
                label = "bad" if measure.is_bad(clip) else "good" if measure.is_good(clip) else ""
                writer.writerow([clip.clip.file, clip.clip.person, measure.key, label, measure.of(clip)])
    return [page, limits, values, *pictures]


def draw(folder: Path, calibrated: Sequence[Calibrated]) -> list[Path]:
    """Write a picture of each measure's figures, good and bad; a DET curve where the measure is a score and both are
    there."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in calibrated:
        measure, good, bad = one.measure, one.values_of(bad=False), one.values_of(bad=True)
        title = f"{measure.check}: {measure.words}"
        charts = {measure.key: chart.spread(title, (("good", good), ("bad", bad)), measure.limit)}
        if measure.score_like and good and bad:
            charts[f"{measure.key}-det"] = chart.det(title, good, bad, measure.below)
        for name, svg in charts.items():
            path = folder / f"{name}.svg"
            path.write_text(svg, encoding="utf-8")
            written.append(path)
    return written


def _values(measure: Measure, judged: Sequence[Judged]) -> Iterator[Value]:
    for one in judged:
        value = measure.of(one)
        if value is not None and (measure.is_bad(one) or measure.is_good(one)):
            yield Value(one.clip.person, value, measure.is_bad(one))


def _errors(made: Errors) -> str:
    refused = f"{made.wrong} of {made.good}: {share(made.wrong, made.good)}"
    return f"{refused} | {made.missed} of {made.bad}: {share(made.missed, made.bad)}"
