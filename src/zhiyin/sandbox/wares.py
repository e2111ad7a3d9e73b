"""Which product does a customer take, what does it cost, and is it there?"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from zhiyin.sandbox.chance import Chance, Floats, Ids
from zhiyin.sandbox.scenario import Scenario

__all__ = ["LINES", "SUPPLIES", "Wares"]

# Of the first, second and third line: how often an order has it, and up to which share it is what is needed, and what is liked.
LINES = ((1.0, (0.6, 0.85)), (0.28, (0.2, 0.7)), (0.07, (0.2, 0.7)))
SUPPLIES = 0.75  # of the lines that are neither needed nor liked: something that is used up
_LEVELS = 16  # steps of the purse
_MOOD = np.float32(0.35)  # of the level: by the mood of the day, the rest by the purse
_SHELF_DAYS = 21  # usual stock: what is sold in so many days
_SOLD_OUT_DAYS = 14  # how long the supplier keeps a product waiting that is planted as sold out
_BLOCK_DAYS = 60  # days in which two products are planted as sold out
_FEWEST = 20  # pieces of a product that nobody buys
_POPULAR = 3  # at first every product is ordered as if it were so many times as popular as the mean


@dataclass
class Wares:
    """The goods of a scenario, one place each, and the pieces on the shelf.

    `price` and `cost` are in fen; `takes[category, level of the purse]` is the product that such a customer takes.
    """

    scenario: Scenario
    chance: Chance
    orders: float = field(kw_only=True)  # expected on a day
    price: Ids = field(init=False)
    cost: Ids = field(init=False)
    category: Ids = field(init=False)
    department: Ids = field(init=False)
    every: Ids = field(init=False)
    takes: Ids = field(init=False)
    pieces: Ids = field(init=False)
    wanted: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Lay the goods out by category and price."""
        goods, categories = self.scenario.goods, self.scenario.categories
        departments = list(dict.fromkeys(self.scenario.department_of.values()))
        self.price = np.array([good.price for good in goods], dtype=np.int64)
        self.cost = np.array([round(good.price * good.cost_share) for good in goods], dtype=np.int64)
        self.category = np.array([categories.index(good.category) for good in goods], dtype=np.int64)
        self.department = np.array([departments.index(self.scenario.department_of[name]) for name in categories], dtype=np.int64)
        self.every = np.array([good.every for good in goods], dtype=np.int64)
        self.takes = np.array([self._by_purse(category) for category in categories], dtype=np.int64)
        self.wanted = np.full(len(goods), _POPULAR * self.orders / len(goods), dtype=np.float32)
        self.pieces = np.zeros(len(goods), dtype=np.int64)
        self.restock(0)

    def copy(self) -> Wares:
        """The same shelf once more."""
        twin = copy.copy(self)
        twin.pieces, twin.wanted = self.pieces.copy(), self.wanted.copy()
        return twin

    def _by_purse(self, category: str) -> list[int]:
        offered = [place for place, good in enumerate(self.scenario.goods) if good.category == category and not good.hidden]
        by_price = sorted(offered, key=lambda place: (self.scenario.goods[place].price, place))
        return [by_price[level * len(by_price) // _LEVELS] for level in range(_LEVELS)]

    @cached_property
    def supplies(self) -> Ids:
        """What is offered and used up; everything that is offered where nothing is."""
        offered = np.unique(self.takes)
        used_up: Ids = offered[self.every[offered] > 0]
        return used_up if len(used_up) else offered

    def taken(self, category: Ids, *, purse: Floats, mood: Floats) -> Ids:
        """The product that each customer takes of a category: mostly by the purse, a third by the mood of the day."""
        level = ((purse * (1 - _MOOD) + mood * _MOOD) * _LEVELS).astype(np.int64)
        found: Ids = self.takes[category, level]
        return found

    def mood_from(self, level: Ids, *, purse: Floats) -> Floats:
        """From which mood on customers with these purses take these levels of a category, `(purses, levels)`; below 0 and above 1 for none."""
        found: Floats = ((level / _LEVELS - purse[:, None] * (1 - _MOOD)) / _MOOD).astype(np.float32)
        return found

    def margin(self, category: Ids, purse: Floats) -> Floats:
        """What is usually left of a purchase of this category, in fen."""
        product = self.takes[category, (purse * np.float32(_LEVELS)).astype(np.int64)]
        found: Floats = (self.price[product] - self.cost[product]).astype(np.float32)
        return found

    def order_margin(self, need: Ids, taste: Ids, *, purse: Floats) -> Floats:
        """What is usually left of an order of who needs one category and likes another, in fen: as often as `LINES` says of each."""
        of_need, of_taste, of_any = (
            self.margin(need, purse),
            self.margin(taste, purse),
            self._any[(purse * np.float32(_LEVELS)).astype(np.int64)],
        )
        found = np.zeros(len(purse), dtype=np.float32)
        for share, (needed, liked) in LINES:
            found += np.float32(share * needed) * of_need + np.float32(share * (liked - needed)) * of_taste
            found += np.float32(share * (1 - liked)) * of_any
        return found

    @cached_property
    def _any(self) -> Floats:
        """What is usually left of a line that is neither needed nor liked, by the level of the purse."""
        margins = (self.price - self.cost)[self.takes].astype(np.float32)
        supplies = np.isin(np.arange(len(self.takes)), self.category[self.supplies])
        found: Floats = np.float32(SUPPLIES) * margins[supplies].mean(axis=0) + np.float32(1 - SUPPLIES) * margins.mean(axis=0)
        return found

    def there(self, product: Ids) -> np.ndarray:
        """Whether a product is on the shelf."""
        return np.asarray(self.pieces[product] > 0)

    def instead(self, product: Ids) -> Ids:
        """The cheapest product of the same category, for one that is sold out."""
        found: Ids = self.takes[self.category[product], 0]
        return found

    def want(self, product: Ids, quantity: Ids) -> None:
        """Remember how many pieces of each product are wanted on a day, less and less of what was long ago."""
        today = np.bincount(product, weights=quantity, minlength=len(self.price))
        self.wanted += (today.astype(np.float32) - self.wanted) * np.float32(0.1)

    def sell(self, product: Ids, quantity: Ids) -> None:
        """Take pieces off the shelf."""
        gone = np.bincount(product, weights=quantity, minlength=len(self.price)).astype(np.int64)
        self.pieces -= np.minimum(gone, self.pieces)

    def restock(self, day: int) -> None:
        """Fill the shelf up on Mondays, except what the supplier keeps waiting."""
        usual = np.maximum((self.wanted * _SHELF_DAYS).astype(np.int64), _FEWEST)
        waiting = self.waiting(day)
        self.pieces = np.where(waiting, self.pieces, np.maximum(self.pieces, usual))

    def waiting(self, day: int) -> np.ndarray:
        """Products that are sold out by plan on this day: two a block of sixty days, for two weeks."""
        block, within = divmod(day, _BLOCK_DAYS)
        places = np.arange(2, dtype=np.int64)
        begins = self.chance.below("sold out on", places, most=_BLOCK_DAYS - _SOLD_OUT_DAYS, day=block)
        product = self.chance.below("sold out", places, most=len(self.price), day=block)
        now = (begins <= within) & (within < begins + _SOLD_OUT_DAYS)
        found = np.zeros(len(self.price), dtype=bool)
        found[product[now]] = True
        return found

    def empty(self, day: int) -> None:
        """Clear the shelf of what is sold out by plan."""
        self.pieces[self.waiting(day)] = 0
