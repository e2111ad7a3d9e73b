"""Who bought what on which day: purchases as integers, ready for counting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from zhiyin.learn.frames import coded

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]
Names = npt.NDArray[np.generic]  # ids: texts, or numbers where the source has numbers
Flags = npt.NDArray[np.bool_]

__all__ = ["Flags", "Floats", "Ints", "Names", "Purchases", "cells", "day_number", "ids", "positions", "read"]


@dataclass(frozen=True)
class Purchases:
    """One row a basket and item, sorted by customer, item, day. Quantities are left out: one tank of petrol is 89 638 pieces.

    `customer`, `item` and `day` are parallel; the first two point into `customers` and `items`, days count from 1970-01-01.
    `visit_customer` and `visit_day` hold one row a basket. `category` gives the position in `categories` of each item.
    """

    customers: Names
    items: Names
    categories: Names
    category: Ints
    customer: Ints
    item: Ints
    day: Ints
    visit_customer: Ints
    visit_day: Ints

    def before(self, day: int) -> Purchases:
        """What was known on the morning of `day`."""
        if self._end <= day:
            return self
        return self.between(int(np.iinfo(np.int32).min), day)

    def between(self, first: int, end: int) -> Purchases:
        """Purchases on the days `first` .. `end` - 1."""
        rows = (self.day >= first) & (self.day < end)
        visits = (self.visit_day >= first) & (self.visit_day < end)
        return replace(
            self,
            customer=self.customer[rows],
            item=self.item[rows],
            day=self.day[rows],
            visit_customer=self.visit_customer[visits],
            visit_day=self.visit_day[visits],
        )

    def bought(self) -> sp.csr_matrix:
        """Customers x items: 1 where the customer bought the item at least once. Counted once; not to be changed."""
        return self._bought

    @cached_property
    def _end(self) -> int:
        """The day after the last one."""
        return max((int(days.max()) + 1 for days in (self.day, self.visit_day) if len(days)), default=0)

    @cached_property
    def _bought(self) -> sp.csr_matrix:
        matrix = self.weighted(np.ones(len(self.day), np.float32))
        matrix.data[:] = 1
        return matrix

    def weighted(self, weight: Floats) -> sp.csr_matrix:
        """Customers x items: the weights of the rows, summed."""
        shape = (len(self.customers), len(self.items))
        return sp.csr_matrix((weight, (self.customer, self.item)), shape=shape, dtype=np.float32)

    def faded(self, at: int, half_life: float) -> Floats:
        """A weight a row: 1 on the day `at`, one half `half_life` days earlier."""
        return np.exp2((self.day - at) / np.float32(half_life), dtype=np.float32)


def read(order_lines: pd.DataFrame) -> Purchases:
    """Purchases from a frame of order lines.

    Args:
        order_lines: `customer_id`, `item_id`, `ordered_on` (day), and where known `order_id` (else one basket a day) and `category`.
    """
    customer, customers = coded(order_lines["customer_id"])
    item, items = coded(order_lines["item_id"])
    day = pd.to_datetime(order_lines["ordered_on"]).to_numpy("datetime64[D]").astype(np.int32)
    basket = pd.factorize(order_lines["order_id"])[0] if "order_id" in order_lines else day
    rows = pd.DataFrame({"customer": customer, "item": item, "day": day, "basket": basket}).astype(np.int32)
    rows = rows.sort_values(["customer", "item", "day", "basket"], kind="stable").drop_duplicates(["customer", "item", "basket"])
    visits = rows.drop_duplicates(["customer", "basket"]).sort_values(["customer", "day"], kind="stable")
    category, categories = _categories(order_lines, item, len(items))
    return Purchases(
        customers=ids(customers),
        items=ids(items),
        categories=categories,
        category=category,
        customer=rows["customer"].to_numpy(),
        item=rows["item"].to_numpy(),
        day=rows["day"].to_numpy(),
        visit_customer=visits["customer"].to_numpy(),
        visit_day=visits["day"].to_numpy(),
    )


def _categories(lines: pd.DataFrame, item: npt.NDArray[np.intp], count: int) -> tuple[Ints, Names]:
    """The category of each item; an item without one is in category 0, "", that says nothing about taste."""
    if "category" not in lines:
        return np.zeros(count, np.int32), np.array([""])
    code, names = coded(lines["category"])
    known = code >= 0
    category = np.full(count, len(names), np.int32)
    np.minimum.at(category, item[known], code[known].astype(np.int32))
    return np.where(category < len(names), category + 1, 0).astype(np.int32), np.array(["", *map(str, names)])


def ids(values: npt.ArrayLike) -> Names:
    """Ids as an array that can be saved: texts as texts, numbers as numbers."""
    found = np.asarray(values)
    return found.astype(np.str_) if found.dtype.kind == "O" else found


def positions(known: Names, wanted: npt.ArrayLike) -> Ints:
    """Where each wanted id stands in the sorted `known`, -1 where it does not."""
    names = ids(wanted)
    if not len(known):
        return np.full(len(names), -1, np.int32)
    place = np.minimum(np.searchsorted(known, names), len(known) - 1)
    return np.where(known[place] == names, place, -1).astype(np.int32)


def cells(matrix: sp.csr_matrix, *, rows: Ints, columns: Ints) -> Floats:
    """The value at each row and column; scipy answers an empty question with a matrix, this with an empty array."""
    return np.asarray(matrix[rows, columns]).ravel() if len(rows) else np.zeros(0, np.float32)


def day_number(day: date) -> int:
    """Days from 1970-01-01 to `day`."""
    return int(np.datetime64(day, "D").astype(np.int32))
