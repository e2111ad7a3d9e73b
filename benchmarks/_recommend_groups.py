"""For whom does a list work? Items and customers that are new, and customers by how much they have taken: recall and calibration.

Light, middle and heavy are thirds of the customers by what they took before. Calibration is how far the kinds of a list (genres, attributes)
lie from those of the history: KL divergence, 0 for the same shares (Steck, Calibrated Recommendations, RecSys 2018, alpha = .01).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp

FEW = 3  # an item with so many customers, a customer with so many items, is new
GROUPS = ("light", "middle", "heavy")
_ALPHA = 0.01  # of the history, mixed into the list: a kind that the list lacks costs much, not everything


def kinds_of(goods: pd.DataFrame | None, items: int) -> sp.csr_matrix | None:
    """Items x kinds, the shares of each item's kinds together 1; `goods` has item_id and kind, a row a kind."""
    if goods is None:
        return None
    goods = goods[goods["item_id"] < items].drop_duplicates()
    code, names = pd.factorize(goods["kind"])
    said = sp.csr_matrix((np.ones(len(goods)), (goods["item_id"], code)), shape=(items, len(names)))
    return (sp.diags(1 / np.maximum(np.asarray(said.sum(axis=1)).ravel(), 1)) @ said).tocsr()


def by_group(
    lists: np.ndarray, truth: sp.csr_matrix, *, before: sp.csr_matrix, takers: np.ndarray, kinds: sp.csr_matrix | None
) -> dict[str, tuple[float, int]]:
    """Figures with how many hidden items, or customers, stand behind each.

    Args:
        lists: items by place, -1 for none, a row a customer.
        truth: customers x items, what was hidden.
        before: customers x items, what each had taken.
        takers: customers of each item among what was known.
        kinds: see `kinds_of`.
    """
    listed = _matrix(lists, truth.shape)
    hits, wanted = listed.multiply(truth).tocsr(), truth.getnnz(axis=1)
    new = takers <= FEW
    hidden_new = int(truth[:, new].nnz)
    recall = hits.getnnz(axis=1) / np.maximum(wanted, 1)
    length = before.getnnz(axis=1)
    found = {"new items": (hits[:, new].nnz / max(hidden_new, 1), hidden_new)}
    fresh = length <= FEW
    found["new customers"] = (float(recall[fresh].mean()) if fresh.any() else 0.0, int(fresh.sum()))
    third = np.argsort(np.argsort(length, kind="stable"), kind="stable") * 3 // max(len(length), 1)
    apart = None if kinds is None else _divergence(before @ kinds, listed @ kinds)
    for number, name in enumerate(GROUPS):
        own = third == number
        found[f"recall {name}"] = (float(recall[own].mean()), int(own.sum()))
        if apart is not None:
            told = own & ~np.isnan(apart)
            found[f"KL {name}"] = (float(apart[told].mean()), int(told.sum()))
    return found


def table(rows: list[dict[str, object]]) -> str:
    """A line a set and variant; beside the figures of what is new how many there were."""
    out = [
        "| set | variant | new items: recall (n) | new customers: recall (n) | recall light / middle / heavy | KL light / middle / heavy |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        found = row["groups"]
        assert isinstance(found, dict)
        new = [f"{value:.4f} ({n:,})" if n else "-" for value, n in (found["new items"], found["new customers"])]
        if "new items alone" in found:
            new[0] += f"; `new_items` {found['new items alone'][0]:.4f}"
        groups = [" / ".join(f"{found[f'{what} {name}'][0]:.{digits}f}" for name in GROUPS) for what, digits in _told(found)]
        out.append(f"| {row['set']} | {row['variant']} | {' | '.join(new)} | {' | '.join([*groups, '-'][:2])} |")
    return "\n".join(out)


def _told(found: dict[str, tuple[float, int]]) -> list[tuple[str, int]]:
    return [("recall", 4), *([("KL", 2)] if "KL light" in found else [])]


def _matrix(lists: np.ndarray, shape: tuple[int, int]) -> sp.csr_matrix:
    row, place = np.nonzero(lists >= 0)
    return sp.csr_matrix((np.ones(len(row)), (row, lists[row, place])), shape=shape)


def _divergence(before: sp.csr_matrix, listed: sp.csr_matrix) -> np.ndarray:
    """KL(history, list) of each row; NaN where nothing is known of the kinds of either."""
    total = [np.asarray(side.sum(axis=1)).ravel() for side in (before, listed)]
    history, shown = (sp.diags(1 / np.maximum(much, 1e-12)) @ side for much, side in zip(total, (before, listed), strict=True))
    history = history.tocoo()
    share = np.asarray(shown.tocsr()[history.row, history.col]).ravel()
    parts = history.data * np.log(history.data / ((1 - _ALPHA) * share + _ALPHA * history.data))
    return np.where((total[0] > 0) & (total[1] > 0), np.bincount(history.row, parts, minlength=before.shape[0]), np.nan)
