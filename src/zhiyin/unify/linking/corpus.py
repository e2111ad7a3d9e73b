"""What do two tables say, word by word: their distinct rows, the columns they share, and how rare each word is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from scipy import sparse

from zhiyin.unify.linking import wording

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

    from zhiyin.unify.linking.frames import Sides

__all__ = ["Corpus", "Matrices", "Side", "corpus", "pairwise"]

_CELLS = 8  # columns compared one by one; the rest speaks through the whole row
_NOTHING = "nothing"  # one more text, so that tables of punctuation alone have a word too
_AMOUNT_SHARE = 0.8  # a column is of amounts where this share of its cells reads as a number

Matrices: TypeAlias = tuple[sparse.csr_matrix, sparse.csr_matrix]


class Side(NamedTuple):
    """One table: its distinct rows as folded texts."""

    cells: dict[str, list[str]]
    amounts: dict[str, np.ndarray]
    whole: list[str]
    row_of: np.ndarray  # the distinct row of each given row


class Corpus(NamedTuple):
    """Both tables, and the sparse matrices over the words of both."""

    left: Side
    right: Side
    title: str
    matrices: dict[str, Matrices]
    cells: dict[str, Matrices]  # a column's words in the terms of the whole row
    rarity: dict[str, float]


def corpus(found: Sides) -> Corpus:
    """Reads two tables, or one twice: texts folded, rows of the same text told once."""
    ours, theirs = found.left, found.left if found.right is None else found.right
    amounts = [name for name in ours if _is_amount(ours[name], theirs[name])]
    texts = [name for name in ours if name not in amounts] or list(ours)
    sides = [_side(table, texts, amounts) for table in (ours, theirs)]
    title = max(texts, key=lambda name: (_tells(sides, name), name))
    kept = sorted(texts, key=lambda name: (-_tells(sides, name), name))[:_CELLS]
    sides = [side._replace(cells={name: side.cells[name] for name in kept}) for side in sides]
    matrices = {name: _words([side.cells[name] for side in sides])[0] for name in kept}
    matrices["*"], terms = _words([side.whole for side in sides])
    matrices["*~"] = _letters([side.whole for side in sides])
    matrices["=~"] = _letters([side.cells[title] for side in sides])
    cells = {name: (terms(sides[0].cells[name]), terms(sides[1].cells[name])) for name in kept}
    return Corpus(sides[0], sides[1], title, matrices, cells, _rarity(sides))


def pairwise(first: sparse.csr_matrix, second: sparse.csr_matrix, *, pairs: np.ndarray) -> np.ndarray:
    """The inner product of row `pairs[:, 0]` of one and row `pairs[:, 1]` of the other, pair by pair."""
    out = np.empty(len(pairs), dtype=np.float32)
    for start in range(0, len(pairs), 1 << 15):
        part = pairs[start : start + (1 << 15)]
        out[start : start + len(part)] = np.asarray(first[part[:, 0]].multiply(second[part[:, 1]]).sum(axis=1)).ravel()
    return out


def _is_amount(left: pd.Series, right: pd.Series) -> bool:
    cells = pd.concat([left, right]).dropna().drop_duplicates()
    return len(cells) > 0 and np.mean([np.isfinite(wording.number(cell)) for cell in cells]) >= _AMOUNT_SHARE


def _side(table: pd.DataFrame, texts: Sequence[str], amounts: Sequence[str]) -> Side:
    cells = {name: [wording.folded(cell) for cell in table[name]] for name in [*texts, *amounts]}
    keys = pd.Series(list(zip(*cells.values(), strict=True)))
    row_of, distinct = pd.factorize(keys, sort=True)  # sorted: the order of the rows does not matter
    cells = {name: [key[at] for key in distinct] for at, name in enumerate(cells)}
    whole = [wording.joined(row) for row in zip(*(cells[name] for name in texts), strict=True)]
    numbers = {name: np.array([wording.number(cell) for cell in cells[name]]) for name in amounts}
    return Side({name: cells[name] for name in texts}, numbers, whole, row_of)


def _tells(sides: Sequence[Side], name: str) -> float:
    """How much a column names its row: distinct filled cells over rows, long descriptions held back a little."""
    cells = [cell for side in sides for cell in side.cells[name]]
    filled = [cell for cell in cells if cell]
    if not filled:
        return 0.0
    length = float(np.median([len(cell.split()) for cell in filled]))
    return len(set(filled)) / len(cells) * min(1.0, (1 + length) / 4) * (1.0 if length < 20 else 0.5)


def _rarity(sides: Sequence[Side]) -> dict[str, float]:
    """How rare each code is: log of rows over rows with it."""
    seen = Counter(code for side in sides for text in side.whole for code in wording.codes(text))
    rows = sum(len(side.whole) for side in sides)
    return {code: float(np.log((1 + rows) / (1 + count))) for code, count in seen.items()}


def _words(texts: Sequence[Sequence[str]]) -> tuple[Matrices, Callable[[Sequence[str]], sparse.csr_matrix]]:
    """The weighted words of both tables, and how other texts are weighed in the same terms."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    terms = TfidfVectorizer(analyzer=wording.words, sublinear_tf=True, dtype=np.float32)
    return _fitted(terms, texts), terms.transform


def _letters(texts: Sequence[Sequence[str]]) -> Matrices:
    """Runs of two to five letters, hyphens gone: what stays alike when a word is written or split differently."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    plain = [[" ".join(wording.squashed(chunk) for chunk in text.split()) for text in side] for side in texts]
    return _fitted(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32), plain)


def _fitted(terms: TfidfVectorizer, texts: Sequence[Sequence[str]]) -> Matrices:
    both = terms.fit_transform([*(text for side in texts for text in side), _NOTHING])
    both.sort_indices()
    return both[: len(texts[0])], both[len(texts[0]) : -1]
