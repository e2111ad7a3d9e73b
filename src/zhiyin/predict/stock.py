"""How much of a product should be ordered now?

The stock must last from now until the next order arrives: lead time and the time between two orders. What is needed is the quantile of the
demand over that time at the service level; the newsvendor says which: (margin) / (margin + what a piece costs that is left over). Demand is
a frame of forecasts with 80 % intervals where there is one; days are taken as independent, so variances add up, and the sum is a negative
binomial, or a normal where forecasts vary less than Poisson. Without a forecast the daily counts of late stand in for it.

References:
    Arrow, Harris, Marschak: Optimal inventory policy. Econometrica 19 (1951).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError, MissingColumns, listed
from zhiyin.core.words import Say

__all__ = ["NEEDS", "Order", "counted", "reorder", "service_level"]

NEEDS = ("series", "at", "value", "low", "high")
_EIGHTY = 2.5631031310892007  # standard normal deviations between the 10 % and the 90 % quantile
_STALE_DAYS = 14  # a count of the shelf that is older is said to be so

_BASIS = {"forecast": Say("按预测", "by forecast"), "counts": Say("按近期销量", "by the sales of late")}
_ENOUGH = Say(
    "还有 {pieces} 件，未来 {days} 天至多要 {needed} 件（把握 {service}），够用，暂不订。",
    "{pieces} on the shelf; at most {needed} are needed in {days} days ({service} sure): enough, order none.",
)
_ORDER = Say(
    "还有 {pieces} 件，未来 {days} 天至多要 {needed} 件（把握 {service}），建议订 {quantity} 件。",
    "{pieces} on the shelf; at most {needed} are needed in {days} days ({service} sure): order {quantity}.",
)
_OLD = Say("库存是 {days} 天前盘点的，先核对。", "The shelf was counted {days} days ago; check it first.")


@dataclass(frozen=True)
class Order:
    """How orders are placed.

    Args:
        lead_days: from an order to its arrival.
        review_days: between two orders.
        service: chance that the stock lasts, where no margin is known.
        holding_share: of the cost of a piece, lost when it stays on the shelf until the next order.
        pack: pieces that are ordered together.
        least: pieces that are ordered at least.
    """

    lead_days: int = 7
    review_days: int = 7
    service: float = 0.95
    holding_share: float = 0.02
    pack: int = 1
    least: int = 1

    @property
    def cover_days(self) -> int:
        """Days that the stock must last."""
        return self.lead_days + self.review_days


def service_level(price: float, cost: float, *, holding_share: float) -> float:
    """The newsvendor's chance: what a piece earns, by that and what one loses that is left over.

    Example:
        >>> round(service_level(100.0, 60.0, holding_share=0.05), 3)
        0.93
    """
    earns, loses = max(price - cost, 0.0), cost * holding_share
    return float(np.clip(earns / (earns + loses), 0.5, 0.999)) if earns + loses > 0 else 0.5


def counted(sales: pd.DataFrame, *, at: date, days: int, horizon: int) -> pd.DataFrame:
    """Forecasts from the daily counts of the last days: the mean, and the 80 % interval of a negative binomial.

    Args:
        sales: `series`, `at` (day), `value` (pieces): a row for each day with a sale.
        at: first day to forecast.
        days: how many days before it count; those without a row are zeros.
        horizon: how many days to forecast.

    Returns:
        `series`, `at`, `value`, `low`, `high`, a row a series and day.
    """
    told = sales.assign(at=pd.to_datetime(sales["at"]))
    told = told[(told["at"] >= pd.Timestamp(at - timedelta(days=days))) & (told["at"] < pd.Timestamp(at))]
    sums = told.groupby("series")["value"].agg(total="sum", squares=lambda own: float((own**2).sum()))
    mean = sums["total"].clip(lower=0) / days
    variance = ((sums["squares"] - days * mean**2) / max(days - 1, 1)).clip(lower=mean)
    width = np.sqrt(variance) * _EIGHTY
    future = pd.DataFrame({"at": [at + timedelta(days=ahead) for ahead in range(horizon)]})
    # The interval is a way to tell the variance, which is all that a sum of days needs; its lower end may be below zero.
    rows = pd.DataFrame(
        {"series": mean.index, "value": mean.to_numpy(), "low": (mean - width / 2).to_numpy(), "high": (mean + width / 2).to_numpy()}
    )
    return rows.merge(future, how="cross")[list(NEEDS)]


def reorder(forecasts: pd.DataFrame, stock: pd.DataFrame, *, order: Order, at: date, basis: str = "forecast") -> pd.DataFrame:
    """What to order of each product whose shelf is counted, the most urgent first.

    Args:
        forecasts: `series` (product), `at` (day), `value`, `low`, `high` (80 % interval) of pieces a day; days of the future, at
            least as many as must be covered.
        stock: `product_id`, `pieces`, `counted_on`, and where known `price` and `cost` of a piece, `pack` and `least`.
        order: how orders are placed, where `stock` does not say otherwise.
        at: today.
        basis: forecast, or counts where `counted` stands in for one.

    Returns:
        The columns of the table `reorder`.

    Raises:
        MissingColumns: when a column of the forecasts is missing.
        DataError: when the forecasts end before the stock must last, or a figure is not finite.
    """
    _refuse_unfit(forecasts, order, at)
    first, last = pd.Timestamp(at), pd.Timestamp(at + timedelta(days=order.cover_days - 1))
    days = pd.to_datetime(forecasts["at"])
    ahead = forecasts[(days >= first) & (days <= last)]
    spread = ((ahead["high"] - ahead["low"]) / _EIGHTY) ** 2
    demand = ahead.assign(spread=spread).groupby("series").agg(mean=("value", "sum"), variance=("spread", "sum"))
    rows = stock.merge(demand, left_on="product_id", right_index=True, how="inner")
    rows = rows.assign(mean=rows["mean"].clip(lower=0.0), service=_service(rows, order))
    needed = _quantile(rows["mean"].to_numpy("float64"), rows["variance"].to_numpy("float64"), rows["service"].to_numpy("float64"))
    short = np.maximum(needed - rows["pieces"].clip(lower=0).to_numpy("float64"), 0.0)
    pack, least = (
        pd.to_numeric(rows.get(name, pd.Series(np.nan, index=rows.index))).fillna(getattr(order, name)) for name in ("pack", "least")
    )
    quantity = np.ceil(np.maximum(short, np.where(short > 0, least, 0)) / pack) * pack
    told = rows.assign(needed=needed, quantity=quantity.astype("int64"), daily=rows["mean"] / order.cover_days, at_on=at)
    told = told.assign(cover_days=order.cover_days, basis=basis)
    said = pd.Series([_reason(row, at) for row in told.to_dict("records")], index=told.index, dtype=object)
    told = told.assign(
        reason_zh=said.map(lambda say: say.zh),
        reason_en=said.map(lambda say: say.en),
        lasts=told["pieces"] / told["daily"].clip(lower=1e-9),
    )
    told = told.sort_values(["quantity", "lasts", "product_id"], ascending=[False, True, True], ignore_index=True)
    return told[_COLUMNS]


_COLUMNS = [
    "product_id", "at_on", "pieces", "counted_on", "daily", "cover_days", "service", "needed", "quantity", "basis", "reason_zh", "reason_en",
]  # fmt: skip


def _refuse_unfit(forecasts: pd.DataFrame, order: Order, at: date) -> None:
    missing = [name for name in NEEDS if name not in forecasts.columns]
    if missing:
        raise MissingColumns(
            Say(f"预测缺少列：{listed(missing)}。", f"The forecasts lack columns: {listed(missing)}."),
            got=listed(forecasts.columns),
            fix=Say(f"需要的列：{listed(NEEDS)}。", f"Needed are: {listed(NEEDS)}."),
        )
    if len(forecasts) and not np.isfinite(forecasts[["value", "low", "high"]].to_numpy("float64")).all():
        raise DataError(
            Say("预测里有不是有限数的值。", "The forecasts hold a figure that is not finite."),
            fix=Say("去掉这些行，或重新预测。", "Leave those rows out, or forecast again."),
        )
    until = at + timedelta(days=order.cover_days - 1)
    if len(forecasts) and pd.to_datetime(forecasts["at"]).max() < pd.Timestamp(until):
        raise DataError(
            Say("预测没有覆盖到下一批货到的那天。", "The forecasts end before the next order arrives."),
            got=pd.to_datetime(forecasts["at"]).max().date(),
            fix=Say(f"预测到 {until}，或缩短 stock.lead_days。", f"Forecast up to {until}, or shorten stock.lead_days."),
        )


def _service(rows: pd.DataFrame, order: Order) -> list[float]:
    """The service level of each product: the newsvendor's where price and cost are known, else the setting."""
    if not {"price", "cost"} <= set(rows.columns):
        return [order.service] * len(rows)
    return [
        service_level(price, cost, holding_share=order.holding_share) if pd.notna(price) and pd.notna(cost) and cost > 0 else order.service
        for price, cost in zip(rows["price"], rows["cost"], strict=True)
    ]


def _quantile(mean: np.ndarray, variance: np.ndarray, service: np.ndarray) -> np.ndarray:
    """Pieces that are not exceeded with the chance: of a negative binomial where days vary more than Poisson, else of a normal."""
    from scipy.stats import nbinom, norm

    loose = variance > mean * (1 + 1e-9)
    size = np.where(loose, mean**2 / np.maximum(variance - mean, 1e-12), 1.0)
    wide = nbinom.ppf(service, np.maximum(size, 1e-12), np.maximum(size, 1e-12) / (np.maximum(size, 1e-12) + np.maximum(mean, 1e-12)))
    tight = np.ceil(mean + norm.ppf(service) * np.sqrt(np.maximum(variance, 0.0)))
    return np.asarray(np.where(mean <= 0, 0.0, np.where(loose, wide, np.maximum(tight, 0.0))), dtype=np.float64)


def _reason(row: dict[str, object], at: date) -> Say:
    words = _ORDER if int(str(row["quantity"])) else _ENOUGH
    told = words.fill(
        pieces=f"{float(str(row['pieces'])):,.0f}", days=row["cover_days"], needed=f"{float(str(row['needed'])):,.0f}",
        service=f"{float(str(row['service'])):.0%}", quantity=f"{int(str(row['quantity'])):,}",
    )  # fmt: skip
    basis = _BASIS[str(row["basis"])]
    parts = [told, Say(f"（{basis.zh}）", f"({basis.en})")]
    age = (pd.Timestamp(at) - pd.Timestamp(str(row["counted_on"]))).days
    if age > _STALE_DAYS:
        parts.append(_OLD.fill(days=age))
    return Say("".join(part.zh for part in parts), " ".join(part.en for part in parts))
