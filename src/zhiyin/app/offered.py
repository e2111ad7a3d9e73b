"""What to offer one customer at the moment of reading: the lists of the last run, what the customer did since, products and stock."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from zhiyin.app.alerts import LATELY_DAYS
from zhiyin.app.clicked import clicked, links_of
from zhiyin.app.home import Home
from zhiyin.app.inferred import inferred
from zhiyin.app.rows import Rows
from zhiyin.core.settings import Settings
from zhiyin.core.units import to_minor
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Guard
from zhiyin.recommend.arrange import Arranging, Candidate, Placed, Whom, arrange
from zhiyin.recommend.live import POPULAR_DAYS, Because, Session, moved
from zhiyin.recommend.reasons import replacing, why_now, why_popular, why_upgrade
from zhiyin.recommend.rules import Kind, Offered, catalogue
from zhiyin.recommend.upgrade import Upgrade, upgrade
from zhiyin.unify.regions import whereabouts

__all__ = ["PLACES", "SHOWN", "arranging", "bought_by", "offers", "region_of", "shelf_of"]

SHOWN = 10  # of each kind
_KINDS: tuple[Kind, ...] = ("repeat", "new")
_LOOKED_AT = 200  # products bought last, that are asked for successors
_POPULAR = 30  # products that who has no list is offered, as far as they are sold
_LATER = 8  # successors one after the other that are read
PLACES = frozenset(["country", "province", "state", "city", "region", "国家", "省份", "省", "城市", "市", "地区"])
_SURE = 0.9  # an inferred place counts from here: one of a mobile's number does not, many move and keep it
_UNKNOWN = Offered()

Row = Mapping[str, object]


def offers(home: Home, guard: Guard, access: Access, *, customer: str, at: date | None, now: datetime | None = None) -> Rows:
    """An upgrade where there is reason for one, then what to buy again, then what to try, each best first with its reason.

    Args:
        home: the workspace.
        guard: over what was published.
        access: who asks.
        customer: id of the customer.
        at: the day; None: whatever may be sold on some day, and no upgrade.
        now: the moment, for what the customer has done since the list was made; None: that does not matter.
    """
    records = guard.records_of(customer, access)
    bought = bought_by(guard, access, records=records, upto=at)
    done = clicked(home, records, now=now) if now else Session()
    lists = _lists(guard, access, customer=customer, owns=bought.keys() | done.bought, done=done)
    lately = sorted(bought, key=lambda product: (bought[product], product))[-_LOOKED_AT:]
    named = [row.product_id for one in lists.values() for row in one.candidates]
    shelf = shelf_of(guard, access, [*named, *done.loud, *lately], currency=home.settings.currency)
    region = region_of(guard, access, customer) if any(item.regions for item in shelf.values()) else frozenset[str]()
    whom = Whom(at, region, frozenset(bought.keys() | done.bought))
    wanted = _wanted(guard, access, customer, at=at) if any(shelf[product].successor for product in lately if product in shelf) else ()
    own = {product: bought[product] for product in lately}
    newer = upgrade(own, shelf, whom=whom, wanted=wanted, after_days=home.settings.recommend.upgrade_after_days)
    found = [_newer(newer, shelf, customer=customer)] if newer else []
    how = arranging(home.settings)
    for kind, listed in lists.items():
        placed = arrange(listed.candidates, shelf, kind=kind, k=SHOWN, whom=whom, how=how)
        left = [one for one in placed if newer is None or one.product_id != newer.product_id]
        found += [_told(listed.row(one, shelf), one._replace(rank=rank), shelf) for rank, one in enumerate(left, 1)]
    return Rows(found)


def shelf_of(guard: Guard, access: Access, products: Iterable[str], *, currency: str) -> dict[str, Offered]:
    """These products and what replaces them, with their last count, as they stand in what was published last.

    Args:
        guard: over what was published.
        access: who asks.
        products: ids.
        currency: of the margins that are compared; a margin in another one counts as not known.
    """
    found: dict[str, Row] = {}
    asked = set(products)
    for _ in range(_LATER):
        if not asked:
            break
        found |= {str(row["product_id"]): row for row in guard.rows("product", access, where={"product_id": sorted(asked)})}
        asked = {str(row["successor_id"]) for row in found.values() if row["successor_id"]} - found.keys() - asked
    rows = [row if row["currency"] in (None, currency) else {**row, "margin": None} for row in found.values()]
    return catalogue(rows, guard.rows("stock", access, where={"product_id": sorted(found)}) if found else ())


@dataclass(frozen=True)
class _Listed:
    """One list as it stands now: the products, the rows of the day, and why of those that rose."""

    customer: str
    kind: Kind
    candidates: list[Candidate]
    rows: Mapping[str, Row]
    because: Mapping[str, Because]

    def row(self, one: Placed, shelf: Mapping[str, Offered]) -> dict[str, object]:
        """The row of a product, with the reason for which it rose before that of the day."""
        product = one.instead_of or one.product_id
        row = dict(self.rows.get(product, {"customer_id": self.customer, "kind": self.kind, "reason_zh": "", "reason_en": ""}))
        if (cause := self.because.get(product)) is not None:
            because = _name(cause.product_id, shelf) if cause.product_id != product else ""
            said = why_now(cause.way, just=cause.just, because=because, customers=cause.customers)
            row |= {"reason_zh": f"{said.zh}{row['reason_zh']}", "reason_en": f"{said.en} {row['reason_en']}".rstrip()}
        return row | {"score": one.score}


def _lists(guard: Guard, access: Access, *, customer: str, owns: Collection[str], done: Session) -> dict[Kind, _Listed]:
    """Both lists as they stand now; who has none of the day is offered what is popular."""
    listed = sorted(guard.row("recommendation", customer, access), key=lambda row: int(str(row["rank"])))
    if not listed:
        popular = guard.rows("popular_product", access, where={}, order="rank", limit=_POPULAR)
        listed = [_popular(row, customer) for row in popular]
    links, lists = links_of(guard, access, done), dict[Kind, _Listed]()
    for kind in _KINDS:
        rows = {str(row["product_id"]): row for row in listed if row["kind"] == kind}
        of_the_day = [Candidate(product, float(str(row["score"]))) for product, row in rows.items()]
        candidates, because = moved(of_the_day, links, now=done, kind=kind, owns=owns)
        lists[kind] = _Listed(customer, kind, candidates, rows, because)
    return lists


def _popular(row: Row, customer: str) -> dict[str, object]:
    """A row of `popular_product` as one of a list."""
    why = why_popular(customers=int(str(row["customers"])), days=POPULAR_DAYS)
    about = {"customer_id": customer, "kind": "new", "score": row["share"], "reason_zh": why.zh, "reason_en": why.en}
    return {"product_id": row["product_id"], "rank": row["rank"], **about}


def arranging(settings: Settings) -> Arranging:
    """How lists are put together, as the settings say."""
    own = settings.recommend
    least = None if own.least_margin is None else to_minor(own.least_margin, settings.currency)
    return Arranging(own.at_most_of_a_category, own.diversity, least, own.margin_weight)


def bought_by(guard: Guard, access: Access, *, records: Sequence[str], upto: date | None) -> dict[str, date]:
    """Product -> the last day on which the person of these records bought it, of what was paid for and not all given back."""
    paid: dict[str, int] = {}
    last: dict[str, date] = {}
    for line in guard.rows("order_line", access, where={"record_id": records}):
        product, amount, day = (
            str(line["product_id"] or ""),
            int(str(line["amount"] or 0)),
            date.fromisoformat(str(line["ordered_on"])[:10]),
        )
        if upto is None or day <= upto:
            paid[product] = paid.get(product, 0) + amount
            last[product] = max(last.get(product, day), day) if amount > 0 else last.get(product, day)
    return {product: day for product, day in last.items() if product and paid[product] > 0}


def region_of(guard: Guard, access: Access, customer: str) -> frozenset[str]:
    """The names of where a customer is: what was told, and what nobody told and is inferred for sure."""
    profile = next(iter(guard.row("profile", customer, access)), {})
    told = cast("dict[str, dict[str, object]]", json.loads(str(profile.get("attributes") or "{}")))
    places = [str(told[name].get("value") or "") for name in PLACES & told.keys()]
    for row in inferred(guard, access, customer=customer, told=told):
        if row["column_name"] in PLACES and float(str(row["confidence"])) >= _SURE:
            places.append(str(row["value"]))
    return whereabouts(places)


def _wanted(guard: Guard, access: Access, customer: str, *, at: date | None) -> set[str]:
    """The categories to which the need of a customer has shifted of late."""
    if at is None or not guard.holds("need_shift"):
        return set()
    since = at - timedelta(days=LATELY_DAYS)
    rows = guard.row("need_shift", customer, access)
    return {str(row["after"]) for row in rows if date.fromisoformat(str(row["noticed_on"])[:10]) >= since}


def _newer(found: Upgrade, shelf: Mapping[str, Offered], *, customer: str) -> dict[str, object]:
    """The row of an upgrade. It has no score: it follows from facts, not from a model."""
    old, new = _name(found.instead_of, shelf), _name(found.product_id, shelf)
    why = why_upgrade(found.why, old=old, new=new, days=found.days, category=found.category)
    row = {"customer_id": customer, "kind": "upgrade", "score": None}
    return _shown(row, Placed(found.product_id, 0.0, 1, found.instead_of), shelf, why=why)


def _told(row: Row, one: Placed, shelf: Mapping[str, Offered]) -> dict[str, object]:
    """A row of the list on its place; where a successor stands in it, its reason says so."""
    why = Say(str(row["reason_zh"]), str(row["reason_en"]))
    if one.instead_of:
        why = replacing(why, old=_name(one.instead_of, shelf), new=_name(one.product_id, shelf))
    return _shown(row, one, shelf, why=why)


def _shown(row: Row, one: Placed, shelf: Mapping[str, Offered], *, why: Say) -> dict[str, object]:
    item = shelf.get(one.product_id, _UNKNOWN)
    about = {"product": item.name, "category": item.category, "instead_of": one.instead_of}
    return {**row, "product_id": one.product_id, "rank": one.rank, "reason_zh": why.zh, "reason_en": why.en, **about}


def _name(product: str, shelf: Mapping[str, Offered]) -> str:
    return shelf.get(product, _UNKNOWN).name or product
