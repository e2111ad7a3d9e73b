"""Small charts as SVG text: they print, scale and open without a network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

__all__ = ["Bar", "Line", "Range", "band", "bars", "curves", "lines", "ranges", "trace"]

_INK, _SOFT, _ACCENT, _SECOND = "#1f2937", "#9ca3af", "#0f766e", "#d97706"
_COLOURS = (_ACCENT, _SECOND, "#2563eb", "#be185d", _SOFT)
_ROW, _LABEL, _WIDTH = 26, 190, 640
_SIDE, _MARGIN = 320, 44


class Bar(NamedTuple):
    """One bar: its name, its length, and the text at its end."""

    name: str
    value: float
    text: str


class Line(NamedTuple):
    """One line of a chart: its name and its points."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


class Range(NamedTuple):
    """One figure with its interval: its name, the ends, and the text at its end."""

    name: str
    value: float
    low: float
    high: float
    text: str


def ranges(rows: Sequence[Range], *, title: str, label: int = _LABEL) -> str:
    """Figures as dots with their intervals as lines, about a line at zero; an open end reaches to the edge."""
    ends = [end for row in rows for end in (row.value, row.low, row.high, 0.0) if math.isfinite(end)]
    least, most = min(ends, default=0.0), max(ends, default=1.0)
    room = _WIDTH - label - 190

    def at(value: float) -> float:
        bounded = min(max(value, least), most)
        return label + (bounded - least) / ((most - least) or 1.0) * room

    drawn = f'<line x1="{at(0):.1f}" y1="0" x2="{at(0):.1f}" y2="{_ROW * len(rows)}" stroke="{_SOFT}" stroke-dasharray="3 3"/>'
    for place, row in enumerate(rows):
        middle = place * _ROW + 14
        drawn += (
            f'<text x="{label - 8}" y="{middle + 5}" text-anchor="end" fill="{_INK}">{escape(row.name)}</text>'
            f'<line x1="{at(row.low):.1f}" y1="{middle}" x2="{at(row.high):.1f}" y2="{middle}" stroke="{_ACCENT}" stroke-width="3"/>'
            f'<circle cx="{at(row.value):.1f}" cy="{middle}" r="5" fill="{_ACCENT}"/>'
            f'<text x="{at(row.high) + 10:.1f}" y="{middle + 5}" fill="{_INK}">{escape(row.text)}</text>'
        )
    return _svg(_WIDTH, _ROW * len(rows) + 8, drawn, title=title)


def curves(rows: Sequence[Line], *, title: str, across: str, up: str) -> str:
    """Lines over days in their own units, with the least, the most and zero marked."""
    spots = [spot for row in rows for spot in row.points]
    right = max((x for x, _ in spots), default=1.0) or 1.0
    least, most = min([0.0, *(y for _, y in spots)]), max([1.0, *(y for _, y in spots)])
    wide, high = _WIDTH - 2 * _MARGIN - 130, 260.0

    def place(x: float, y: float) -> str:
        return f"{_MARGIN + 20 + x / right * wide:.1f},{_MARGIN + (most - y) / ((most - least) or 1.0) * high:.1f}"

    def mark(y: float) -> str:
        left, down = place(0, y).split(",")
        return (
            f'<line x1="{left}" y1="{down}" x2="{_MARGIN + 20 + wide}" y2="{down}" stroke="#e5e7eb"/>'
            f'<text x="{float(left) - 6}" y="{float(down) + 4}" text-anchor="end" fill="{_SOFT}">{y:,.0f}</text>'
        )

    drawn = "".join(mark(y) for y in sorted({least, 0.0, most}))
    for turn, row in enumerate(rows):
        colour = _COLOURS[turn % len(_COLOURS)]
        dash = ' stroke-dasharray="4 4"' if row.dashed else ""
        path = " ".join(place(x, y) for x, y in row.points)
        drawn += f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        drawn += f'<text x="{_MARGIN + 28 + wide}" y="{_MARGIN + 12 + 18 * turn}" fill="{colour}">{escape(row.name)}</text>'
    drawn += f'<text x="{_MARGIN + 20 + wide / 2}" y="{_MARGIN + high + 24}" text-anchor="middle" fill="{_INK}">{escape(across)}</text>'
    drawn += f'<text x="{_MARGIN + 20}" y="{_MARGIN - 12}" fill="{_INK}">{escape(up)}</text>'
    return _svg(_WIDTH, high + 2 * _MARGIN, drawn, title=title)


def band(past: Sequence[float], ahead: Sequence[tuple[float, float, float]], *, title: str, ends: tuple[str, str]) -> str:
    """What was, as a line; what is expected, dashed, with its interval as a band.

    Args:
        past: values in order.
        ahead: value, low and high of each step after them.
        title: what a screen reader says.
        ends: words below the first value and the last one ahead.
    """
    most = max([1e-9, *past, *(high for _, _, high in ahead)])
    left, wide, high = 66.0, _SIDE - 74.0, 120.0
    step = wide / max(len(past) + len(ahead) - 1, 1)

    def place(at: int, value: float) -> str:
        return f"{left + at * step:.1f},{24 + (1 - value / most) * high:.1f}"

    start = len(past)
    upper = [place(start + at, row[2]) for at, row in enumerate(ahead)]
    lower = [place(start + at, row[1]) for at, row in enumerate(ahead)]
    joint = [place(start - 1, past[-1])] if past else []
    middle = [*joint, *(place(start + at, row[0]) for at, row in enumerate(ahead))]
    drawn = "".join(
        f'<line x1="{left}" y1="{24 + (1 - share) * high:.1f}" x2="{left + wide}" y2="{24 + (1 - share) * high:.1f}" stroke="#e5e7eb"/>'
        f'<text x="{left - 6}" y="{28 + (1 - share) * high:.1f}" text-anchor="end" fill="{_SOFT}">{most * share:,.0f}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    drawn += f'<polygon points="{" ".join([*joint, *upper, *lower[::-1]])}" fill="{_SECOND}" fill-opacity="0.2"/>'
    drawn += f'<polyline points="{" ".join(place(at, y) for at, y in enumerate(past))}" fill="none" stroke="{_ACCENT}" stroke-width="2"/>'
    drawn += f'<polyline points="{" ".join(middle)}" fill="none" stroke="{_SECOND}" stroke-width="2" stroke-dasharray="4 3"/>'
    for at, words, anchor in zip((left, left + wide), ends, ("start", "end"), strict=True):
        drawn += f'<text x="{at:.1f}" y="{high + 40}" text-anchor="{anchor}" fill="{_SOFT}">{escape(words)}</text>'
    return _svg(_SIDE, high + 48, drawn, title=title)


def trace(rows: Sequence[Line], *, title: str, across: str, up: str) -> str:
    """Lines in a small picture, as far as their points reach on both axes, ends marked; zero too where the values pass it."""
    spots = [spot for row in rows for spot in row.points]
    if not spots:
        return _svg(_SIDE, 220, "", title=title)
    (left, right), (least, most) = ((min(ends), max(ends)) for ends in zip(*spots, strict=True))
    wide, high, start = _SIDE - 64.0, 148.0, 52.0

    def place(x: float, y: float) -> tuple[float, float]:
        return start + (x - left) / ((right - left) or 1.0) * wide, 28 + (most - y) / ((most - least) or 1.0) * high

    drawn = ""
    for y in sorted({least, most, *([0.0] if least < 0 < most else [])}):
        down = place(left, y)[1]
        drawn += f'<line x1="{start}" y1="{down:.1f}" x2="{start + wide}" y2="{down:.1f}" stroke="#e5e7eb"/>'
        drawn += f'<text x="{start - 6}" y="{down + 4:.1f}" text-anchor="end" fill="{_SOFT}">{y:.3g}</text>'
    for turn, row in enumerate(rows):
        colour = _COLOURS[turn % len(_COLOURS)]
        path = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in row.points)
        drawn += f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        drawn += f'<text x="{start + wide}" y="{42 + 16 * turn}" text-anchor="end" fill="{colour}">{escape(row.name)}</text>'
    drawn += f'<text x="{start}" y="{44 + high}" fill="{_SOFT}">{left:,.4g}</text>'
    drawn += f'<text x="{start + wide}" y="{44 + high}" text-anchor="end" fill="{_SOFT}">{right:,.4g}</text>'
    drawn += f'<text x="{start + wide / 2}" y="{60 + high}" text-anchor="middle" fill="{_INK}">{escape(across)}</text>'
    drawn += f'<text x="{start}" y="14" fill="{_INK}">{escape(up)}</text>'
    return _svg(_SIDE, 220, drawn, title=title)


def bars(rows: Sequence[Bar], *, title: str, label: int = _LABEL) -> str:
    """Horizontal bars, as long as their values, after names that take `label` pixels at most."""
    most = max((row.value for row in rows), default=0.0) or 1.0
    room = _WIDTH - label - 120
    drawn = "".join(_bar(row, at, length=max(1.0, row.value / most * room), start=label) for at, row in enumerate(rows))
    return _svg(_WIDTH, _ROW * len(rows) + 8, drawn, title=title)


def _bar(row: Bar, at: int, *, length: float, start: int) -> str:
    middle = at * _ROW + 19
    return (
        f'<text x="{start - 8}" y="{middle}" text-anchor="end" fill="{_INK}">{escape(row.name)}</text>'
        f'<rect x="{start}" y="{at * _ROW + 5}" width="{length:.1f}" height="18" rx="3" fill="{_ACCENT}"/>'
        f'<text x="{start + length + 6:.1f}" y="{middle}" fill="{_INK}">{escape(row.text)}</text>'
    )


def lines(rows: Sequence[Line], *, title: str, across: str, up: str) -> str:
    """Lines from 0 to 1 on both axes, for calibration and gain curves.

    Args:
        rows: lines whose points lie in 0-1.
        title: what a screen reader says.
        across: name of the horizontal axis.
        up: name of the vertical axis.
    """
    size = _SIDE - 2 * _MARGIN
    colours = (_ACCENT, _SECOND, _SOFT)
    grid = "".join(_tick(share, size) for share in (0.0, 0.5, 1.0))
    drawn = "".join(_line(row, size, colours[at % 3]) for at, row in enumerate(rows))
    key = "".join(
        f'<text x="{_MARGIN + 8}" y="{_MARGIN + 14 + 16 * at}" fill="{colours[at % 3]}">{escape(row.name)}</text>'
        for at, row in enumerate(rows)
    )
    axes = (
        f'<text x="{_SIDE / 2}" y="{_SIDE - 6}" text-anchor="middle" fill="{_INK}">{escape(across)}</text>'
        f'<text transform="translate(12 {_SIDE / 2}) rotate(-90)" text-anchor="middle" fill="{_INK}">{escape(up)}</text>'
    )
    return _svg(_SIDE, _SIDE, grid + drawn + key + axes, title=title)


def _tick(share: float, size: float) -> str:
    along, down = _MARGIN + share * size, _MARGIN + (1 - share) * size
    return (
        f'<line x1="{along:.1f}" y1="{_MARGIN}" x2="{along:.1f}" y2="{_MARGIN + size}" stroke="#e5e7eb"/>'
        f'<line x1="{_MARGIN}" y1="{down:.1f}" x2="{_MARGIN + size}" y2="{down:.1f}" stroke="#e5e7eb"/>'
        f'<text x="{along:.1f}" y="{_MARGIN + size + 15}" text-anchor="middle" fill="{_SOFT}">{share:.0%}</text>'
        f'<text x="{_MARGIN - 4}" y="{down + 4:.1f}" text-anchor="end" fill="{_SOFT}">{share:.0%}</text>'
    )


def _line(row: Line, size: float, colour: str) -> str:
    spots = [(_MARGIN + min(max(x, 0), 1) * size, _MARGIN + (1 - min(max(y, 0), 1)) * size) for x, y in row.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    dash = ' stroke-dasharray="4 4"' if row.dashed else ""
    dots = "" if row.dashed or len(spots) > 25 else "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>{dots}'


def _svg(width: float, height: float, content: str, *, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg" font-size="12" font-family="inherit">{content}</svg>'
    )
