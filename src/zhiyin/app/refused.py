"""Which events were refused, why, and where does an example stand? Counts and places, no personal data."""

from __future__ import annotations

from zhiyin.app.home import Home
from zhiyin.collect.tracking.codes import why
from zhiyin.core.words import Language

__all__ = ["refused_events"]


def refused_events(home: Home, language: Language) -> list[dict[str, object]]:
    """Refusals that nobody has brought back, a line a source, stage and code."""
    rows: list[dict[str, object]] = []
    for source, stage, code, count, latest in home.inbox.refusals.grouped():
        example = home.inbox.refused(after=latest - 1, limit=1)[0]
        place = f"{example.received_at:%Y-%m-%d %H:%M:%S} UTC, {example.form}, {example.pointer or f'/{example.place}'}"
        words = why(code).in_(language)
        rows.append({"source": source, "stage": stage, "code": code, "why": words, "count": count, "example": place})
    return rows
