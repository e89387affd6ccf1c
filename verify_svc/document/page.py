"""Finds the page in a photograph and lays it flat.

No page found is no fault: the whole picture is read then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.media.pictures import Pixels, resize

Corners = NDArray[np.float32]
"""Four points (x, y), clockwise from the top left as the picture stands; shape (4, 2)."""


@dataclass(frozen=True, slots=True)
class PageLimits:
    """What counts as a page. Fractions of the picture unless said otherwise."""

    search_side_px: int = 640  # guessed: edges of a card stay visible
    min_area: float = 0.03  # guessed: a card smaller than this can't be read anyway
    whole_area: float = 0.93  # guessed: so large a page is the picture itself
    min_fill: float = 0.88  # guessed: the found shape fills its quadrilateral
    min_support: float = 0.55  # guessed: share of a side along which the picture has an edge
    max_corner_deg: float = 32.0  # guessed: deviation of a corner from a right angle
    min_energy: float = 0.5  # guessed: share of the picture's edge energy that lies within the page
    border: float = 0.012  # a side so near the picture's border lies on it
    margin: float = 0.03  # laid flat with this much around it, so that nothing at the edge is lost


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page as found. `corners` in pixels; `on_border` says for top, right, bottom, left whether it ends there.

    `support` is the share of its sides along which there is an edge, `distinct` how much of that is an edge of its own:
    beside a side, within or outside, there is less. In a carpet there are edges everywhere.
    """

    corners: Corners
    area: float
    support: float
    on_border: tuple[bool, bool, bool, bool]
    distinct: float = 1.0

    @property
    def skew_deg(self) -> float:
        """How far the page's upper and left sides lean from the picture's axes, at most 45."""
        top, left = self.corners[1] - self.corners[0], self.corners[3] - self.corners[0]
        lean = max(abs(np.degrees(np.arctan2(top[1], top[0]))), abs(np.degrees(np.arctan2(-left[0], left[1]))))
        return float(min(lean, 90.0 - lean) if lean <= 90 else min(lean - 90, 180 - lean))

    @property
    def keystone(self) -> float:
        """The larger ratio of opposite sides, ≥ 1: how slantwise the camera looked."""
        sides = [float(np.linalg.norm(self.corners[i] - self.corners[(i + 1) % 4])) for i in range(4)]
        return max(max(sides[i], sides[i + 2]) / max(1.0, min(sides[i], sides[i + 2])) for i in (0, 1))


def find_page(pixels: Pixels, limits: PageLimits = PageLimits()) -> Page | None:
    """The largest well supported quadrilateral, or None."""
    scale = min(1.0, limits.search_side_px / max(pixels.shape[:2]))
    small = cv2.GaussianBlur(resize(pixels, scale) if scale < 1 else pixels, (0, 0), 1.0)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    edges = _edge_strength(lab)
    some, more, high = (float(level) for level in np.percentile(edges[::2, ::2], [60, 75, 88]))
    nearby = np.asarray(cv2.dilate(edges, np.ones((5, 5), np.uint8)) > max(12.0, some))
    best: Page | None = None
    best_score = 0.0
    for mask in _masks(lab, edges, more, high):
        for corners, fill in _quads(mask, limits):
            page = _judged(corners, edges, nearby, limits)
            if page is None:
                continue
            most = page.support * fill * page.area**0.25 * (0.9 ** sum(page.on_border))
            if most <= best_score:
                continue
            distinct = _distinct(page, nearby)
            score = most * (0.7 + 0.3 * distinct)
            if score > best_score:
                best, best_score = replace(page, distinct=distinct), score
    if best is None:
        return None
    return replace(best, corners=_f32(best.corners / scale))


def flatten(pixels: Pixels, corners: Corners, margin: float, max_side_px: int) -> tuple[Pixels, NDArray[np.float64]]:
    """The page laid flat with `margin` (a fraction of its sides) around it.

    Returns the sheet, at most `max_side_px` long, and the 3 × 3 homography from its pixels to those of `pixels`.
    """
    sides = [float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4)]
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    scale = min(1.0, max_side_px / (max(width, height) * (1 + 2 * margin)))
    width, height = width * scale, height * scale
    pad_x, pad_y = width * margin, height * margin
    flat = _f32([[pad_x, pad_y], [pad_x + width, pad_y], [pad_x + width, pad_y + height], [pad_x, pad_y + height]])
    to_flat = cv2.getPerspectiveTransform(_f32(corners), flat)
    size = (max(16, round(width + 2 * pad_x)), max(16, round(height + 2 * pad_y)))
    source, shrink = pixels, np.eye(3)
    if scale < 0.6:  # a warp takes single pixels: shrink first, so that each is a mean
        source, shrink = resize(pixels, scale * 1.3), np.diag([scale * 1.3, scale * 1.3, 1.0])
    warp = to_flat @ np.linalg.inv(shrink)
    # Small text needs the sharper way; on a large page that costs 60 ms and reads no better.
    between = cv2.INTER_CUBIC if max(size) < _SMALL_PAGE_PX else cv2.INTER_LINEAR
    sheet = cv2.warpPerspective(source, warp, size, flags=between, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sheet, np.uint8), np.asarray(np.linalg.inv(to_flat), np.float64)


_SMALL_PAGE_PX = 1200  # measured: fields of a page of 700 px came out otherwise, of 1500 px and more the same


def map_points(points: NDArray[np.floating], homography: NDArray[np.float64]) -> Corners:
    """Points (n, 2) through a 3 × 3 homography."""
    mapped = cv2.perspectiveTransform(np.asarray(points, np.float64).reshape(1, -1, 2), homography)
    return _f32(mapped[0])


def _f32(values: object) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


def _edge_strength(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Gradient over the three Lab channels, each with its direction thrown away; shape (height, width)."""
    gx, gy = cv2.Sobel(lab, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(lab, cv2.CV_32F, 0, 1, ksize=3)
    squares = [_f32(squared) for squared in cv2.split(gx * gx + gy * gy)]
    return _f32(np.sqrt(np.maximum(np.maximum(squares[0], squares[1]), squares[2])))


def _masks(lab: NDArray[np.float32], edges: NDArray[np.float32], more: float, high: float) -> list[NDArray[np.uint8]]:
    """Guesses at what is page (255) and what is not, by difference from the surroundings, lightness and edges.

    `more` and `high` are what a quarter and an eighth of the edges exceed.
    """
    height, width = edges.shape
    ring = max(2, round(min(height, width) * 0.02))
    rim = np.concatenate([part.reshape(-1, 3) for part in (lab[:ring], lab[-ring:], lab[:, :ring], lab[:, -ring:])])
    planes = [_f32(plane) for plane in cv2.split(lab)]
    away = [plane - middle for plane, middle in zip(planes, _f32(np.median(rim[::4], axis=0)), strict=True)]
    distance = _f32(cv2.magnitude(_f32(cv2.magnitude(away[0], away[1])), away[2]))
    light = _otsu(planes[0])
    masks = [_otsu(distance), light, 255 - light]
    chroma = _f32(cv2.magnitude(planes[1] - 128, planes[2] - 128))
    masks.append(255 - _otsu(chroma))
    strong = np.asarray((edges > max(24.0, high)) * 255, np.uint8)
    lines = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    masks.append(np.asarray(lines, np.uint8))
    faint = np.asarray((edges > max(10.0, more)) * 255, np.uint8)
    masks.append(np.asarray(cv2.morphologyEx(faint, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8))
    return masks


def _otsu(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    low, high = float(values.min()), float(values.max())
    scaled = ((values - low) * (255 / max(1e-6, high - low))).astype(np.uint8)
    _, mask = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), np.uint8)


def _quads(mask: NDArray[np.uint8], limits: PageLimits) -> list[tuple[Corners, float]]:
    """Quadrilaterals around the mask's larger parts, each with how well the part fills it."""
    whole = mask.shape[0] * mask.shape[1]
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    found = []
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:4]:
        hull = np.asarray(cv2.convexHull(contour), np.int32)
        area = cv2.contourArea(hull)
        if area < limits.min_area * whole:
            continue
        quad = _as_quad(hull)
        quad_area = cv2.contourArea(quad)
        if quad_area <= 0:
            continue
        fill = min(area / quad_area, quad_area / area) * min(1.0, cv2.contourArea(contour) / area + 0.08)
        if fill >= limits.min_fill:
            found.append((_ordered(quad), fill))
    return found


def _as_quad(hull: NDArray[np.int32]) -> Corners:
    """Four corners for a convex shape: by dropping its flattest corners, else its smallest rectangle."""
    length = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.015, 0.02, 0.03, 0.045, 0.06):
        points = cv2.approxPolyDP(hull, tolerance * length, True)
        if len(points) == 4:
            return _f32(points.reshape(4, 2))
        if len(points) < 4:
            break
    return _f32(cv2.boxPoints(cv2.minAreaRect(hull)))


def _ordered(quad: Corners) -> Corners:
    """Clockwise from the corner nearest to the top left."""
    centre = quad.mean(axis=0)
    turn = np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0])
    clockwise = quad[np.argsort(turn)]
    first = int(np.argmin(clockwise.sum(axis=1)))
    return _f32(np.roll(clockwise, -first, axis=0))


def _judged(corners: Corners, edges: NDArray[np.float32], nearby: NDArray[np.bool_], limits: PageLimits) -> Page | None:
    """The quadrilateral as a page, or None: its corners, and an edge along each side that isn't the picture's own.

    `nearby` says where an edge is near.
    """
    height, width = edges.shape
    area = cv2.contourArea(corners) / (height * width)
    if area < limits.min_area or area > limits.whole_area:
        return None
    for i in range(4):
        one, other = corners[i - 1] - corners[i], corners[(i + 1) % 4] - corners[i]
        cosine = float(one @ other / max(1e-6, float(np.linalg.norm(one) * np.linalg.norm(other))))
        if abs(np.degrees(np.arccos(np.clip(cosine, -1, 1))) - 90) > limits.max_corner_deg:
            return None
    near_x, near_y = limits.border * width + 2, limits.border * height + 2
    x, y = corners[:, 0], corners[:, 1]
    on_border = (
        bool(max(y[0], y[1]) < near_y),
        bool(min(x[1], x[2]) > width - 1 - near_x),
        bool(min(y[2], y[3]) > height - 1 - near_y),
        bool(max(x[0], x[3]) < near_x),
    )
    if sum(on_border) > 2:
        return None
    supports = _supports(corners, on_border, nearby)
    if min(supports) < limits.min_support:
        return None
    if area < limits.min_area * 8 and _energy_within(corners, edges) < limits.min_energy:
        return None  # an emblem or a seal: the text lies elsewhere
    return Page(corners, area, float(np.mean(supports)), on_border)


def _energy_within(corners: Corners, edges: NDArray[np.float32]) -> float:
    height, width = edges.shape
    inside = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(inside, np.round(corners).astype(np.int32), (1,))
    grown = cv2.dilate(inside, np.ones((9, 9), np.uint8)).astype(bool)
    energy = edges * edges
    return float(energy[grown].sum() / max(1.0, float(energy.sum())))


def _distinct(page: Page, nearby: NDArray[np.bool_]) -> float:
    """How much more support its sides have than lines a little within or outside them, whichever have less."""
    middle = page.corners.mean(axis=0)
    within, outside = (_f32(page.corners + (middle - page.corners) * away) for away in (_BESIDE, -_BESIDE))
    beside = np.minimum(_supports(within, page.on_border, nearby), _supports(outside, page.on_border, nearby))
    return float(np.mean(_supports(page.corners, page.on_border, nearby) - beside))


_BESIDE = 0.06  # of the way to the page's middle
_STEPS = np.linspace(0.04, 0.96, 48)[None, :, None]


def _supports(corners: Corners, on_border: Sequence[bool], nearby: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of each side that isn't on the picture's border, the share of points near which the picture has an edge."""
    inner = ~np.array(on_border)
    starts, ends = corners[inner][:, None], np.roll(corners, -1, axis=0)[inner][:, None]
    points = np.round(starts + (ends - starts) * _STEPS).astype(int)
    rows = points[..., 1].clip(0, nearby.shape[0] - 1)
    columns = points[..., 0].clip(0, nearby.shape[1] - 1)
    return np.asarray(nearby[rows, columns].mean(axis=1))
