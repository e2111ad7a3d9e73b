"""What the list is made from, read for one piece of the customers after the other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from zhiyin.act.known import Known, days_of
from zhiyin.act.worth import Usual, favourites, usual_orders
from zhiyin.app.alerts import LATELY_DAYS
from zhiyin.app.popularity import told_places
from zhiyin.app.risks import held_customers
from zhiyin.app.work import Work
from zhiyin.recommend.local import sold_here
from zhiyin.unify.facts import owned
from zhiyin.unify.reach import reach
from zhiyin.unify.spans import Span

if TYPE_CHECKING:
    from zhiyin.core.tables import Purpose

__all__ = ["Ground"]

REFUSAL = "refused_contact"
_CONTACT: Purpose = "contact"
_NO_ROWS = pd.DataFrame()


class Ground:
    """The frames of `Known` for any span of customers.

    What sources and people say about consents, contacts and outcomes is put under today's customers once; what people wrote down
    under an id that a merge has retired leads to the customer it was merged into.

    Attributes:
        customers: who is known on the day of the list, those who left their details today among them.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        everybody = work.table("customer", _CONTACT)
        self.customers = everybody.filter(everybody["since_on"].isnull() | (everybody["since_on"] <= ibis.date(work.at)))
        self._profile = _profile(work)
        self._identity = work.table("identity", _CONTACT)
        self._products = work.frame(work.table("product", _CONTACT).select("product_id", "name", "category", "price", "hidden"))
        self._stock = work.frame(work.known("stock", _CONTACT))
        self._campaigns = work.frame(work.table("campaign", _CONTACT))
        self._offers = work.frame(work.table("offer", _CONTACT))
        outcomes = work.table("outcome", _CONTACT)
        outcomes = outcomes.filter((outcomes["happened_on"] < ibis.date(work.at)) | (outcomes["kind"] == REFUSAL))
        told = {
            "consent": (work.table("consent", _CONTACT), ("channel", "allowed", "since_on")),
            "touch": (work.known("touch", _CONTACT), ("holdout", "touched_on")),
            "outcome": (outcomes, ("campaign_id", "kind", "happened_on")),
        }
        self._told = {
            name: work.build.scratch(f"told_{name}", owned(rows, self._identity).select("customer_id", *columns))
            for name, (rows, columns) in told.items()
        }
        self._reach = work.build.scratch("reach", _reach(work))
        self._risks = held_customers(work)
        self._sold_in = _sold_in(work)
        self._homes = work.build.scratch("homes", told_places(work)) if len(self._sold_in) else None
        self._noted = {"consent": self._todays(_consents(work)), "outcome": self._todays(_outcomes(work))}

    def known(self, span: Span) -> Known:
        """What is known of these customers; predictions and recommendations without their reasons."""
        read = self._work.frame
        consents, outcomes = self._said("consent", span), self._said("outcome", span)
        predictions = self._work.table("prediction", _CONTACT).select("customer_id", "question", "subject_id", "at_on", "value")
        offered = self._work.table("recommendation", _CONTACT).select("customer_id", "product_id", "kind", "rank")
        return Known(
            customers=read(span.of(self.customers)),
            profile=read(span.of(self._profile)),
            predictions=read(span.of(predictions)),
            recommendations=self._sold_here(read(span.of(offered)), span),
            products=self._products,
            stock=self._stock,
            campaigns=self._campaigns,
            offers=self._offers,
            consents=_holding(consents, "since_on", refused=consents["allowed"].eq(False), at=self._work.at),
            touches=read(span.of(self._told["touch"])),
            outcomes=_holding(outcomes, "happened_on", refused=outcomes["kind"].eq(REFUSAL), at=self._work.at),
            reach=read(span.of(self._reach)),
            risks=self._risks,
            identity=read(span.of(self._identity)),
        )

    def _sold_here(self, offered: pd.DataFrame, span: Span) -> pd.DataFrame:
        if self._homes is None:
            return offered
        return sold_here(offered, self._sold_in, homes=self._work.frame(span.of(self._homes)))

    def usual_orders(self) -> Usual:
        """What an order of all customers is worth who pay in the currency of the workspace; the others are not on the list."""
        rows = self._profile.semi_join(self.customers, "customer_id")
        rows = rows.filter(rows["currency"] == self._work.home.settings.currency)
        return usual_orders(self._work.frame(rows.select("orders", "spend", "ticket_std")))

    def said(self, steps: pd.DataFrame) -> Known:
        """Predictions and recommendations with their reasons, of what was chosen for some customers."""
        keys = ["customer_id", "question", "subject_id"]
        asked = self._work.build.scratch("asked_steps", steps[[*keys, "product_id"]].astype("string"))
        predictions, offered = self._work.table("prediction", _CONTACT), self._work.table("recommendation", _CONTACT)
        shifted = self._work.table("need_shift", _CONTACT)
        shifted = shifted.filter(shifted["noticed_on"] >= ibis.date(self._work.at - timedelta(days=LATELY_DAYS)))
        return Known(
            customers=_NO_ROWS,
            profile=_NO_ROWS,
            shifts=self._work.frame(shifted.semi_join(asked, "customer_id")),
            predictions=self._work.frame(predictions.semi_join(asked, keys)),
            recommendations=self._work.frame(offered.semi_join(asked, ["customer_id", "product_id"])),
            products=self._products,
            stock=self._stock,
            campaigns=self._campaigns,
        )

    def favourites(self, span: Span, customers: Iterable[str]) -> list[dict[str, tuple[int, float]]]:
        """The favourite categories of these customers of a span, in their order."""
        rows = self._work.frame(span.of(self._profile).select("customer_id", "interests"))
        cells = dict(zip(rows["customer_id"], rows["interests"], strict=True))
        return [favourites(cells.get(customer)) for customer in customers]

    def _said(self, name: str, span: Span) -> pd.DataFrame:
        """Facts of the sources with what people wrote down under them."""
        stored, noted = self._work.frame(span.of(self._told[name])), self._noted[name]
        if len(noted):
            mine = noted["customer_id"].ge(span.first) & (noted["customer_id"].lt(span.end) if span.end else True)
            noted = noted[mine]
        parts = [part for part in (stored, noted) if len(part)]
        return pd.concat(parts, ignore_index=True) if parts else stored

    def _todays(self, noted: list[dict[str, object]]) -> pd.DataFrame:
        """What people wrote down, under today's customers."""
        if not noted:
            return _NO_ROWS
        rows = pd.DataFrame(noted)
        ids = self._work.build.scratch("noted", pd.DataFrame({"record_id": rows["customer_id"].astype("string").unique()}))
        found = self._work.frame(ids.inner_join(self._identity, "record_id").select("record_id", "customer_id"))
        todays = dict(zip(found["record_id"], found["customer_id"], strict=True))
        return rows.assign(customer_id=[todays.get(customer, customer) for customer in rows["customer_id"]])


def _sold_in(work: Work) -> pd.DataFrame:
    """Products that are sold in some places only: product_id, place."""
    goods = work.table("product", _CONTACT)
    told = work.frame(goods.filter(goods["regions"].notnull()).select("product_id", "regions"))
    places = told.assign(place=told["regions"].map(json.loads)).explode("place")
    return places.loc[places["place"].notna(), ["product_id", "place"]]


def _reach(work: Work) -> ibis.Table:
    """Who can be reached through what; only how many addresses there are is looked at, not which."""
    keys, faults = work.table("link_key", "identity"), work.table("bad_contact", _CONTACT)
    return reach(keys, faults, identity=work.table("identity", "identity"))


def _profile(work: Work) -> ibis.Table:
    """Profiles with the mean days between two buying days: the rhythm that the reasons of the predictions speak of."""
    profile, features = work.table("profile", _CONTACT), work.table("profile_at", _CONTACT)
    now = features.filter(features["at_on"] == ibis.date(work.at)).select("customer_id", "gap_mean", "ticket_std")
    return profile.left_join(now, "customer_id").select(*profile.columns, "gap_mean", "ticket_std")


def _consents(work: Work) -> list[dict[str, object]]:
    """What people said about consent."""
    return [{**row, "since_on": row["at"]} for row in work.home.journal.consents()]


def _outcomes(work: Work) -> list[dict[str, object]]:
    """Outcomes that a salesperson wrote down, today's too, and every refusal of contact."""
    noted = [row for row in work.home.journal.outcomes() if row["kind"] == REFUSAL or str(row["at"]) <= work.at.isoformat()]
    return [{**row, "happened_on": row["at"]} for row in noted]


def _holding(said: pd.DataFrame, column: str, *, refused: pd.Series, at: date) -> pd.DataFrame:
    """A refusal holds whenever it was said: one of a later day counts as one of the day of the list, which is worked off today."""
    return said.assign(**{column: said[column].astype(object).mask(refused & (days_of(said[column], at) < 0), at)})
