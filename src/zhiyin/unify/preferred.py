"""Which category does a customer seem to prefer who has not said so, and which does a product belong to that has none?"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import ibis

from zhiyin.unify.script import is_chinese, simplified

if TYPE_CHECKING:
    from ibis import Table

__all__ = ["CategoryFill", "category_fills", "preferred_categories", "with_inferred"]

LEAST_DAYS, LEAST_SHARE = 3, 0.3  # buying days of the category, and its share of all, before it counts as preferred
LEAST_SURE = 0.8  # share of the known products that the same rule would have got right
LEAST_KNOWN = 30  # products with a category before any is inferred
_SAMPLE = 1000  # known products on which the rule is tried
_WORDS = re.compile(r"[a-z]{2,}|[\u3400-\u9fff]+")


class CategoryFill(NamedTuple):
    """A product without a category, the one that its name speaks for, and how sure."""

    product_id: str
    category: str
    confidence: float


def preferred_categories(category_days: Table) -> Table:
    """One row a customer: the category bought on most days, with its share of the buying days as confidence (two days are added to all).

    Args:
        category_days: `customer_id`, `category`, `on`, ...: the answer of `facts.category_days`.

    Returns:
        `customer_id`, `value`, `confidence`.
    """
    days = category_days.group_by("customer_id", "category").agg(days=category_days["on"].nunique())
    whole = ibis.window(group_by=days["customer_id"])
    order = [days["days"].desc(), days["category"]]
    place = ibis.row_number().over(ibis.window(group_by=days["customer_id"], order_by=order))
    ranked = days.mutate(place=place, share=days["days"] / (days["days"].sum().over(whole) + 2.0))
    top = ranked.filter((ranked["place"] == 0) & (ranked["days"] >= LEAST_DAYS) & (ranked["share"] >= LEAST_SHARE))
    return top.select("customer_id", value="category", confidence=top["share"].round(4))


def category_fills(products: Iterable[tuple[str, str | None, str | None]]) -> list[CategoryFill]:
    """Categories of products that have none, from the words of their names, as far as the rule is right about the others.

    Naive Bayes over the words of a name (pairs of signs in Chinese). How sure it is was counted: each known product is asked about
    as if it had no category, and the confidence is the share of right answers among those that were at least as clear.

    Args:
        products: id, name, category.
    """
    rows = [(product_id, _tokens(name), category) for product_id, name, category in products if name]
    known = [(product_id, tokens, category) for product_id, tokens, category in rows if category and tokens]
    asked = [(product_id, tokens) for product_id, tokens, category in rows if not category and tokens]
    if len(known) < LEAST_KNOWN or not asked:
        return []
    counted = _Counted(known)
    tried = [(*counted.best(tokens, without=category), category) for _, tokens, category in sorted(known)[:: max(len(known) // _SAMPLE, 1)]]
    ladder = _right_above([(margin, best == category) for best, margin, category in tried])
    found = []
    for product_id, tokens in asked:
        best, margin = counted.best(tokens)
        sure = next((share for least, share in ladder if margin >= least), 0.0)
        if sure >= LEAST_SURE:
            found.append(CategoryFill(product_id, best, round(sure, 4)))
    return found


def with_inferred(products: Table, fills: Table) -> Table:
    """The products, those without a category with the inferred one; what is told stays as it is.

    Args:
        products: `product`.
        fills: `product_id` and `value` of the inferred categories, one row a product.
    """
    joined = products.left_join(fills.select("product_id", inferred="value"), "product_id")
    told = ibis.coalesce(joined["category"].nullif(""), joined["inferred"])
    return joined.select(**{name: told if name == "category" else joined[name] for name in products.columns})


class _Counted:
    """How often each word stands in the names of each category."""

    def __init__(self, known: Sequence[tuple[str, frozenset[str], str]]) -> None:
        self._products = Counter(category for _, _, category in known)
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for _, tokens, category in known:
            for token in tokens:
                self._words[token][category] += 1
        self._all = len(known)

    def best(self, tokens: frozenset[str], *, without: str = "") -> tuple[str, float]:
        """The category that the words speak for most, and how much more than for the next; `without`: one product of that is left out."""
        votes: Mapping[str, Counter[str]] = {token: self._words[token] for token in tokens if token in self._words}
        candidates = sorted({category for counts in votes.values() for category in counts})
        if not candidates:  # words that no known product has
            return "", -math.inf
        scored = []
        for category in candidates:
            less = int(category == without)
            size = self._products[category] - less
            score = math.log((size + 0.5) / self._all)
            for counts in votes.values():
                score += math.log((counts[category] - less + 0.2) / (size + 1.0))
            scored.append((score, category))
        scored.sort(key=lambda one: (-one[0], one[1]))
        return scored[0][1], scored[0][0] - (scored[1][0] if len(scored) > 1 else scored[0][0] - 1.0)


def _right_above(tried: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Margin -> share of right answers among all at least so clear, the clearest first, with two wrong ones added."""
    ladder, right = [], 0
    for count, (margin, hit) in enumerate(sorted(tried, reverse=True), start=1):
        right += hit
        ladder.append((margin, right / (count + 2)))
    best: list[tuple[float, float]] = []
    for margin, share in reversed(ladder):  # a clearer answer is not less sure
        best.append((margin, max(share, best[-1][1] if best else 0.0)))
    return best[::-1]


def _tokens(name: str) -> frozenset[str]:
    """Words of a name in small letters; of Chinese every pair of neighbouring signs."""
    found: set[str] = set()
    for word in _WORDS.findall(simplified(name).lower()):
        found.update({word[at : at + 2] for at in range(max(len(word) - 1, 1))} if is_chinese(word) else {word.removesuffix("s")})
    return frozenset(found)
