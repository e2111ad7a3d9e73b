"""Public sets with times, and an invented company with its weather: who took what when, cut at several days; official holdouts are not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

MIDDLE = 2.75  # stars: who gives three is content, who gives two and a half is not


class Told(NamedTuple):
    """Everything that is known of a set, and how it is judged.

    `table` has customer_id, item_id, at, and weight and place where there are some, in the order of time.
    """

    name: str
    task: str
    table: pd.DataFrame
    items: pd.DataFrame | None = None
    context: pd.DataFrame | None = None
    days: tuple[str, ...] = ()  # the first days that are judged; none: the latest fifth of each customer is
    ahead: int = 28  # days that are judged
    least: float = 0  # weight of a hit, where there are weights
    words: str = "weather"  # how the circumstances of this set are called


def cuts(told: Told) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """What is known, and what is hidden of customers that are known."""
    table = told.table
    if not told.days:
        back = table[::-1].groupby("customer_id").cumcount()[::-1]
        later = back < np.ceil(table.groupby("customer_id")["item_id"].transform("size") / 5)
        yield table[~later], _hits(told, table[~later], table[later])
    for day in map(pd.Timestamp, told.days):
        known = table[table["at"] < day]
        later = table[(table["at"] >= day) & (table["at"] < day + pd.Timedelta(days=told.ahead))]
        yield known, _hits(told, known, later)


def _hits(told: Told, known: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    later = later[later["customer_id"].isin(known["customer_id"])]
    if told.task == "next":
        return later.drop_duplicates("customer_id")
    pairs = ["customer_id", "item_id"]
    found = later.merge(known[pairs].drop_duplicates().assign(old=True), on=pairs, how="left")
    found = found[found["old"].isna()]
    return found[found["weight"] >= told.least] if "weight" in found else found


def retail(data: Path) -> Told:
    lines = pd.read_parquet(data / "online_retail_ii/transactions.parquet")
    lines = lines[lines["customer_id"].notna() & (lines["quantity"] > 0) & lines["stock_code"].str.match(r"^\d{5}")]
    table = pd.DataFrame({"customer_id": lines["customer_id"].astype(int), "item_id": lines["stock_code"], "at": lines["invoice_date"]})
    table = table.sort_values("at", kind="stable").reset_index(drop=True)
    goods = lines.drop_duplicates("stock_code")[["stock_code", "description"]].set_axis(["item_id", "words"], axis=1)
    goods["words"] = goods["words"].fillna("").str.lower().str.split()
    days = ("2011-03-01", "2011-06-01", "2011-08-12")
    return Told("Online Retail II", "top", table, goods, days=days)


def films(data: Path) -> Told:
    rated = pd.read_parquet(data / "movielens_latest_small/ratings.parquet").sort_values(["timestamp", "movieId"], kind="stable")
    rated = rated.reset_index(drop=True)
    table = pd.DataFrame({"customer_id": rated["userId"], "item_id": rated["movieId"]})
    table["at"], table["weight"] = pd.to_datetime(rated["timestamp"], unit="s"), rated["rating"] - MIDDLE
    return Told("MovieLens small", "top", table, genres(rated), least=4 - MIDDLE)


def genres(rated: pd.DataFrame) -> pd.DataFrame:
    goods = rated.drop_duplicates("movieId")[["movieId", "genres", "year"]].set_axis(["item_id", "genre", "year"], axis=1)
    return goods.assign(genre=goods["genre"].str.split("|"), year=(goods["year"] // 10 * 10).astype("Int64").astype(str))


def journey(data: Path) -> Told:
    there = data / "complete_journey"
    lines = pd.read_parquet(there / "transactions.parquet", columns=["household_id", "product_id", "transaction_timestamp"])
    table = lines.set_axis(["customer_id", "item_id", "at"], axis=1).sort_values("at", kind="stable")
    many = table.groupby("item_id")["customer_id"].transform("nunique") >= 20  # 92 000 products, most taken by next to nobody
    table = table[many].reset_index(drop=True)
    goods = pd.read_parquet(there / "products.parquet").rename(columns={"product_id": "item_id"})
    goods = goods[goods["item_id"].isin(table["item_id"])][["item_id", "department", "brand", "product_category", "product_type"]]
    plans = pd.read_parquet(there / "campaign_descriptions.parquet")
    held = [
        (day, f"{kind} {number}")
        for number, kind, first, last in plans[["campaign_id", "campaign_type", "start_date", "end_date"]].itertuples(index=False)
        for day in pd.date_range(first, last)
    ]
    context = pd.DataFrame(held, columns=["at", "campaign"])
    return Told("Complete Journey", "top", table, goods, context, days=("2017-07-03", "2017-10-02"), words="campaigns")


def company(_data: Path, *, customers: int = 3000, days: int = 760) -> Told:
    from zhiyin.sandbox.holidays import day_kind
    from zhiyin.sandbox.world import World

    begins = date(2024, 1, 1)
    world = World("restaurant", customers=customers, seed=7, begins=begins)
    ground, parts, sky = world.ground, [], []
    for _ in range(days):
        on = world.today
        day = world.step()
        orders = day.rows("orders")
        who = orders["person"]
        parts.append(
            pd.DataFrame(
                {
                    "customer_id": who,
                    "item_id": orders["product"],
                    "at": pd.Timestamp(on) + pd.to_timedelta(orders["second"], unit="s"),
                    "place": ground.people.city[who],
                }
            )
        )
        kind = day_kind(on)
        for city, found in enumerate(ground.seasons.weather(on)):
            sky.append((pd.Timestamp(on), city, found.words, found.high, found.low, found.rain_mm, kind.name or None, kind.day_off))
    table = pd.concat(parts, ignore_index=True).sort_values("at", kind="stable").reset_index(drop=True)
    context = pd.DataFrame(sky, columns=["at", "place", "sky", "high", "low", "rain", "holiday", "off"])
    goods = pd.DataFrame(
        [(n, good.category, good.department) for n, good in enumerate(ground.scenario.goods)], columns=["item_id", "category", "department"]
    )
    last = begins + timedelta(days=days)
    ends = tuple(str(last - timedelta(days=back)) for back in (196, 112, 28))
    return Told("invented restaurant", "next", table, goods, context, days=ends, words="weather, holidays")


SETS: dict[str, Callable[[Path], Told]] = {"retail": retail, "films": films, "company": company, "journey": journey}
