"""With which products is a placement filled: the customer's own list, what goes with the products of the page, what many customers buy?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from zhiyin.app.home import Home
from zhiyin.app.offered import arranging, offers, region_of, shelf_of
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Guard
from zhiyin.recommend.arrange import Candidate, Whom, arrange
from zhiyin.recommend.live import POPULAR_DAYS
from zhiyin.recommend.placements import in_turns
from zhiyin.recommend.reasons import why_popular
from zhiyin.recommend.rules import Offered
from zhiyin.unify.regions import whereabouts

__all__ = ["Filler", "Offer", "Page", "Via"]

Via = Literal["personal", "links", "popular"]
_KINDS = ("upgrade", "repeat", "new")  # of a customer's own list, in turns
_TOGETHER = Say("常和「{name}」一起被选中", 'Often chosen together with "{name}"')
_IN_PLACE = Say("最近{place}很多客户在买", "Many customers in {place} have bought it lately")
_OF_CATEGORY = Say("最近「{category}」里很多客户在买", 'Many customers have bought it lately in "{category}"')
_ANYWHERE = Say("最近很多客户选它", "Many customers have chosen it lately")
_UNKNOWN = Offered()


class Offer(NamedTuple):
    """A product, what it is called, why, and where it comes from."""

    product_id: str
    name: str
    category: str
    why: Say
    via: Via


class Page(NamedTuple):
    """What a page says of itself, and nothing about who looks at it: the products it is about, and a region."""

    products: tuple[str, ...] = ()
    region: str = ""


@dataclass(frozen=True)
class Filler:
    """Fills placements from one generation.

    Args:
        home: the workspace.
        guard: over the generation.
        access: who asks.
        day: on which it is shown.
        now: the moment: what the customer has done up to it counts.
    """

    home: Home
    guard: Guard
    access: Access
    day: date
    now: datetime

    def for_customer(self, customer: str, page: Page, *, most: int) -> list[Offer]:
        """The customer's own list first: what is newer, what is bought again and what is new in turns; then as for anybody."""

        def near() -> Collection[str]:
            return whereabouts([page.region]) if page.region else region_of(self.guard, self.access, customer)

        own = (one for one in self._own(customer) if one.product_id not in page.products)
        return _joined([lambda: own, lambda: self._together(page, most), lambda: self._popular(page, near(), most)], most)

    def for_anybody(self, page: Page, *, most: int, like: bool | None = None) -> list[Offer]:
        """What goes with the products of the page, then what many customers buy.

        Args:
            page: what the page is about.
            most: products.
            like: products of the same categories first (True) or last (False); None: by how often they go together alone.
        """
        here = whereabouts([page.region])
        return _joined([lambda: self._together(page, most, like=like), lambda: self._popular(page, here, most)], most)

    def beside(self, customer: str, page: Page, *, most: int, like: bool) -> list[Offer]:
        """The same for a customer: what stands on the customer's own list comes first of what goes with the products."""
        found = self.for_anybody(page, most=most, like=like)
        own = {one.product_id: at for at, one in enumerate(self._own(customer))}
        first = sorted((one for one in found if one.product_id in own and one.via == "links"), key=lambda one: own[one.product_id])
        return _joined([lambda: (one._replace(via="personal") for one in first), lambda: found], most)

    def tried(self, placement: str) -> dict[str, tuple[float, float]]:
        """Product -> shows and clicks so far at the places of a placement that explore."""
        rows = self.guard.rows("tried", self.access, where={"placement": placement})
        return {str(row["product_id"]): (float(str(row["shows"])), float(str(row["clicks"]))) for row in rows}

    def _own(self, customer: str) -> list[Offer]:
        """The customer's own list; what stands there only because many take it is left to `_popular`."""
        rows = offers(self.home, self.guard, self.access, customer=customer, at=self.day, now=self.now)
        taken = {str(row["product_id"]): int(str(row["customers"])) for row in self._taken()}
        own = [row for row in rows if row["reason_zh"] != why_popular(customers=taken.get(str(row["product_id"]), 0), days=POPULAR_DAYS).zh]
        return [_own_offer(row) for row in in_turns([[row for row in own if row["kind"] == kind] for kind in _KINDS])]

    def _taken(self) -> list[dict[str, object]]:
        """What most customers take, best first."""
        return self.guard.rows("popular_product", self.access, where={}, order="rank")

    def _together(self, page: Page, most: int, *, like: bool | None = None) -> list[Offer]:
        """What customers of the products of the page take too: likest first, of the same categories first or last."""
        if not page.products:
            return []
        scores, beside = defaultdict[str, float](float), dict[str, tuple[float, str]]()
        for row in self.guard.rows("product_link", self.access, where={"product_id": list(page.products)}):
            product, alike = str(row["other_id"]), float(str(row["alike"]))
            scores[product] += alike
            beside[product] = max(beside.get(product, (0.0, "")), (alike, str(row["product_id"])))
        shelf = self._shelf([*scores, *page.products])
        here = {shelf.get(product, _UNKNOWN).category for product in page.products} - {""}

        def late(product: str) -> bool:
            return like is not None and (shelf.get(product, _UNKNOWN).category in here) != like

        order = sorted(scores, key=lambda product: (late(product), -scores[product], product))
        found = self._open(((product, scores[product]) for product in order), shelf, page, most)
        names = {product: _name(beside[product][1], shelf) for product in scores}
        return [one._replace(why=_TOGETHER.fill(name=names[first])) for first, one in found]

    def _popular(self, page: Page, near: Collection[str], most: int) -> list[Offer]:
        """What many buy of the categories of the page, in the region, and everywhere."""
        shelf = self._shelf(page.products)
        categories = {shelf.get(product, _UNKNOWN).category for product in page.products} - {""}
        rows: list[Mapping[str, object]] = []
        for column, asked in (("category", categories), ("place", near)):
            if asked:
                found = self.guard.rows("popular_in", self.access, where={column: sorted(asked)})
                rows += sorted(found, key=lambda row: (int(str(row["rank"])), str(row["product_id"])))
        rows += self._taken()
        why: dict[str, Say] = {}
        for row in rows:
            why.setdefault(str(row["product_id"]), _why_popular(row))
        found_open = self._open(((product, 0.0) for product in why), self._shelf(why), page, most)
        return [one._replace(why=why[first], via="popular") for first, one in found_open]

    def _open(self, scored: Iterable[tuple[str, float]], shelf: Mapping[str, Offered], page: Page, most: int) -> list[tuple[str, Offer]]:
        """What may be offered of these today, each with the product that it stands for."""
        candidates = [Candidate(product, score) for product, score in scored if product not in page.products]
        whom = Whom(self.day, whereabouts([page.region]))
        placed = arrange(candidates, shelf, kind="new", k=most, whom=whom, how=arranging(self.home.settings))
        return [(one.instead_of or one.product_id, _offer(one.product_id, shelf)) for one in placed if one.product_id not in page.products]

    def _shelf(self, products: Iterable[str]) -> Mapping[str, Offered]:
        return shelf_of(self.guard, self.access, products, currency=self.home.settings.currency)


def _joined(ways: Iterable[Callable[[], Iterable[Offer]]], most: int) -> list[Offer]:
    """One list after the other, each product once; a list is made where those before it are too short."""
    found: dict[str, Offer] = {}
    for way in ways:
        if len(found) < most:
            for one in way():
                found.setdefault(one.product_id, one)
    return list(found.values())[:most]


def _own_offer(row: Mapping[str, object]) -> Offer:
    name, category = str(row["product"] or row["product_id"]), str(row["category"] or "")
    return Offer(str(row["product_id"]), name, category, Say(str(row["reason_zh"]), str(row["reason_en"])), "personal")


def _offer(product: str, shelf: Mapping[str, Offered]) -> Offer:
    return Offer(product, _name(product, shelf), shelf.get(product, _UNKNOWN).category, _ANYWHERE, "links")


def _why_popular(row: Mapping[str, object]) -> Say:
    if row.get("place"):
        return _IN_PLACE.fill(place=row["place"])
    return _OF_CATEGORY.fill(category=row["category"]) if row.get("category") else _ANYWHERE


def _name(product: str, shelf: Mapping[str, Offered]) -> str:
    return shelf.get(product, _UNKNOWN).name or product
