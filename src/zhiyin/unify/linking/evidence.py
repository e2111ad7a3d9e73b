"""What speaks for and against two rows being the same thing: one row of numbers a pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from zhiyin.unify.linking import coding, wording
from zhiyin.unify.linking.corpus import Corpus, Side, pairwise
from zhiyin.unify.linking.rivals import rivals

__all__ = ["Evidence", "gathered"]


class Evidence(NamedTuple):
    """What speaks for and against each pair.

    `pairs` (n_pairs, 2) are places of distinct rows; `table` holds the comparisons of each pair by itself and, behind
    the first `own` columns, how it stands beside the other pairs of its rows; `wording` the words that both say, that
    one of them says, and that only the title of the one or of the other says.
    """

    pairs: np.ndarray
    table: pd.DataFrame
    own: int
    wording: sparse.csr_matrix


def gathered(found: Corpus, pairs: np.ndarray) -> Evidence:
    """The evidence of each pair of distinct rows; NaN where one of the two says nothing.

    Columns ending in `>` ask how much of the left row the right one says, `<` the other way round, `~` by letters.
    """
    parts = {
        **_by_words(found, pairs),
        **_by_letters(found, pairs),
        **_amounts(found.left, found.right, pairs),
        **_numbers(found, pairs),
        **coding.compared(found, pairs),
        **_lengths(found, pairs),
    }
    own = pd.DataFrame(parts, dtype=np.float32)
    beside = [rivals(pairs, own[name].to_numpy(), name=name) for name in ("* words", "*~", f"{found.title} words", "* words>")]
    return Evidence(pairs, pd.concat([own, *beside], axis=1), own.shape[1], _wording(found, pairs))


def _wording(found: Corpus, pairs: np.ndarray) -> sparse.csr_matrix:
    ours, theirs = (_flat(matrix)[pairs[:, at]] for at, matrix in enumerate(found.matrices["*"]))
    both = ours.multiply(theirs)
    titles = [_flat(matrix)[pairs[:, at]] for at, matrix in enumerate(found.matrices[found.title])]
    shared = titles[0].multiply(titles[1])
    return sparse.hstack([both, ours + theirs - 2 * both, titles[0] - shared, titles[1] - shared]).tocsr()


def _by_words(found: Corpus, pairs: np.ndarray) -> dict[str, np.ndarray]:
    """Cosine and one-sided cover of the rare words, a column at a time and the whole row; a cell in the other's whole row."""
    out: dict[str, np.ndarray] = {}
    wholes = [_flat(matrix) for matrix in found.matrices["*"]]
    names = [name for name in found.matrices if "~" not in name]
    for name in names:
        left, right = found.matrices[name]
        empty = _silent(left, right, pairs)
        out[f"{name} words"] = np.where(empty, np.nan, pairwise(left, right, pairs=pairs))
        out[f"{name} words>"] = np.where(empty, np.nan, pairwise(_share(left), _flat(right), pairs=pairs))
        out[f"{name} words<"] = np.where(empty, np.nan, pairwise(_flat(left), _share(right), pairs=pairs))
        out[f"{name} left over>"] = np.where(empty, np.nan, _weight(left)[pairs[:, 0]] - pairwise(left, _flat(right), pairs=pairs))
        out[f"{name} left over<"] = np.where(empty, np.nan, _weight(right)[pairs[:, 1]] - pairwise(_flat(left), right, pairs=pairs))
    for name, (left, right) in found.cells.items():  # the words of a cell, in the terms of the whole row
        if name != "*":
            out[f"{name} in whole>"] = _nan_where(_weight(left)[pairs[:, 0]] == 0, pairwise(_share(left), wholes[1], pairs=pairs))
            out[f"{name} in whole<"] = _nan_where(_weight(right)[pairs[:, 1]] == 0, pairwise(wholes[0], _share(right), pairs=pairs))
    return out


def _by_letters(found: Corpus, pairs: np.ndarray) -> dict[str, np.ndarray]:
    from rapidfuzz import fuzz
    from rapidfuzz.distance import JaroWinkler
    from rapidfuzz.process import cpdist

    out: dict[str, np.ndarray] = {}
    for name in ("*~", "=~"):
        left, right = found.matrices[name]
        out[name] = np.where(_silent(left, right, pairs), np.nan, pairwise(left, right, pairs=pairs))
        out[f"{name}>"] = np.where(_silent(left, right, pairs), np.nan, pairwise(_share(left), _flat(right), pairs=pairs))
        out[f"{name}<"] = np.where(_silent(left, right, pairs), np.nan, pairwise(_flat(left), _share(right), pairs=pairs))
    scorers: dict[str, Callable[..., float]] = {"sorted~": fuzz.token_sort_ratio, "set~": fuzz.token_set_ratio, "part~": fuzz.partial_ratio}
    for name in found.left.cells:
        ours, theirs = _texts(found.left.cells[name], pairs[:, 0]), _texts(found.right.cells[name], pairs[:, 1])
        empty = np.array([not a or not b for a, b in zip(ours, theirs, strict=True)])
        out[f"{name} same"] = np.where(empty, np.nan, [float(a == b) for a, b in zip(ours, theirs, strict=True)])
        out[f"{name} jaro~"] = np.where(empty, np.nan, cpdist(ours, theirs, scorer=JaroWinkler.similarity, dtype=np.float32))
        for told, scorer in scorers.items():
            out[f"{name} {told}"] = np.where(empty, np.nan, cpdist(ours, theirs, scorer=scorer, dtype=np.float32))
    return out


def _amounts(left: Side, right: Side, pairs: np.ndarray) -> dict[str, np.ndarray]:
    """How far two amounts are apart, as a difference and as a ratio."""
    out: dict[str, np.ndarray] = {}
    for name in left.amounts:
        ours, theirs = left.amounts[name][pairs[:, 0]], right.amounts[name][pairs[:, 1]]
        out[f"{name} apart"] = np.abs(ours - theirs)
        with np.errstate(divide="ignore", invalid="ignore"):
            out[f"{name} ratio"] = np.where((ours > 0) & (theirs > 0), np.log(ours / theirs), np.nan)
        out[f"{name} fold"] = np.abs(out[f"{name} ratio"])
    return out


def _numbers(found: Corpus, pairs: np.ndarray) -> dict[str, np.ndarray]:
    """Numbers of the title that the other row does not say, and those that both say."""
    ours = [wording.numbers(text) for text in found.left.cells[found.title]]
    theirs = [wording.numbers(text) for text in found.right.cells[found.title]]
    our_whole = [wording.numbers(text) for text in found.left.whole]
    their_whole = [wording.numbers(text) for text in found.right.whole]
    rows = np.empty((len(pairs), 5), dtype=np.float32)
    for at, (i, j) in enumerate(pairs):
        extra, lacking = len(ours[i] - their_whole[j]), len(theirs[j] - our_whole[i])
        rows[at] = len(ours[i] & theirs[j]), extra, lacking, min(extra, lacking), len(our_whole[i] & their_whole[j])
    names = ["numbers shared", "numbers extra", "numbers lacking", "numbers against", "numbers whole"]
    return {name: rows[:, k] for k, name in enumerate(names)}


def _lengths(found: Corpus, pairs: np.ndarray) -> dict[str, np.ndarray]:
    ours, theirs = (np.array([len(text) for text in side.whole]) for side in (found.left, found.right))
    title = [np.array([len(text.split()) for text in side.cells[found.title]]) for side in (found.left, found.right)]
    return {
        "length>": np.log1p(ours[pairs[:, 0]]),
        "length<": np.log1p(theirs[pairs[:, 1]]),
        "title length>": title[0][pairs[:, 0]],
        "title length<": title[1][pairs[:, 1]],
    }


def _texts(texts: Sequence[str], places: np.ndarray) -> list[str]:
    return [texts[place][:300] for place in places]  # the beginning of a long description names the thing


def _nan_where(empty: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.where(empty, np.nan, values)


def _silent(left: sparse.csr_matrix, right: sparse.csr_matrix, pairs: np.ndarray) -> np.ndarray:
    return np.asarray((np.diff(left.indptr)[pairs[:, 0]] == 0) | (np.diff(right.indptr)[pairs[:, 1]] == 0))


def _flat(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """1 for each word that a row says."""
    return sparse.csr_matrix((np.ones_like(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)


def _weight(matrix: sparse.csr_matrix) -> np.ndarray:
    return np.asarray(matrix.sum(axis=1)).ravel()


def _share(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Each row's weights as shares of their sum."""
    total = _weight(matrix)
    return sparse.csr_matrix(sparse.diags(1 / np.where(total > 0, total, 1)) @ matrix)
