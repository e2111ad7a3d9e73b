"""What will be sold: written by the run for the shop, its departments, categories and products, and judged by what came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis

from zhiyin.app.work import Work
from zhiyin.core.errors import TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import pandas as pd

    from zhiyin.core.settings import Settings
    from zhiyin.predict.demand import Demand

__all__ = ["Foreseen", "country", "foresee", "offered_shares", "sales_by_day", "sales_by_week"]

_DAYS = 730  # of history that is read
_APART = 7  # days between two forecasts that are kept to be judged
_KEPT = 400  # days that they are kept
_NOT_TOLD = Say(
    "{years} 年的调休安排还没有公布（或所用节假日库还没有收录），预测里按周末休息计算。",
    "Which weekends of {years} will be worked is not announced yet, or not known to the calendar: the forecast takes them as free.",
)


@dataclass(frozen=True)
class Foreseen:
    """What a run foresaw: the demand by category, and what share of it each product has."""

    demand: Demand
    shares: pd.DataFrame


def foresee(work: Work) -> Foreseen | None:
    """Write `forecast`, `demand_trend`, `demand_week` and `forecast_said`; None where too little was sold to say anything."""
    import pandas as pd

    from zhiyin.predict.demand import Ask, forecast_demand, prices

    settings, sales = work.home.settings, sales_by_day(work)
    kept = _kept(work)
    ask = Ask(work.at, settings.demand.days, settings.demand.budget_s, country(settings), settings.learning.seed, _champion(kept))
    weeks = sales_by_week(work, pd.to_datetime(sales["at"]).max()) if len(sales) else sales
    offered = offered_shares(work, weeks) if len(sales) else None
    by_category = sales.groupby(["series", "at"], as_index=False)[["value", "money"]].sum()
    try:
        demand = forecast_demand(by_category, ask=ask, offered=offered)
    except TooLittleData as little:
        work.notes += [little.what] if len(sales) else []
        for name in ("forecast", "demand_trend", "demand_week"):
            work.write("predict", name, rows=pd.DataFrame(columns=list(TABLES[name].names), dtype=object))
        return None
    demand = _judged(work, demand, kept, price=prices(demand, sales))
    shares = _written(work, demand, sales=sales, weeks=weeks, offered=offered)
    _keep(work, demand, kept)
    _warn(work, demand)
    return Foreseen(demand, shares)


def country(settings: Settings) -> str:
    """The country whose holidays count: that of the setting, else that of the time zone; empty for none."""
    from zhiyin.predict.days_off import country_of

    said = settings.demand.country
    return "" if said == "none" else said or country_of(settings.timezone)


def sales_by_day(work: Work) -> pd.DataFrame:
    """Pieces and money a day, category (`series`) and department, returns deducted; known before the day of the list."""
    since = ibis.date(work.at - timedelta(days=_DAYS))
    lines = _named(work, since)
    found = lines.group_by(series=lines["category"], department=lines["department"], at=lines["ordered_on"])
    return work.frame(found.agg(value=lines["pieces"].sum().cast("float64"), money=lines["money"].sum().cast("float64")))


def sales_by_week(work: Work, last: pd.Timestamp) -> pd.DataFrame:
    """Pieces and money a product and week, the latest week being 0: product_id, category, department, week, value, money.

    Args:
        work: the run.
        last: the last day with a sale, with which the latest week ends.
    """
    from zhiyin.predict.demand_products import WEEKS

    ends = last.date() + timedelta(days=1)
    lines = _named(work, ibis.date(ends - timedelta(days=7 * WEEKS)))
    week = (ibis.date(ends).delta(lines["ordered_on"], unit="day") - 1) // 7
    grouped = lines.mutate(week=week.cast("int64")).group_by("product_id", "category", "department", "week")
    return work.frame(grouped.agg(value=ibis._["pieces"].sum().cast("float64"), money=ibis._["money"].sum().cast("float64")))


def offered_shares(work: Work, weeks: pd.DataFrame) -> pd.DataFrame:
    """The share of each category that is on offer, day by day, as the campaigns were planned."""
    import pandas as pd

    from zhiyin.predict.promotions import promoted

    campaigns = work.frame(work.table("campaign").select("campaign_id", "starts_on", "ends_on"))
    offers = work.frame(work.table("offer").select("campaign_id", "product_id").distinct())
    sold = weeks.groupby(["product_id", "category"], as_index=False)["value"].sum().assign(value=lambda rows: rows["value"].clip(lower=0.0))
    days = pd.date_range(work.at - timedelta(days=_DAYS), work.at + timedelta(days=work.home.settings.demand.days))
    return promoted(sold, offers, campaigns=campaigns, days=days)


def _named(work: Work, since: ibis.Scalar) -> ibis.Table:
    """Order lines with category and department (empty where not known), pieces, and money in the currency of the reports."""
    goods = work.table("product").select("product_id", "category", "department")
    lines = work.known("order_line")
    lines = lines.filter(lines["ordered_on"] >= since)
    own = (lines["currency"] == work.home.settings.currency).ifelse(lines["amount"], 0)
    sold = lines.select("product_id", "ordered_on", pieces=ibis.coalesce(lines["quantity"], 1.0), money=own)
    both = sold.left_join(goods, "product_id")
    return both.select(
        "product_id",
        "ordered_on",
        "pieces",
        "money",
        category=ibis.coalesce(both["category"], ""),
        department=ibis.coalesce(both["department"], ""),
    )


def _written(work: Work, demand: Demand, *, sales: pd.DataFrame, weeks: pd.DataFrame, offered: pd.DataFrame | None) -> pd.DataFrame:
    """Write all levels and their trends; returns the shares of the products."""
    import pandas as pd

    from zhiyin.predict.demand import level_rows, levels
    from zhiyin.predict.demand_products import department_shares, product_rows, product_shares
    from zhiyin.predict.demand_reasons import trend_rows
    from zhiyin.predict.demand_trend import past_weeks

    found, shares = levels(demand, sales, shares=department_shares(weeks)), product_shares(weeks)
    rows = [*(level_rows(level, demand) for level in found), product_rows(shares, found[-1], demand=demand)]
    both = pd.concat(rows, ignore_index=True).assign(currency=work.home.settings.currency)
    work.write("predict", "forecast", rows=both[list(TABLES["forecast"].names)])
    told = pd.concat([trend_rows(level, demand, offered=offered) for level in found], ignore_index=True)
    work.write("predict", "demand_trend", rows=told[list(TABLES["demand_trend"].names)])
    past = pd.concat([past_weeks(level.sold).assign(level=level.name) for level in found], ignore_index=True)
    work.write("predict", "demand_week", rows=past[list(TABLES["demand_week"].names)])
    return shares


def _kept(work: Work) -> pd.DataFrame:
    """What earlier runs said, of days before this one."""
    import pandas as pd

    rows = work.frame(work.table("forecast_said"))
    days = [name for name in ("at_on", "on") if len(rows)]
    rows = rows.assign(**{name: pd.to_datetime(rows[name]).dt.date for name in days})
    return rows[[day < work.at for day in rows["at_on"]]] if len(rows) else rows


def _champion(kept: pd.DataFrame) -> str:
    """The way that was published last; empty before the first forecast."""
    used = kept[kept["used"].astype(bool)] if len(kept) else kept
    return str(used.loc[used["at_on"] == used["at_on"].max(), "way"].iloc[0]) if len(used) else ""


def _judged(work: Work, demand: Demand, kept: pd.DataFrame, *, price: pd.Series) -> Demand:
    """Score what was said about weeks that are over, and change the way in use where another was nearer by more than luck."""
    import pandas as pd

    from zhiyin.improve.rows import Score, as_rows
    from zhiyin.learn.card import Interval
    from zhiyin.predict.demand_judged import crowned, errors, in_money, judged_weeks, shop_weeks

    judged = judged_weeks(kept, demand.sold) if len(kept) else kept
    if judged.empty:
        return demand
    judged = in_money(judged, price)
    nan = float("nan")
    work.validation.append(
        as_rows(
            Score(
                "forecast",
                f"demand_{row.level}",
                "wape",
                row.at_on,
                str(row.way),
                Interval(float(row.wape), nan, nan),
                int(row.n),
                bool(row.used),
            )
            for row in errors(pd.concat([judged, shop_weeks(judged)], ignore_index=True)).itertuples()
        )
    )
    new = crowned(judged, champion=demand.used, seed=demand.ask.seed)
    work.notes += [new.said] if new.said and new.way in demand.said else []
    return replace(demand, used=new.way) if new.way in demand.said else demand


def _keep(work: Work, demand: Demand, kept: pd.DataFrame) -> None:
    """Keep what each way says, once a week; a run of an earlier day than the last one kept leaves it as it is."""
    import pandas as pd

    from zhiyin.predict.demand_judged import said_weeks

    every = work.frame(work.table("forecast_said").select("at_on"))
    if len(every) > len(kept) or (len(kept) and (work.at - kept["at_on"].max()).days < _APART):
        return
    said = said_weeks(dict(demand.said), used=demand.used).assign(level="category")
    late = kept[[(work.at - day).days <= _KEPT for day in kept["at_on"]]] if len(kept) else kept
    rows = pd.concat([part for part in (late, said) if len(part)], ignore_index=True)
    rows["at_on"] = rows["at_on"].where(rows["at_on"].notna(), work.at) if "at_on" in rows else work.at
    work.write("predict", "forecast_said", rows=rows[list(TABLES["forecast_said"].names)])


def _warn(work: Work, demand: Demand) -> None:
    """Say where the calendar does not know the worked weekends of a year that the forecast reaches."""
    from zhiyin.predict.days_off import unannounced

    years = unannounced((day.date() for day in demand.value.index), demand.ask.country)
    work.notes += [_NOT_TOLD.fill(years="、".join(map(str, years)))] if years else []
