"""Who comes today, what do they look at, and what do they buy?"""

from __future__ import annotations

import numpy as np

from zhiyin.sandbox.chance import Chance, Floats, Ids
from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.happened import EVENTS, Rows, joined, kept, none, sized
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.wares import LINES, SUPPLIES

__all__ = ["AGAIN", "DUE", "NUMBERS", "answers", "baskets", "fraud_orders", "seconds", "visits"]

NUMBERS = 10_000_000  # order numbers of one day
DUE, AGAIN = 0.6, 0.65  # what is used up is due after this share of its usual time, and then bought again with this probability
_VIEWED, _SEARCHED, _ADDED, _ORDERED, _SIGNED_IN = range(len(EVENTS))
_HOURS = (8, 4, 2, 1, 1, 2, 6, 14, 24, 38, 46, 44, 40, 34, 34, 38, 40, 40, 42, 52, 66, 70, 52, 24)  # of a day, online
_OPEN = (0, 0, 0, 0, 0, 0, 0, 0, 4, 30, 44, 50, 40, 36, 46, 52, 50, 48, 50, 46, 36, 10, 0, 0)  # of a day, in shops
_TILLS = SYSTEMS.index("pos")
_REPS = SYSTEMS.index("crm")
_LATEST = 86_400 - 400  # a visit begins early enough to end on its day
_SALES = {1: 5, 6: 12, 11: 15, 12: 5}  # month -> percent off in its sales


def seconds(chance: Chance, who: Ids, *, of: str, day: int, shop: bool | np.ndarray = False) -> Ids:
    """The second of the day at which something happens."""
    online = chance.pick(f"{of} hour", who, weights=_HOURS, day=day)
    hour = np.where(shop, chance.pick(f"{of} open", who, weights=_OPEN, day=day), online)
    return hour * 3600 + chance.below(f"{of} second", who, most=3600, day=day)


def visits(ground: Ground, urge: Floats, *, luck: Floats, day: int) -> Rows:
    """Page views, searches and carts of the members of the mall; who buys has come."""
    chance, people, lives = ground.chance, ground.people, ground.lives
    mall = SYSTEMS.index("mall")
    member = (people.system[: lives.arrived] == mall) | (people.other[: lives.arrived] == mall)
    who = np.flatnonzero(luck < np.minimum(urge * ground.scenario.visits, np.float32(0.85)) * member).astype(np.int64)
    begins = seconds(chance, who, of="visit", day=day)
    need, purse = lives.need[who], people.purse[who]
    more = chance.share("views", who, day=day)
    parts = []
    if ground.scenario.subscription:
        parts.append(sized("visits", len(who), person=who, event=_SIGNED_IN, product=-1, second=begins))
    for view, share in enumerate((1.0, 0.5, 0.2)):
        seen = more < share
        own = chance.happens(f"view {view}", who, share=0.7, day=day)
        category = np.where(own, need, chance.below(f"view category {view}", who, most=len(ground.scenario.categories), day=day))
        product = ground.wares.taken(category, purse=purse, mood=chance.share(f"view product {view}", who, day=day))
        later = np.minimum(begins, _LATEST) + 30 + 90 * view + chance.below(f"view time {view}", who, most=60, day=day)
        parts.append(kept(sized("visits", len(who), person=who, event=_VIEWED, product=product, second=later), seen))
        if view == 0:
            searched = chance.happens("search", who, share=0.25, day=day) & own
            parts.append(kept(sized("visits", len(who), person=who, event=_SEARCHED, product=product, second=later - 20), searched))
            added = luck[who] < np.minimum(urge[who] * 2, np.float32(0.7))
            parts.append(kept(sized("visits", len(who), person=who, event=_ADDED, product=product, second=later + 45), added))
    return joined("visits", parts)


def baskets(ground: Ground, who: Ids, *, day: int, month: int) -> Rows:
    """What these customers buy today: one to three lines an order, what the shelf has, through the system they like."""
    if not len(who):
        return none("orders")
    chance, people = ground.chance, ground.people
    second_choice = chance.happens("other system", who, share=0.25, day=day) & (people.other[who] >= 0)
    system = np.where(second_choice, people.other[who], people.system[who])
    second = seconds(chance, who, of="order", day=day, shop=system == _TILLS)
    order = np.argsort(second, kind="stable")
    who, system, second = who[order], system[order], second[order]
    number = day * NUMBERS + np.arange(len(who), dtype=np.int64)
    shop = chance.below("shop", who, most=max(1, len(ground.scenario.shops)))
    lines = chance.share("lines", who, day=day)
    parts = []
    for line, (share, _) in enumerate(LINES):
        told = {"system": system, "second": second, "shop": shop, "number": number}
        parts.append(kept(_line(ground, who, line=line, day=day) | told, lines < share))
    rows = _once(ground, joined("orders", parts))
    rows |= _paid(ground, rows, day=day, month=month)
    return _numbered(_once(ground, _from_the_shelf(ground, rows, day=day)))


def _line(ground: Ground, who: Ids, *, line: int, day: int) -> Rows:
    """The product of one line: what runs out, what is needed, what is liked, or anything."""
    chance, people, lives, wares = ground.chance, ground.people, ground.lives, ground.wares
    kind = chance.share(f"line kind {line}", who, day=day)
    any_ = chance.below(f"line category {line}", who, most=len(ground.scenario.categories), day=day)
    supply = wares.category[wares.supplies[chance.below(f"line supply {line}", who, most=len(wares.supplies), day=day)]]
    any_ = np.where(chance.happens(f"line supplies {line}", who, share=SUPPLIES, day=day), supply, any_)
    needed, liked = LINES[line][1]
    category = np.where(kind < needed, lives.need[who], np.where(kind < liked, people.taste[who], any_))
    run = ground.spike_now(day)
    if run is not None and line == 0:
        drawn = (people.system[who] == run.system) & ((lives.need[who] == run.category) | (people.taste[who] == run.category))
        category = np.where(drawn, run.category, category)
    product = wares.taken(category, purse=people.purse[who], mood=chance.share(f"line product {line}", who, day=day))
    owned = lives.owned[who]
    due = (owned >= 0) & (day - lives.owned_on[who] > DUE * wares.every[owned])
    again = due & chance.happens(f"line again {line}", who, share=AGAIN, day=day) & (line == 0)
    product = _no_second(ground, who, np.where(again, owned, product), line=line, day=day)
    many = np.where(people.firm[who], 1 + chance.below(f"line pieces {line}", who, most=6, day=day), 1)
    pair = chance.happens(f"line pair {line}", who, share=0.15, day=day) & (wares.every[product] > 0)
    quantity = many + pair
    return sized("orders", len(who), person=who, product=product, quantity=quantity, line=line, campaign=lives.invited_by[who])


def _no_second(ground: Ground, who: Ids, product: Ids, *, line: int, day: int) -> Ids:
    """Persons who have what lasts take supplies instead of a second one; firms fit out more than one house."""
    wares = ground.wares
    has = (ground.lives.has[who] >> wares.category[product]) & 1 == 1
    second = has & (wares.every[product] == 0) & ~ground.people.firm[who]
    instead = wares.supplies[ground.chance.below(f"line instead {line}", who, most=len(wares.supplies), day=day)]
    found: Ids = np.where(second, instead, product)
    return found


def _once(ground: Ground, rows: Rows) -> Rows:
    """Each product stands in an order once, and of things that last each category."""
    wares = ground.wares
    lasts = wares.every[rows["product"]] == 0
    what = np.where(lasts, len(wares.price) + wares.category[rows["product"]], rows["product"])
    order = np.lexsort((rows["line"], what, rows["number"]))
    number, what = rows["number"][order], what[order]
    repeated = np.zeros(len(order), dtype=bool)
    repeated[order[1:]] = (number[1:] == number[:-1]) & (what[1:] == what[:-1])
    return kept(rows, ~repeated)


def _numbered(rows: Rows) -> Rows:
    """The lines of each order from 0 on, whatever the shelf has taken out."""
    order = np.lexsort((rows["line"], rows["number"]))
    begins = np.flatnonzero(np.diff(rows["number"][order], prepend=-1))
    sizes = np.diff(np.append(begins, len(order)))
    line = np.empty_like(rows["line"])
    line[order] = np.arange(len(order)) - np.repeat(begins, sizes)
    return rows | {"line": line}


def _paid(ground: Ground, rows: Rows, *, day: int, month: int) -> Rows:
    """Money of each line in fen, cut to ten fen: list price less the sale, less the coupon of who was invited."""
    who, product = rows["person"], rows["product"]
    whole = ground.wares.price[product] * rows["quantity"]
    off = _SALES.get(month, 0) + 5 * ground.chance.happens("haggled", who, share=0.2, day=day)
    invited = ground.lives.invited_until[who] >= day
    most = ground.scenario.rebate
    discount = np.minimum(whole * off // 1000 * 10, most)
    coupon = np.where(invited, np.minimum((whole - discount) // 100 * 10, most), 0)
    return {"paid": whole - discount - coupon, "discount": discount, "coupon": coupon, "campaign": np.where(invited, rows["campaign"], -1)}


def _from_the_shelf(ground: Ground, rows: Rows, *, day: int) -> Rows:
    """What is sold out is replaced at the same money or not bought; the others are taken off the shelf."""
    wares = ground.wares
    wares.want(rows["product"], rows["quantity"])
    there = wares.there(rows["product"])
    replaced = wares.instead(rows["product"])
    takes = wares.there(replaced) & ground.chance.happens("takes another", rows["person"], share=0.5, day=day)
    whole = kept(rows | {"product": np.where(there, rows["product"], replaced)}, there | takes)
    wares.sell(whole["product"], whole["quantity"])
    return whole


def answers(orders: Rows) -> Rows:
    """The orders that used a coupon, one row each with its money."""
    used = kept(orders, (orders["campaign"] >= 0) & (orders["coupon"] > 0))
    _, first, whole = np.unique(used["number"], return_index=True, return_inverse=True)
    paid = np.bincount(whole, weights=used["paid"], minlength=len(first)).astype(np.int64)
    return {name: used[name][first] for name in ("person", "campaign", "second")} | {"paid": paid}


def fraud_orders(ground: Ground, who: Ids, *, day: int, first: int) -> Rows:
    """Bursts at night: several orders of one product that sells easily, within minutes, paid with stolen coupons."""
    if not len(who):
        return none("orders")
    offered = np.unique(ground.wares.takes)
    product = offered[np.argsort(ground.wares.price[offered], kind="stable")[len(offered) * 6 // 10]]
    each = 4 + ground.chance.below("fraud orders", who, most=4, day=day)
    person = np.repeat(who, each)
    turn = np.arange(len(person), dtype=np.int64)
    whole = np.full(len(person), ground.wares.price[product])
    return sized(
        "orders", len(person), person=person, product=product, quantity=1, paid=whole - whole // 1000 * 400, coupon=whole // 1000 * 400,
        system=0, second=2 * 3600 + 40 * turn % 3000, number=first + turn, campaign=-1,
    )  # fmt: skip
