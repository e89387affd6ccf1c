"""Charts as SVG text: how a figure is spread over good and bad clips, and detection error trade-offs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from statistics import NormalDist
from string import Template

import numpy as np

_WIDE, _HIGH, _SIDE = 640, 150, 60
_COLOURS = ("#1a7f37", "#cf222e")
_SHARES = (0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95)
_FRAME = Template(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $wide $high" font-family="sans-serif" font-size="12">\n'
    '<rect width="$wide" height="$high" fill="#fff"/>\n$body\n</svg>\n'
)


def spread(title: str, groups: Sequence[tuple[str, Sequence[float]]], limit: float) -> str:
    """A row of dots for each named group (good first) over one axis; the limit is a dashed line."""
    every = [*(value for _, values in groups for value in values), limit]
    low, high = min(every), max(every)
    scale = (_WIDE - 2 * _SIDE) / ((high - low) or 1.0)
    body = [_text(_SIDE, 18, title, "start")]
    for row, ((name, values), colour) in enumerate(zip(groups, _COLOURS, strict=True)):
        middle = 48 + 36 * row
        body.append(_text(_SIDE - 8, middle + 4, f"{name}: {len(values)}", "end"))
        for number, value in enumerate(sorted(values)):  # a little apart, so that equal ones are seen
            x, y = _SIDE + (value - low) * scale, middle + 5 * (number % 3 - 1)
            body.append(f'<circle cx="{x:.1f}" cy="{y}" r="3.5" fill="{colour}" fill-opacity="0.55"/>')
    for value in np.linspace(low, high, 5):
        body.append(_text(_SIDE + (value - low) * scale, _HIGH - 12, f"{value:.3g}"))
    x = _SIDE + (limit - low) * scale
    body.append(f'<path d="M{x:.1f} 28V110" stroke="#000" stroke-dasharray="4 3"/>')
    body.append(_text(x, 122, f"limit {limit:.3g}"))
    return _FRAME.substitute(wide=_WIDE, high=_HIGH, body="\n".join(body))


def det(title: str, good: Sequence[float], bad: Sequence[float], below: bool) -> str:
    """Good ones refused (across) against bad ones missed (up) for every limit, both on the scale of normal deviates
    (Martin et al. 1997), cut off at 0.1 % and 95 %. `below`: bad values are low."""
    side = 360
    sign = 1 if below else -1
    limits = np.unique([*good, *bad])
    points = [
        (float(np.mean([sign * v < sign * at for v in good])), float(np.mean([sign * v >= sign * at for v in bad])))
        for at in [*limits, limits[-1] + 1, limits[0] - 1]
    ]
    low, high = NormalDist().inv_cdf(_SHARES[0]), NormalDist().inv_cdf(_SHARES[-1])

    def place(share: float) -> float:
        deviate = NormalDist().inv_cdf(min(max(share, _SHARES[0]), _SHARES[-1]))
        return _SIDE + (deviate - low) / (high - low) * (side - 2 * _SIDE)

    body = [_text(_SIDE, 18, title, "start"), _text(side / 2, side - 14, "good ones refused (up: bad ones missed)")]
    for share in _SHARES:
        body.append(_text(place(share), side - _SIDE + 18, f"{100 * share:g} %"))
        body.append(_text(_SIDE - 6, side - place(share) + 4, f"{100 * share:g} %", "end"))
    line = " ".join(f"{place(across):.1f},{side - place(up):.1f}" for across, up in sorted(points, key=_down))
    frame = f'<rect x="{_SIDE}" y="{_SIDE}" width="{side - 2 * _SIDE}" height="{side - 2 * _SIDE}"'
    body += [f'{frame} fill="none" stroke="#888"/>', f'<polyline points="{line}" fill="none" stroke="{_COLOURS[1]}"/>']
    return _FRAME.substitute(wide=side, high=side, body="\n".join(body))


def _down(point: tuple[float, float]) -> tuple[float, float]:
    return point[0], -point[1]


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
