"""What does a page of the shop show to the person who looks at it? One answer a request, from the generation that is open.

Who wants no lists made from what was done, and who is not known, get one and the same answer: it depends on the page alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from zhiyin.app.filling import Filler, Offer, Page
from zhiyin.app.held_open import HeldOpen
from zhiyin.app.home import Home
from zhiyin.app.placement_settings import placements_of
from zhiyin.app.showing import Showing
from zhiyin.app.write_keys import systems
from zhiyin.collect.tracking.meaning import anonymous_system
from zhiyin.core.clock import Clock, zone
from zhiyin.core.errors import UsageError, one_of
from zhiyin.core.ids import keyed_id
from zhiyin.core.settings_parts import PlacementSettings
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.guard.consent import may_personalise
from zhiyin.recommend.placements import HOLDOUT, NOBODY, Assigned, Standing, assigned, capped, placed
from zhiyin.store.shown import Item, Show

__all__ = ["FALLBACKS", "MOST", "MOST_PRODUCTS", "Asked", "Consumers"]

MOST, MOST_PRODUCTS = 50, 20  # products of an answer, products that a page is about
_SPARE = 20  # products beyond the list that may be explored, or fill up where a category is full
_ABOUT = ("similar", "basket")  # kinds that need a product
FALLBACKS = {
    "stranger": Say("不认识这位访客，或其不要个性化推荐", "the visitor is not known, or wants no personalised lists"),
    "holdout": Say("随机留出的对照，给的是陌生人的名单", "held out by chance: the list of a stranger"),
    "no_personal_list": Say("这位客户还没有自己的名单", "the customer has no list of the own yet"),
    "no_links": Say("还不知道哪些商品常和它一起被选", "it is not known yet what goes with the products"),
}
_NONE = Say("没有可以推荐的", "there is nothing to offer")
_VIA = {
    "links": Say("改用常一起被选的商品", "instead: what is often chosen together"),
    "popular": Say("改用最近热销的商品", "instead: what many customers buy"),
}


_PLAIN = Page()


@dataclass(frozen=True)
class Asked:
    """One request.

    Args:
        placement: name of the placement.
        source: of the key that asks.
        user: id of the user in the shop's system, or empty.
        anonymous: id of the device, as the source sends it, or empty.
        page: what the page is about.
        k: products; 0: as the placement says.
    """

    placement: str
    source: str
    user: str = ""
    anonymous: str = ""
    page: Page = _PLAIN
    k: int = 0


class _Who(NamedTuple):
    """A customer for whom lists may be made, and the record that was named; both empty for a stranger."""

    customer_id: str = ""
    record_id: str = ""


class _Filled(NamedTuple):
    """What is shown where, and why it is not what was asked for (a code of `FALLBACKS`, or empty)."""

    standing: list[Standing]
    offers: Mapping[str, Offer]
    fallback: str


class Consumers:
    """Answers the pages of one shop.

    Args:
        home: the workspace.
        held: the open generation.
        showing: keeps what was shown, and knows what was clicked.
        clock: what time it is.
    """

    def __init__(self, home: Home, held: HeldOpen, *, showing: Showing, clock: Clock) -> None:
        self._home = home
        self._held = held
        self._showing = showing
        self._clock = clock
        self._placements = placements_of(home.settings)
        self._systems: Mapping[str, str] = {}

    def answer(self, asked: Asked) -> dict[str, object]:
        """What the page shows, with the request id under which clicks on it are to be told.

        Raises:
            UsageError: for an unknown placement, a length out of bounds, or no product where one is needed.
        """
        placement = self._placement(asked)
        request_id = secrets.token_hex(12)
        with self._held.read() as guard:
            access = Access(Actor(asked.source, "run"), "contact")
            who = self._who(guard, access, asked)
            way = _way_of(placement, who)
            filled = self._filled(Filler(self._home, guard, access, self._day(), self._clock()), asked, who, way, seed=int(request_id, 16))
        self._showing.keep(self._shown(request_id, asked, who, way, filled))
        return _told(request_id, placement.name, way, filled)

    def _placement(self, asked: Asked) -> PlacementSettings:
        """The placement that is asked for, with as many products as are asked for."""
        said = Say("没有这个推荐位。", "There is no such placement.")
        found = one_of(self._placements, asked.placement, what=said, error=UsageError)
        if not 0 <= asked.k <= MOST:
            raise UsageError(
                Say("商品个数超出范围。", "The number of products is out of bounds."),
                got=f"k={asked.k}",
                fix=Say(f"写 1 到 {MOST} 之间的整数。", f"Give a whole number from 1 to {MOST}."),
            )
        if found.kind in _ABOUT and not asked.page.products:
            raise UsageError(
                Say("这个推荐位要说明是关于哪些商品。", "This placement needs to know about which products."),
                got=f"placement={found.name}",
                fix=Say("加上 product_id，可以写多个。", "Add product_id, once for each product."),
            )
        if len(asked.page.products) > MOST_PRODUCTS:
            raise UsageError(
                Say("商品太多。", "These are too many products."),
                got=f"product_id x {len(asked.page.products)}",
                fix=Say(f"最多写 {MOST_PRODUCTS} 个。", f"Name {MOST_PRODUCTS} at most."),
            )
        return found.model_copy(update={"k": 1 if found.kind == "next_offer" else asked.k or found.k})

    def _who(self, guard: Guard, access: Access, asked: Asked) -> _Who:
        """The customer that the ids lead to, the user's before the device's; nobody where one of the records refuses."""
        ids = [(self._system(asked.source), asked.user), (anonymous_system(asked.source), asked.anonymous)]
        records = [keyed_id(self._home.vault.keys.ids, "r", system, told) for system, told in ids if told]  # as app/intake.py makes them
        owners = guard.whose(records, access) if records else {}
        record = next((record for record in records if record in owners), "")
        if not record:
            return _Who()
        customer = owners[record]
        everything = {*records, customer, *guard.records_of(customer, access)}
        said = guard.rows("consent", access, where={"record_id": sorted(everything)})
        said += self._home.journal.consents_of(everything)
        return _Who(customer, record) if may_personalise(said) else _Who()

    def _system(self, source: str) -> str:
        if source not in self._systems:
            self._systems = systems(self._home.ledger)
        return self._systems.get(source, source)

    def _filled(self, filler: Filler, asked: Asked, who: _Who, way: _Way, *, seed: int) -> _Filled:
        """The products on their places."""
        placement = way.placement
        most = placement.k + (_SPARE if placement.explore or placement.at_most_of_a_category else 0)
        personal = bool(who.customer_id) and way.assigned.variant != HOLDOUT
        like = placement.kind == "similar"
        if placement.kind in _ABOUT:
            found = (
                filler.beside(who.customer_id, asked.page, most=most, like=like)
                if personal
                else filler.for_anybody(asked.page, most=most, like=like)
            )
            fallback = "" if any(one.via != "popular" for one in found) else "no_links"
        else:
            found = filler.for_customer(who.customer_id, asked.page, most=most) if personal else filler.for_anybody(asked.page, most=most)
            fallback = "stranger" if not who.customer_id else "" if personal else "holdout"
            if personal and not any(one.via == "personal" for one in found):
                fallback = "no_personal_list"
        named = {one.product_id: one for one in found}
        kept = capped(named, {one.product_id: one.category for one in found}, at_most=placement.at_most_of_a_category)
        explore = placement.explore if personal else 0
        counts = filler.tried(placement.name) if explore else {}
        return _Filled(placed(kept, k=placement.k, explore=explore, counts=counts, seed=seed), named, fallback)

    def _shown(self, request_id: str, asked: Asked, who: _Who, way: _Way, filled: _Filled) -> Show:
        items = tuple(Item(one.product_id, one.propensity, one.usual) for one in filled.standing)
        at, placement = self._clock().isoformat(timespec="milliseconds"), way.placement
        about = (asked.source, placement.name, placement.kind, way.assigned.variant, *who, way.assigned.chance)
        return Show(request_id, at, *about, _is_personal(filled), filled.fallback, items)

    def _day(self) -> date:
        settings = self._home.settings
        return settings.as_of or self._clock().astimezone(zone(settings.timezone)).date()


class _Way(NamedTuple):
    """How one customer's placement is filled: the settings, and by which draw."""

    placement: PlacementSettings
    assigned: Assigned


def _way_of(placement: PlacementSettings, who: _Who) -> _Way:
    """The variant that a customer gets, with what it says otherwise than its placement."""
    if not who.customer_id:
        return _Way(placement, NOBODY)
    variants = {one.name: one for one in placement.variant}
    shares = {name: one.share for name, one in variants.items()}
    way = assigned(placement.name, who.customer_id, holdout=placement.holdout_share, shares=shares)
    own = variants.get(way.variant)
    return _Way(placement.model_copy(update=own.model_dump(exclude={"name", "share"}, exclude_none=True)) if own else placement, way)


def _is_personal(filled: _Filled) -> bool:
    return any(filled.offers[one.product_id].via == "personal" for one in filled.standing)


def _told(request_id: str, placement: str, way: _Way, filled: _Filled) -> dict[str, object]:
    """The answer as plain values."""
    items = [
        {
            "rank": one.place,
            "product_id": one.product_id,
            "name": filled.offers[one.product_id].name,
            "reason": filled.offers[one.product_id].why._asdict(),
            "propensity": round(one.propensity, 9),
        }
        for one in filled.standing
    ]
    about = {"request_id": request_id, "placement": placement, "variant": way.assigned.variant, "personal": _is_personal(filled)}
    return {**about, "fallback": _fallback(filled), "items": items}


def _fallback(filled: _Filled) -> dict[str, str] | None:
    """Why the list is not the one that was asked for, and what stands there instead."""
    if not filled.fallback:
        return None
    why, via = FALLBACKS[filled.fallback], filled.offers[filled.standing[0].product_id].via if filled.standing else ""
    instead = _VIA.get(via, _NONE)
    return {"code": filled.fallback, "to": via or "nothing", "zh": f"{why.zh}；{instead.zh}。", "en": f"{why.en}; {instead.en}."}
