"""The series that forecasts are measured on: only the published training parts; the benchmark hides the last horizon of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["SETS", "Set"]

Table = pd.DataFrame
USUAL = ("seasonal naive", "AutoETS", "AutoTheta")
HOURLY = ("seasonal naive", "AutoETS", "LightGBM with lags")


@dataclass(frozen=True)
class Set:
    """Where the table is, the season that MASE divides by, the peers, and how many series are drawn (None: all)."""

    read: Callable[[Path], tuple[Table, int]]
    season: int
    peers: tuple[str, ...] = USUAL
    most: int | None = None


def competition(folder: str, period: str) -> Callable[[Path], tuple[Table, int]]:
    def read(data: Path) -> tuple[Table, int]:
        about = pd.read_parquet(data / folder / "series.parquet")
        about = about[about["period"] == period]
        rows = pd.read_parquet(data / folder / "train.parquet")
        rows = rows[rows["series_id"].isin(about["series_id"])]
        return rows.set_axis(["series", "at", "value"], axis=1), int(about["h"].iloc[0])

    return read


def m4(part: str, horizon: int) -> Callable[[Path], tuple[Table, int]]:
    def read(data: Path) -> tuple[Table, int]:
        return pd.read_parquet(data / "m4_hourly_weekly" / f"{part}_train.parquet").set_axis(["series", "at", "value"], axis=1), horizon

    return read


def recruit(data: Path) -> tuple[Table, int]:
    folder = data / "recruit_restaurant_visitors"
    days = pd.read_parquet(folder / "date_info.parquet").assign(at=lambda rows: pd.to_datetime(rows["calendar_date"]))
    visits = pd.read_parquet(folder / "visits.parquet").set_axis(["series", "at", "value"], axis=1)
    return visits.merge(days[["at", "holiday_flg"]], on="at"), 39


def bike(data: Path) -> tuple[Table, int]:
    rows = pd.read_parquet(data / "bike_sharing_hourly" / "demand.parquet").drop(columns="date")
    return rows.rename(columns={"ts": "at", "count": "value"}).assign(series="bike"), 672


def metro(data: Path) -> tuple[Table, int]:
    rows = pd.read_parquet(data / "metro_traffic_weather_holiday" / "traffic.parquet")
    return rows.rename(columns={"date_time": "at", "traffic_volume": "value"}).drop_duplicates("at").assign(series="metro"), 672


def journey(data: Path) -> tuple[Table, int]:
    """Pieces a day of each category with a sale on at least 60 days; days without a sale are zeros. Fuel is sold by volume: not here."""
    lines = pd.read_parquet(data / "complete_journey" / "transactions.parquet", columns=["product_id", "quantity", "transaction_timestamp"])
    kinds = pd.read_parquet(data / "complete_journey" / "products.parquet", columns=["product_id", "product_category"])
    lines = lines[lines["quantity"] <= 100].merge(kinds, on="product_id").dropna(subset=["product_category"])
    wide = lines.groupby([lines["transaction_timestamp"].dt.normalize(), "product_category"])["quantity"].sum().unstack()
    wide = wide.loc[:, wide.notna().sum() >= 60].asfreq("D").fillna(0.0)
    return wide.rename_axis("at").reset_index().melt("at", var_name="series", value_name="value"), 28


def daily_30k(data: Path) -> tuple[Table, int]:
    """30 000 items: those of Online Retail II drawn again and again, each day redrawn from a Poisson about its sales times a gamma."""
    lines = pd.read_parquet(data / "online_retail_ii" / "transactions.parquet", columns=["stock_code", "quantity", "invoice_date"])
    lines = lines[lines["quantity"] > 0]
    sold = lines.groupby(["stock_code", lines["invoice_date"].dt.normalize()])["quantity"].sum().clip(upper=500).unstack()
    sold = sold[sold.notna().sum(axis=1) >= 60].T.asfreq("D").T
    values = sold.to_numpy(dtype=np.float32)
    begun = np.isfinite(values).argmax(axis=1)
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(values), 30_000)
    again = rng.poisson(np.nan_to_num(values)[drawn] * rng.gamma(4, 0.25, (len(drawn), values.shape[1]))).astype(np.float32)
    row, column = np.nonzero(np.arange(values.shape[1])[None, :] >= begun[drawn][:, None])
    return pd.DataFrame({"series": row.astype(np.int32), "at": sold.columns.to_numpy()[column], "value": again[row, column]}), 28


SETS = {
    "m3_yearly": Set(competition("m3", "YEARLY"), 1),
    "m3_quarterly": Set(competition("m3", "QUARTERLY"), 4, most=300),
    "m3_monthly": Set(competition("m3", "MONTHLY"), 12, most=200),
    "m3_other": Set(competition("m3", "OTHER"), 1),
    "tourism_yearly": Set(competition("tourism", "YEARLY"), 1),
    "tourism_quarterly": Set(competition("tourism", "QUARTERLY"), 4, most=150),
    "tourism_monthly": Set(competition("tourism", "MONTHLY"), 12, most=60),
    "m4_hourly": Set(m4("hourly", 48), 24),
    "m4_weekly": Set(m4("weekly", 13), 1),
    "recruit": Set(recruit, 7, HOURLY, most=200),
    "bike": Set(bike, 24, HOURLY),
    "metro": Set(metro, 24, HOURLY),
    "journey": Set(journey, 7),
    "daily_30k": Set(daily_30k, 7),
}
