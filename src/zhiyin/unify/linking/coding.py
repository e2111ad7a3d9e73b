"""Do two rows name the same part or model number, a longer form of it, or another one?"""

from __future__ import annotations

import numpy as np

from zhiyin.unify.linking import wording
from zhiyin.unify.linking.corpus import Corpus

__all__ = ["compared"]

_NAMES = (
    "code shared",  # rarity of the rarest code that both say
    "code alike",  # the nearest two codes, 0-1
    "code begins",  # share of the shorter code that the longer one begins with, of the nearest two
    "code title alike",  # the same, among the codes of the titles
    "code said>",  # the rarest code of the left title stands in the right row, its blanks and hyphens gone
    "code said<",
    "codes>",
    "codes<",
    "codes foreign>",  # codes of the left title with nothing alike in the right row
    "codes foreign<",
    "codes against",  # both have foreign codes
    "code digits",  # the nearest two codes have the same digits
)
_ALIKE = 0.75  # two codes nearer than this are taken for two ways to write one


def compared(found: Corpus, pairs: np.ndarray) -> dict[str, np.ndarray]:
    """Evidence from part and model numbers; NaN where one of the two rows names none."""
    ours = [sorted(wording.codes(text)) for text in found.left.whole]
    theirs = [sorted(wording.codes(text)) for text in found.right.whole]
    our_titles = [sorted(wording.codes(text)) for text in found.left.cells[found.title]]
    their_titles = [sorted(wording.codes(text)) for text in found.right.cells[found.title]]
    our_runs = [wording.squashed(text.replace(" ", "")) for text in found.left.whole]
    their_runs = [wording.squashed(text.replace(" ", "")) for text in found.right.whole]
    known: dict[tuple[str, str], tuple[float, float]] = {}
    rows = np.full((len(pairs), len(_NAMES)), np.nan, dtype=np.float32)
    for at, (i, j) in enumerate(pairs):
        row = rows[at]
        shared = set(ours[i]) & set(theirs[j])
        row[0] = max((found.rarity[code] for code in shared), default=0.0)
        row[6], row[7] = len(ours[i]), len(theirs[j])
        if ours[i]:
            row[4] = _said(our_titles[i] or ours[i], their_runs[j], found.rarity)
        if theirs[j]:
            row[5] = _said(their_titles[j] or theirs[j], our_runs[i], found.rarity)
        if ours[i] and theirs[j]:
            near, begins, digits = _nearest(ours[i], theirs[j], known)
            row[1], row[2], row[11] = near, begins, digits
        if our_titles[i] and their_titles[j]:
            row[3] = _nearest(our_titles[i], their_titles[j], known)[0]
        if ours[i] and theirs[j]:
            row[8] = _foreign(our_titles[i], theirs[j], their_runs[j], known)
            row[9] = _foreign(their_titles[j], ours[i], our_runs[i], known)
            row[10] = min(row[8], row[9])
    return {name: rows[:, k] for k, name in enumerate(_NAMES)}


def _said(codes: list[str], run: str, rarity: dict[str, float]) -> float:
    rarest = max(codes, key=lambda code: (rarity[code], code))
    return float(rarest in run)


def _nearest(ours: list[str], theirs: list[str], known: dict[tuple[str, str], tuple[float, float]]) -> tuple[float, float, float]:
    best = max(((*_alike(a, b, known), a, b) for a in ours for b in theirs), key=lambda found: found[:2])
    return best[0], best[1], float(_digits(best[2]) == _digits(best[3]))


def _foreign(codes: list[str], others: list[str], run: str, known: dict[tuple[str, str], tuple[float, float]]) -> float:
    return float(sum(code not in run and all(_alike(code, other, known)[0] < _ALIKE for other in others) for code in codes))


def _alike(ours: str, theirs: str, known: dict[tuple[str, str], tuple[float, float]]) -> tuple[float, float]:
    key = (ours, theirs)
    if key not in known:
        from rapidfuzz.distance import Indel

        shorter = min(len(ours), len(theirs))
        begin = next((k for k in range(shorter) if ours[k] != theirs[k]), shorter)
        inside = 0.9 if ours in theirs or theirs in ours else 0.0
        known[key] = max(Indel.normalized_similarity(ours, theirs), inside), begin / shorter
    return known[key]


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign.isdigit())
