"""What is known about everybody on the morning the list is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from zhiyin.core.errors import MissingColumns, listed
from zhiyin.core.words import Say

__all__ = ["Known", "days_of", "of_customers", "shaped", "text"]


@dataclass(frozen=True)
class Known:
    """The frames that a list is made from, with the columns of `core/tables.py`; what does not exist stays empty.

    `consents`, `touches` and `outcomes` may say `customer_id`, `record_id` or both; `identity` turns records and retired
    customer ids into today's customers. They may contain what happened today: a refusal of this morning counts.
    """

    customers: pd.DataFrame  # customer_id, owner_id, team_id, since_on
    profile: (
        pd.DataFrame
    )  # stage, orders, spend, currency, days_since_order, first_order_on, last_order_on, tier, interests, gap_mean, ticket_std
    predictions: pd.DataFrame  # customer_id, question, subject_id, at_on, value, reasons
    recommendations: pd.DataFrame = field(default_factory=pd.DataFrame)  # customer_id, product_id, kind, rank, reason_zh, reason_en
    products: pd.DataFrame = field(default_factory=pd.DataFrame)  # product_id, name, category, price, hidden
    stock: pd.DataFrame = field(default_factory=pd.DataFrame)  # product_id, counted_on, pieces
    campaigns: pd.DataFrame = field(default_factory=pd.DataFrame)  # campaign_id, name, ends_on
    offers: pd.DataFrame = field(default_factory=pd.DataFrame)  # campaign_id, product_id
    consents: pd.DataFrame = field(default_factory=pd.DataFrame)  # customer_id | record_id, channel, allowed, since_on
    touches: pd.DataFrame = field(default_factory=pd.DataFrame)  # customer_id | record_id, holdout, touched_on
    outcomes: pd.DataFrame = field(default_factory=pd.DataFrame)  # customer_id | record_id, campaign_id, kind, happened_on
    reach: pd.DataFrame = field(default_factory=pd.DataFrame)  # customer_id, channel, keys, code, since_on
    risks: pd.DataFrame = field(default_factory=pd.DataFrame)  # customer_id | record_id: fraud confirmed, or suspected and not reviewed
    shifts: pd.DataFrame = field(default_factory=pd.DataFrame)  # customer_id, shifted_on, before, after, product_id: needs of late
    identity: pd.DataFrame = field(default_factory=pd.DataFrame)  # record_id, customer_id


def of_customers(rows: pd.DataFrame, identity: pd.DataFrame, *, needs: tuple[str, ...], optional: tuple[str, ...] = ()) -> pd.DataFrame:
    """Rows with today's `customer_id`, the columns that are needed and the optional ones, filled with None where absent.

    Raises:
        MissingColumns: when rows exist and a needed column, or any id, is absent.
    """
    if rows.empty:
        return pd.DataFrame(columns=["customer_id", *needs, *optional], dtype=object)
    missing = [name for name in needs if name not in rows.columns]
    if not {"customer_id", "record_id"} & set(rows.columns):
        missing.append("customer_id")
    if missing:
        raise MissingColumns(
            Say(f"缺少列：{listed(missing)}。", f"Columns are missing: {listed(missing)}."),
            got=listed(rows.columns),
            fix=Say("对照 `zhiyin tables` 里的列名。", "Compare with the column names of `zhiyin tables`."),
        )
    ids = rows["customer_id"] if "customer_id" in rows.columns else pd.Series(None, index=rows.index, dtype=object)
    if "record_id" in rows.columns:
        ids = ids.where(ids.notna(), rows["record_id"])
    if not identity.empty:
        # A customer_id is the record_id of the oldest record: the same map redirects ids that a merge has retired.
        known = dict(zip(identity["record_id"], identity["customer_id"], strict=True))
        ids = ids.map(lambda id_: known.get(id_, id_))
    kept = rows.reindex(columns=[*needs, *optional])
    return kept.assign(customer_id=ids)[["customer_id", *needs, *optional]]


def days_of(column: pd.Series, at: date) -> pd.Series:
    """Whole days from each day of `column` to `at`; negative for days to come, NaN for none."""
    days = pd.to_datetime(column, format="ISO8601", utc=True).dt.tz_localize(None)
    return (pd.Timestamp(at) - days.dt.normalize()).dt.days


def shaped(rows: pd.DataFrame, *, texts: tuple[str, ...], others: tuple[str, ...] = ()) -> pd.DataFrame:
    """The named columns only, those absent filled with nothing; text columns join with each other also where they are empty."""
    return rows.reindex(columns=[*texts, *others]).astype(dict.fromkeys(texts, object))


def text(rows: pd.DataFrame, name: str) -> pd.Series:
    """A text column, empty text where there is none."""
    if name not in rows.columns:
        return pd.Series("", index=rows.index, dtype=object)
    return rows[name].astype(object).where(rows[name].notna(), "").astype(str).astype(object)
