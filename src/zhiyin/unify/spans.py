"""In which pieces can customers be worked on, so that memory does not grow with their number?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import ibis

if TYPE_CHECKING:
    from ibis import Table

__all__ = ["EVERYBODY", "Span", "first_ids", "spans"]


class Span(NamedTuple):
    """Customers whose id is `first` or comes after it, and before `end`; an empty text leaves that side open."""

    first: str = ""
    end: str = ""

    def of(self, rows: Table) -> Table:
        """The rows of these customers; rows without `customer_id` are about nobody and stay."""
        if "customer_id" in rows.columns:
            rows = rows.filter(rows["customer_id"] >= self.first) if self.first else rows
            rows = rows.filter(rows["customer_id"] < self.end) if self.end else rows
        return rows


EVERYBODY = Span()


def first_ids(customers: Table, places: Sequence[int]) -> Table:
    """The ids that stand at these places (from 0) among all customers in the order of their ids, as `customer_id`."""
    ids = customers.select("customer_id")
    ranked = ids.mutate(place=ibis.row_number().over(ibis.window(order_by=ids["customer_id"])))
    return ranked.filter(ranked["place"].isin(list(places))).select("customer_id").order_by("customer_id")


def spans(firsts: Sequence[str]) -> list[Span]:
    """Spans that begin at these ids, in order; together they hold everybody, also who comes before the first id.

    Example:
        >>> spans(["c", "m"])
        [Span(first='', end='c'), Span(first='c', end='m'), Span(first='m', end='')]
    """
    return [Span(first, end) for first, end in pairwise(["", *firsts, ""])]
