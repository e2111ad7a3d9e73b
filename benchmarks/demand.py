"""How near is the demand that a run foresees, beside repeating the last week?

The grocer of Complete Journey, its *training* part (to 2017-10-29), through `zhiyin.predict.demand.forecast_demand` with the settings of
a run: at each day asked about only what came before it is known, the campaigns and the holidays of the 28 days ahead are. All categories
count that were ever sold before that day, whatever their size. *pieces*: as the product forecasts; two categories whose "pieces" are no pieces
(fuel in thousandths of a gallon, coupons and other) are left out of that measure, as they would be nine tenths of it. *money*: the same
function over money, all categories. WAPE: all errors together as a share of all that came, over days, over weeks, and over each category's
sum of four weeks; the interval is a bootstrap over categories of the difference over days. "used" is the way that the run would publish.
Within: share of the categories' weeks that lie in the 80 % interval. The half-life of *usual* (21 days; 10 and 42
were within 4 %) and the pooling of its weekdays were looked at on these months; the last eight weeks of the year were never read.

    python benchmarks/demand.py FOLDER
"""

from __future__ import annotations

import argparse
import platform
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from _goals import goal

from zhiyin.learn.metrics import bootstrap
from zhiyin.predict.demand import LAST_WEEK, Ask, Demand, Level, forecast_demand, level_rows
from zhiyin.predict.promotions import promoted

RESULTS = Path(__file__).parent / "results" / "demand.md"
NO_PIECES = ("COUPON/MISC ITEMS", "FUEL")
DAYS = 28
AT = [date(2017, 10, 2) - timedelta(days=DAYS * back) for back in range(5)]
Table = pd.DataFrame


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    lines, tables = read(given.folder / "complete_journey")
    rows: list[dict[str, object]] = []
    for measure in ("pieces", "money"):
        for at in AT:
            rows += measured(lines.rename(columns={measure: "value"}).assign(money=lines["money"]), tables, measure=measure, at=at)
            for row in rows[-3:]:
                print(row, flush=True)
        RESULTS.write_text(page(rows), "utf-8")
        tell_goals(rows, measure)


def tell_goals(rows: list[dict[str, object]], measure: str) -> None:
    """Over the days asked about: how much better than repeating the last week the published way is."""
    own = pd.DataFrame([row for row in rows if row["measure"] == measure])
    used, naive = own[own["way"].str.endswith("(used)")], own[own["way"].str.startswith(LAST_WEEK)]
    for length in ("days", "four weeks"):
        better = 1 - used[length].astype(float).mean() / naive[length].astype(float).mean()
        what = f"Complete Journey, {measure} a category: WAPE of 28 days better than seasonal naive, by {length}"
        goal(what, better, wanted=0.15, note=f"mean of {len(used)} dates of the train part")


def read(folder: Path) -> tuple[Table, dict[str, Table]]:
    """Sales a product and day, and what was planned."""
    lines = pd.read_parquet(folder / "transactions.parquet", columns=["product_id", "quantity", "sales_value", "transaction_timestamp"])
    goods = pd.read_parquet(folder / "products.parquet", columns=["product_id", "product_category"])
    both = lines.merge(goods, on="product_id", how="left").assign(at=lambda told: told["transaction_timestamp"].dt.normalize())
    both["series"] = both["product_category"].fillna("")
    sums = both.groupby(["product_id", "series", "at"], as_index=False).agg(pieces=("quantity", "sum"), money=("sales_value", "sum"))
    campaigns = pd.read_parquet(folder / "campaign_descriptions.parquet").rename(columns={"start_date": "starts_on", "end_date": "ends_on"})
    offers = pd.read_parquet(folder / "coupons.parquet", columns=["campaign_id", "product_id"])
    return sums, {"campaigns": campaigns, "offers": offers}


def measured(lines: Table, tables: dict[str, Table], *, measure: str, at: date) -> list[dict[str, object]]:
    """A line for each way on one day."""
    start = time.process_time()
    demand = foreseen(lines[lines["at"] < pd.Timestamp(at)], tables, at=at)
    seconds = time.process_time() - start
    names = [name for name in demand.sold.columns if measure == "money" or name not in NO_PIECES]
    later = lines[(lines["at"] >= pd.Timestamp(at)) & (lines["at"] < pd.Timestamp(at) + pd.Timedelta(days=DAYS))]
    came = later.pivot_table(index="at", columns="series", values="value", aggfunc="sum")
    came = came.reindex(index=demand.value.index, columns=names).fillna(0.0)
    within = covered(demand, came)
    naive = demand.said[LAST_WEEK][names]
    found = []
    for way, wide in demand.said.items():
        said = wide[names]
        line = {"measure": measure, "at": at, "categories": len(names), "way": way + (" (used)" if way == demand.used else "")}
        for name, days in (("days", 1), ("weeks", 7), ("four weeks", DAYS)):
            ours, theirs = off(said, came, days=days), off(naive, came, days=days)
            line[name] = f"{ours:.4f}"
            line[f"{name}, of naive"] = "" if way == LAST_WEEK else f"{ours / theirs - 1:+.1%}"
        if way == demand.used:
            line |= {"interval": difference(said, naive, came=came), "within": f"{within:.3f}", "s": f"{seconds:.1f}"}
        found.append(line)
    return found


def foreseen(known: Table, tables: dict[str, Table], *, at: date) -> Demand:
    """As a run with the settings as they come would foresee it."""
    late = known[known["at"] >= pd.Timestamp(at) - pd.Timedelta(days=84)]
    sold = late.groupby(["product_id", "series"], as_index=False)["pieces" if "pieces" in late else "value"].sum()
    sold.columns = ["product_id", "category", "value"]
    days = pd.date_range(known["at"].min(), at + timedelta(days=DAYS))
    offered = promoted(sold, tables["offers"], campaigns=tables["campaigns"], days=days)
    sales = known.groupby(["series", "at"], as_index=False)[["value", "money"]].sum()
    return forecast_demand(sales, ask=Ask(at, country="US"), offered=offered)


def sums(wide: Table, days: int) -> np.ndarray:
    return wide.to_numpy().reshape(-1, days, wide.shape[1]).sum(axis=1)


def off(said: Table, came: Table, *, days: int) -> float:
    truth = sums(came, days)
    return float(np.abs(sums(said, days) - truth).sum() / np.abs(truth).sum())


def difference(said: Table, naive: Table, *, came: Table) -> str:
    """How much smaller the error over days is than that of the naive way, with its interval over categories."""
    parts = [np.abs(wide.to_numpy() - came.to_numpy()).sum(axis=0) for wide in (said, naive)]
    found = bootstrap(lambda ours, theirs: float(ours.sum() / theirs.sum() - 1), *parts, n=500, seed=1)
    return f"{found.low:+.1%} to {found.high:+.1%}"


def covered(demand: Demand, came: Table) -> float:
    """Share of the weeks of the categories that lie within what was said."""
    rows = level_rows(Level("category", demand.sold, demand.value, demand.value), demand)
    weeks = rows[(rows["step"] == "week") & rows["series"].isin(came.columns)]
    truth = pd.DataFrame(sums(came, 7), index=came.index[::7].date, columns=came.columns).stack()
    told = weeks.set_index(["on", "series"])[["low", "high"]].join(truth.rename_axis(["on", "series"]).rename("came"))
    return float(((told["came"] >= told["low"]) & (told["came"] <= told["high"])).mean())


def page(rows: list[dict[str, object]]) -> str:
    """The tables as they are kept."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    today, machine = datetime.now(UTC).strftime("%Y-%m-%d"), platform.processor() or platform.machine()
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(row.get(name, "")) for name in head) + " |" for row in rows]
    what = (__doc__ or "").partition("\n\n")[2].partition("\n\n    python")[0]
    return f"# Demand\n\n`python benchmarks/demand.py`, {today}, {machine}, one thread.\n\n{what}\n\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
