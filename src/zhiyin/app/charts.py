"""Small charts as SVG text: they print, scale and open without a network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

__all__ = ["Bar", "Line", "bars", "lines"]

_INK, _SOFT, _ACCENT, _SECOND = "#1f2937", "#9ca3af", "#0f766e", "#d97706"
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
