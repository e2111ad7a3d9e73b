"""What kind of company is invented: what it sells, through which systems, to whom, and what moves its customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from zhiyin.core.words import Say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SYSTEMS", "Good", "LifeEvent", "Moves", "Scenario"]

# The systems that take orders, in this order everywhere: own mall or app, marketplace, tills of the shops, sales through reps.
SYSTEMS = ("mall", "tmall", "pos", "crm")


@dataclass(frozen=True)
class Good:
    """One thing for sale.

    Args:
        product_id: code of the ERP.
        name: what it is called.
        category: its category.
        department: group of categories.
        brand: brand or maker.
        price: list price in fen.
        cost_share: cost of goods / price (0-1).
        every: days after which a buyer needs it again; 0: hardly ever.
        features: what it is praised for ("静音", "节能"), as people say it.
        successor: product that replaces it, empty for none.
        hidden: no longer to be offered.
    """

    product_id: str
    name: str
    category: str
    department: str
    brand: str
    price: int
    cost_share: float
    every: int
    features: tuple[str, ...]
    successor: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class LifeEvent:
    """Something that changes what a customer needs: in words, and the category that is needed then."""

    words: str
    category: str


@dataclass(frozen=True)
class Moves:
    """What moves the demand of a department, in percent of a usual day: twelve months, a day above 33 °C, below 3 °C, of rain."""

    months: tuple[int, ...]
    hot: int = 100
    cold: int = 100
    rain: int = 100


@dataclass(frozen=True)
class Scenario:
    """One invented company.

    Args:
        name: as said with `--scenario`.
        title: what it is.
        company: its name.
        goods: what it sells.
        shares: percent of the customers who mostly buy through each of `SYSTEMS`, together 100.
        shops: names of the shops with tills.
        firms: percent of the customers that are firms.
        pace: days between two needs of a fast, a typical and a slow customer (10 %, 50 %, 90 % of them).
        regular: 0 to 100, how regular needs return: 100 like a subscription, 0 quite at random.
        visits: visits to page or app for every order.
        weekdays: percent of a usual day, Monday first.
        holiday: percent of a usual day on a public holiday.
        moves: department -> what moves it.
        life: what changes needs.
        subscription: customers pay for a period and may not renew; they log in.
        transfers: customers move money between accounts.
        delivery: how most customers get what they ordered in the mall, and how the others do.
        warehouse: where the ERP counts pieces.
        rebate: what is taken off one order line at most, in fen: a bank gives no tenth off a deposit.
    """

    name: str
    title: Say
    company: str
    goods: tuple[Good, ...]
    shares: tuple[int, int, int, int]
    shops: tuple[str, ...]
    firms: int
    pace: tuple[int, int, int]
    regular: int
    visits: int
    weekdays: tuple[int, ...]
    holiday: int
    moves: Mapping[str, Moves]
    life: tuple[LifeEvent, ...]
    subscription: bool = False
    transfers: bool = False
    delivery: tuple[str, str] = ("快递", "门店自提")
    warehouse: str = "总仓"
    rebate: int = 100_000_000

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories in the order of the goods."""
        return tuple(dict.fromkeys(good.category for good in self.goods))

    @cached_property
    def department_of(self) -> Mapping[str, str]:
        """Category -> department."""
        return MappingProxyType({good.category: good.department for good in self.goods})
